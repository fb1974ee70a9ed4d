#include "tests/fuzz/law.h"

#include <gtest/gtest.h>

namespace mynumber::fuzz {
namespace {

TEST(LawTest, ABrokenLawEndsTheProcessAndIsNamed) {
  Holds(true, "nothing happens");
  EXPECT_DEATH(Holds(false, "two and two are four"), "does not hold: two and two are four");
}

TEST(LawTest, InputsAreTakenFromTheFront) {
  std::string_view input = "\x02one|two";
  EXPECT_EQ(TakeByte(&input), 2);
  EXPECT_EQ(TakeUntil(&input, '|'), "one");
  EXPECT_EQ(TakeUntil(&input, '|'), "two");
  EXPECT_EQ(TakeUntil(&input, '|'), "");
  EXPECT_EQ(TakeByte(&input), 0);
}

}  // namespace
}  // namespace mynumber::fuzz
