#include "libs/identifiers/damm_digit.h"

#include <gtest/gtest.h>

namespace mynumber::identifiers {
namespace {

TEST(DammDigitTest, IsThatOfThePublishedExamples) {
  EXPECT_EQ(DammDigit("572"), 4);
  EXPECT_EQ(DammDigit("5724"), 0) << "digits with their check digit come to zero";
  EXPECT_EQ(DammDigit("43881234567"), 9) << "another one";
}

}  // namespace
}  // namespace mynumber::identifiers
