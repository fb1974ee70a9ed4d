#include "libs/identifiers/resource_name.h"

#include <gtest/gtest.h>

namespace mynumber::identifiers {
namespace {

constexpr OpaqueId kId = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                          0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
constexpr std::string_view kName = "residents/00112233445566778899aabbccddeeff";

TEST(ResourceNameTest, NameAndIdAreOne) {
  EXPECT_EQ(FormatResourceName("residents", kId), kName);
  EXPECT_EQ(ParseResourceName("residents", kName), kId);
}

TEST(ResourceNameTest, OneIdHasOneName) {
  for (std::string_view name :
       {"", "residents/", "residents/00112233445566778899aabbccddeef",
        "residents/00112233445566778899aabbccddeeff0", "residents/00112233445566778899AABBCCDDEEFF",
        "residents/00112233445566778899aabbccddeefg", "residents:00112233445566778899aabbccddeeff",
        "residentz/00112233445566778899aabbccddeeff", "notices/00112233445566778899aabbccddeeff",
        "residents/0011223344556677-899aabbccddeeff"}) {
    EXPECT_FALSE(ParseResourceName("residents", name).has_value()) << name;
  }
  EXPECT_FALSE(ParseResourceName("cards", kName).has_value());
}

}  // namespace
}  // namespace mynumber::identifiers
