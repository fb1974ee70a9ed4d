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
  table.Print(out, 0);
  EXPECT_EQ(out.str(),
            "NAME            ROWS  LAST\n"
            "見本 太郎          7  a\n"
            "Sample Hanako  1,234  b\n"
            "ﾊﾝｶｸ              12\n");
}

Table Wide(Fit last) {
  Table table({{"RESIDENT"},
               {"BORN", Align::kLeft, Fit::kDrop},
               {"VERSION", Align::kRight, Fit::kDrop},
               {"NAME", Align::kLeft, last}});
  table.Add({"residents/1", "1980-01-02", "1", "見本 太郎 of a very long name"});
  return table;
}

std::string Print(const Table& table, int columns) {
  std::ostringstream out;
  table.Print(out, columns);
  return out.str();
}

TEST(TableTest, ANarrowTerminalLosesColumnsFromTheRightThenTheRestOfTheLast) {
  const Table table = Wide(Fit::kCut);
  const std::string whole =
      "RESIDENT     BORN        VERSION  NAME\n"
      "residents/1  1980-01-02        1  見本 太郎 of a very long name\n";
  EXPECT_EQ(Print(table, 0), whole);
  EXPECT_EQ(Print(table, 63), whole);
  EXPECT_EQ(Print(table, 62),
            "RESIDENT     BORN        VERSION  NAME\n"
            "residents/1  1980-01-02        1  見本 太郎 of a very long na…\n");
  EXPECT_EQ(Print(table, 45),
            "RESIDENT     BORN        NAME\n"
            "residents/1  1980-01-02  見本 太郎 of a very…\n");
  EXPECT_EQ(Print(table, 35),
            "RESIDENT     NAME\n"
            "residents/1  見本 太郎 of a very l…\n");
  EXPECT_EQ(Print(table, 10),  // what is left wraps
            "RESIDENT     NAME\n"
            "residents/1  見本 太郎 of a …\n");
}

TEST(TableTest, SentencesGoOnInTheNextLine) {
  EXPECT_EQ(Print(Wide(Fit::kWrap), 50),
            "RESIDENT     BORN        VERSION  NAME\n"
            "residents/1  1980-01-02        1  見本 太郎 of a\n"
            "                                  very long name\n");
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
