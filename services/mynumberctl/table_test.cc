#include "services/mynumberctl/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "services/mynumberctl/progress.h"

namespace mynumber::mynumberctl {
namespace {

TEST(TableTest, AlignsWideAndNarrowCharacters) {
  Table table({{"NAME"}, {"ROWS", Align::kRight}, {"LAST"}});
  table.Add({"見本 太郎", "7", "a"});
  table.Add({"Sample Hanako", "1,234", "b"});
  table.Add({"ﾊﾝｶｸ", "12", ""});
  std::ostringstream out;
  table.Print(out);
  EXPECT_EQ(out.str(),
            "NAME            ROWS  LAST\n"
            "見本 太郎          7  a\n"
            "Sample Hanako  1,234  b\n"
            "ﾊﾝｶｸ              12  \n");
}

TEST(TableTest, WidthsAreThoseOfATerminal) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("漢字"), 4);
  EXPECT_EQ(DisplayWidth("\U00020BB7野"), 4);         // 𠮷, beyond the basic plane
  EXPECT_EQ(DisplayWidth("辻\U000E0100"), 2);         // with a variation selector
  EXPECT_EQ(DisplayWidth("か\u3099"), 2);             // with a combining mark
  EXPECT_EQ(DisplayWidth("Ångström"), 8);
}

TEST(TableTest, NothingSteersTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[31mb\n"), "a\uFFFD[31mb\uFFFD");
  EXPECT_EQ(Printable("a\u202Eb\xFF"), "a\uFFFDb\uFFFD");
  EXPECT_EQ(Printable("辻\U000E0100 \U00020BB7"), "辻\U000E0100 \U00020BB7");
}

TEST(SheetTest, LeavesOutWhatIsEmpty) {
  Sheet sheet;
  sheet.Add("Name", "見本");
  sheet.Add("Alias", "");
  sheet.Add("Birth date", "1980-01-02");
  std::ostringstream out;
  sheet.Print(out);
  EXPECT_EQ(out.str(), "Name        見本\nBirth date  1980-01-02\n");
}

TEST(GroupedTest, EveryThreeDigits) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(124330690), "124,330,690");
}

class ProgressTest : public ::testing::Test {
 protected:
  std::string Draw(bool terminal, int columns, double seconds, uint64_t done, double fraction) {
    std::istringstream in;
    std::ostringstream out, err;
    const Console console{in, out, err, false, false, terminal, columns};
    Progress::Clock::time_point now;
    Progress progress(console, "residents", [&] { return now; });
    progress.Update(done, fraction, "");
    EXPECT_EQ(err.str(), "");  // too soon
    now += std::chrono::milliseconds(static_cast<int>(seconds * 1000));
    progress.Update(done, fraction, "3 refused");
    return err.str();
  }
};

TEST_F(ProgressTest, BarOnATerminal) {
  EXPECT_EQ(Draw(true, 100, 10, 250'000, 0.25),
            "\r\x1b[K[######..................]  25 %  250,000 residents  25,000/s  30 s left  3 refused");
}

TEST_F(ProgressTest, ANarrowTerminalGetsWholePartsAndNoWrap) {
  EXPECT_EQ(Draw(true, 80, 10, 250'000, 0.25), 
            "\r\x1b[K[#####...............]  25 %  250,000 residents  25,000/s  30 s left  3 refused");
  EXPECT_EQ(Draw(true, 40, 10, 250'000, 0.25), "\r\x1b[K 25 %  250,000 residents  25,000/s");
  EXPECT_EQ(Draw(true, 35, 10, 250'000, 0.25), "\r\x1b[K 25 %  250,000 residents  25,000/s");
  EXPECT_EQ(Draw(true, 34, 10, 250'000, 0.25), "\r\x1b[K 25 %  250,000 residents");
  EXPECT_EQ(Draw(true, 5, 10, 250'000, 0.25), "\r\x1b[K");
}

TEST_F(ProgressTest, PlainLinesElsewhere) {
  EXPECT_EQ(Draw(false, 80, 4, 1000, 0.5), "");
  EXPECT_EQ(Draw(false, 80, 5, 1000, 0.5), " 50 %  1,000 residents  200/s  5 s left  3 refused\n");
  EXPECT_EQ(Draw(false, 80, 5, 1000, -1), "1,000 residents  200/s  3 refused\n");
}

TEST(ShowDurationTest, InTwoUnitsAtMost) {
  EXPECT_EQ(ShowDuration(0.2), "1 s");
  EXPECT_EQ(ShowDuration(59), "59 s");
  EXPECT_EQ(ShowDuration(61), "1 min 1 s");
  EXPECT_EQ(ShowDuration(3700), "1 h 1 min");
}

}  // namespace
}  // namespace mynumber::mynumberctl
