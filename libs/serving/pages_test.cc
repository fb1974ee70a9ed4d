#include "libs/serving/pages.h"

#include <gtest/gtest.h>

namespace mynumber::serving {
namespace {

TEST(PagesTest, ATokenComesBackAsItWasSent) {
  const std::string bytes("\x00\xff\x10", 3);
  EXPECT_EQ(FormatPageToken(bytes), "00ff10");
  EXPECT_EQ(ParsePageToken("00ff10"), bytes);
  for (const char* other : {"00FF10", "0", "zz", "00ff1", " 00"}) EXPECT_FALSE(ParsePageToken(other)) << other;
}

TEST(PagesTest, APageHasFiftyRowsOrAsManyAsAskedUpToAThousand) {
  EXPECT_EQ(PageSize(0), 50);
  EXPECT_EQ(PageSize(7), 7);
  EXPECT_EQ(PageSize(5000), 1000);
}

TEST(PagesTest, ACursorComesBackAsItWasSent) {
  const auto back = ParseCursor(FormatCursor({300, "0123456789abcdef"}), 301, 16);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->partition, 300);
  EXPECT_EQ(back->last, "0123456789abcdef");
  EXPECT_EQ(ParseCursor(FormatCursor({3, ""}), 4, 16)->last, "");
  EXPECT_EQ(ParseCursor("", 4, 16)->partition, 0);
}

TEST(PagesTest, ACursorOfAnotherListIsNone) {
  EXPECT_FALSE(ParseCursor(FormatCursor({4, ""}), 4, 16));
  EXPECT_FALSE(ParseCursor(FormatCursor({0, "short"}), 4, 16));
  EXPECT_FALSE(ParseCursor("00", 4, 16));
  EXPECT_FALSE(ParseCursor("next", 4, 16));
}

}  // namespace
}  // namespace mynumber::serving
