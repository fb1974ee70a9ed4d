#include "libs/calendar/era.h"

#include <gtest/gtest.h>

namespace mynumber::calendar {
namespace {

TEST(EraTest, OfficialForm) {
  EXPECT_EQ(FormatInEra(Day(2026, 11, 27)), "令和8年11月27日");
  EXPECT_EQ(FormatInEra(Day(1990, 4, 1)), "平成2年4月1日");
  EXPECT_EQ(FormatInWesternYear(Day(2026, 11, 7)), "2026年11月7日");
}

TEST(EraTest, BordersBelongToTheNewEra) {
  EXPECT_EQ(FormatInEra(Day(2019, 4, 30)), "平成31年4月30日");
  EXPECT_EQ(FormatInEra(Day(2019, 5, 1)), "令和元年5月1日");
  EXPECT_EQ(FormatInEra(Day(2019, 12, 31)), "令和元年12月31日");
  EXPECT_EQ(FormatInEra(Day(2020, 1, 1)), "令和2年1月1日");
  EXPECT_EQ(FormatInEra(Day(1989, 1, 7)), "昭和64年1月7日");
  EXPECT_EQ(FormatInEra(Day(1989, 1, 8)), "平成元年1月8日");
  EXPECT_EQ(FormatInEra(Day(1926, 12, 24)), "大正15年12月24日");
  EXPECT_EQ(FormatInEra(Day(1926, 12, 25)), "昭和元年12月25日");
  EXPECT_EQ(FormatInEra(Day(1912, 7, 29)), "明治45年7月29日");
  EXPECT_EQ(FormatInEra(Day(1912, 7, 30)), "大正元年7月30日");
  EXPECT_EQ(FormatInEra(Day(1873, 1, 1)), "明治6年1月1日");
}

TEST(EraTest, BeforeTheGregorianCalendarThereIsNone) {
  EXPECT_FALSE(EraYearOf(Day(1872, 12, 31)));
  EXPECT_EQ(FormatInEra(Day(1872, 12, 31)), "西暦1872年12月31日");
}

TEST(EraTest, YearsGoOnFromDayToDay) {
  int changes_of_era = 0;
  auto yesterday = EraYearOf(Day(1873, 1, 1));
  for (Day day(1873, 1, 2); day <= Day(2050, 12, 31); ++day) {
    const auto today = EraYearOf(day);
    ASSERT_TRUE(today);
    if (today->era != yesterday->era) {
      ++changes_of_era;
      ASSERT_EQ(today->year, 1);
      ASSERT_NE(today->era_in_english, yesterday->era_in_english);
    } else {
      ASSERT_EQ(today->year - yesterday->year, day.month() == 1 && day.day() == 1 ? 1 : 0) << day;
    }
    yesterday = today;
  }
  EXPECT_EQ(changes_of_era, 4);
  EXPECT_EQ(yesterday->era_in_english, "Reiwa");
  EXPECT_EQ(yesterday->year, 32);
}

}  // namespace
}  // namespace mynumber::calendar
