#include "services/mynumberctl/display_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mynumber::mynumberctl {
namespace {

using ::testing::ElementsAre;

TEST(DisplayTextTest, WidthsAreThoseOfATerminal) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("漢字"), 4);
  EXPECT_EQ(DisplayWidth("\U00020BB7野"), 4);         // 𠮷, beyond the basic plane
  EXPECT_EQ(DisplayWidth("辻\U000E0100"), 2);         // with a variation selector
  EXPECT_EQ(DisplayWidth("か\u3099"), 2);             // with a combining mark
  EXPECT_EQ(DisplayWidth("Ångström"), 8);
}

TEST(DisplayTextTest, NothingSteersTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[31mb\n"), "a\uFFFD[31mb\uFFFD");
  EXPECT_EQ(Printable("a\u202Eb\xFF"), "a\uFFFDb\uFFFD");
  EXPECT_EQ(Printable("辻\U000E0100 \U00020BB7"), "辻\U000E0100 \U00020BB7");
}

TEST(DisplayTextTest, CutsWholeCharacters) {
  EXPECT_EQ(Cut("見本 太郎", 9), "見本 太郎");
  EXPECT_EQ(Cut("見本 太郎", 8), "見本 太…");
  EXPECT_EQ(Cut("見本 太郎", 7), "見本 …");  // half a kanji does not fit
  EXPECT_EQ(Cut("辻\U000E0100見本", 4), "辻\U000E0100…");
  EXPECT_EQ(Cut("abc", 1), "…");
}

TEST(DisplayTextTest, WrapsAtSpacesAndElseAnywhere) {
  EXPECT_THAT(Wrap("", 10), ElementsAre(""));
  EXPECT_THAT(Wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(Wrap("one two three", 6), ElementsAre("one", "two", "three"));
  EXPECT_THAT(Wrap("見本太郎", 5), ElementsAre("見本", "太郎"));
  EXPECT_THAT(Wrap("abcdef gh", 3), ElementsAre("abc", "def", "gh"));
}

TEST(DisplayTextTest, HelpGoesOnUnderItsDescription) {
  EXPECT_EQ(WrapHelp("Usage: x\n\n  --file TEXT   Where to read it from\n", 36),
            "Usage: x\n\n  --file TEXT   Where to read it\n                from\n");
  EXPECT_EQ(WrapHelp("A sentence that is too long", 20), "A sentence that is\ntoo long");
}

TEST(GroupedTest, EveryThreeDigits) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(124330690), "124,330,690");
}

}  // namespace
}  // namespace mynumber::mynumberctl
