#include "libs/identifiers/request_id.h"

#include <gtest/gtest.h>

namespace mynumber::identifiers {
namespace {

constexpr std::string_view kText = "0188f3b2-7c4e-4d1a-9b6f-00ffa5c3e210";

TEST(RequestIdTest, TextAndBytesAreOne) {
  const auto id = ParseRequestId(kText);
  ASSERT_TRUE(id.has_value());
  const RequestId expected = {0x01, 0x88, 0xf3, 0xb2, 0x7c, 0x4e, 0x4d, 0x1a,
                              0x9b, 0x6f, 0x00, 0xff, 0xa5, 0xc3, 0xe2, 0x10};
  EXPECT_EQ(*id, expected);
  EXPECT_EQ(FormatRequestId(*id), kText);
}

TEST(RequestIdTest, UpperCaseIsTheSameId) {
  EXPECT_EQ(ParseRequestId("0188F3B2-7C4E-4D1A-9B6F-00FFA5C3E210"), ParseRequestId(kText));
}

TEST(RequestIdTest, AnythingElseIsRefused) {
  for (std::string_view text :
       {"", "0188f3b2-7c4e-4d1a-9b6f-00ffa5c3e21", "0188f3b2-7c4e-4d1a-9b6f-00ffa5c3e2100",
        "0188f3b27c4e4d1a9b6f00ffa5c3e210", "{0188f3b2-7c4e-4d1a-9b6f-00ffa5c3e2}",
        "0188f3b2-7c4e-4d1a-9b6f-00ffa5c3e21g", "0188f3b27-c4e-4d1a-9b6f-00ffa5c3e210",
        "0188f3b2-7c4e-4d1a-9b6f-00ffa5c3e2 0", "0188f3b2-7c4e-4d1a-9b6f+00ffa5c3e210",
        "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_FALSE(ParseRequestId(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace mynumber::identifiers
