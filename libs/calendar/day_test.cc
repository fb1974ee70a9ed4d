#include "libs/calendar/day.h"

#include <gtest/gtest.h>

#include <limits>
#include <tuple>

#include "libs/calendar/date.h"

namespace mynumber::calendar {
namespace {

constexpr int64_t kMicrosPerDay = int64_t{86400} * 1'000'000;

TEST(MakeDayTest, ADayThatDoesNotExistIsNone) {
  constexpr int64_t kHuge = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(MakeDay(2024, 2, 29), Day(2024, 2, 29));
  EXPECT_EQ(MakeDay(2000, 2, 29), Day(2000, 2, 29));
  EXPECT_EQ(MakeDay(1, 1, 1), Day(1, 1, 1));
  EXPECT_EQ(MakeDay(9999, 12, 31), Day(9999, 12, 31));
  using Parts = std::tuple<int64_t, int64_t, int64_t>;
  for (const auto& [year, month, day] :
       {Parts{2023, 2, 29}, {1900, 2, 29}, {2026, 4, 31}, {2026, 13, 1}, {2026, 0, 1}, {2026, 1, 0}, {2026, 1, 32},
        {0, 1, 1}, {-1, 1, 1}, {10000, 1, 1}, {2026, -1, 1}, {2026, 1, -1}, {kHuge, 1, 1}, {2026, kHuge, kHuge},
        {-kHuge, -kHuge, -kHuge}}) {
    EXPECT_FALSE(MakeDay(year, month, day)) << year << "-" << month << "-" << day;
  }
}

TEST(DayInTokyoTest, BeginsNineHoursBeforeUtcs) {
  const auto day = [](int64_t seconds) { return DayNumber(DayInTokyo(seconds * 1'000'000)); };
  constexpr int64_t kMidnightUtc = 1'795'564'800;  // 2026-11-25
  EXPECT_EQ(day(kMidnightUtc - 9 * 3600 - 1), 20261124);
  EXPECT_EQ(day(kMidnightUtc - 9 * 3600), 20261125);
  EXPECT_EQ(day(kMidnightUtc + 15 * 3600 - 1), 20261125);
  EXPECT_EQ(day(kMidnightUtc + 15 * 3600), 20261126);
  EXPECT_EQ(DayNumber(DayInTokyo((kMidnightUtc - 9 * 3600) * 1'000'000 - 1)), 20261124);
  EXPECT_EQ(day(951'836'400 - 1), 20000229);
  EXPECT_EQ(day(951'836'400), 20000301);
  EXPECT_EQ(day(0), 19700101);
  EXPECT_EQ(day(-9 * 3600), 19700101);
  EXPECT_EQ(day(-9 * 3600 - 1), 19691231);
}

TEST(DayInTokyoTest, EveryMomentHasADay) {
  using Limits = std::numeric_limits<int64_t>;
  EXPECT_LT(DayInTokyo(Limits::min()), DayInTokyo(Limits::max()));
  EXPECT_GE(MinuteOfDayInTokyo(Limits::min()), 0);
  EXPECT_LT(MinuteOfDayInTokyo(Limits::max()), 1440);
}

TEST(DayInTokyoTest, EveryDayOfHalfACenturyIsTwentyFourHours) {
  for (Day day(2000, 1, 1); day <= Day(2050, 12, 31); ++day) {
    const int64_t start = StartOfDayMicros(day);
    ASSERT_EQ(DayInTokyo(start), day);
    ASSERT_EQ(DayInTokyo(start - 1), day - 1);
    ASSERT_EQ(DayInTokyo(start + kMicrosPerDay - 1), day);
    ASSERT_EQ(StartOfDayMicros(day + 1), start + kMicrosPerDay);
    ASSERT_EQ(MinuteOfDayInTokyo(start), 0);
    ASSERT_EQ(MinuteOfDayInTokyo(start - 1), 1439);
    ASSERT_EQ(ToDay(ToDate(day)), day);
    ASSERT_EQ(DayNumber(ToDate(day)), DayNumber(day));
    ASSERT_LT(DayNumber(day), DayNumber(day + 1));
  }
}

TEST(DateTest, IsTheDayInTokyo) {
  EXPECT_EQ(DayNumber(DateInTokyo(1'795'564'800ll * 1'000'000 - 9ll * 3600 * 1'000'000)), 20261125);
  EXPECT_FALSE(ToDay(type::Date())) << "a date that was never set";
  type::Date impossible = ToDate(Day(2026, 4, 30));
  impossible.set_day(31);
  EXPECT_FALSE(ToDay(impossible));
}

TEST(LatestUntilTest, IsThisYearOrTheLast) {
  EXPECT_EQ(LatestUntil(Day(2026, 11, 27), 11, 27), Day(2026, 11, 27));
  EXPECT_EQ(LatestUntil(Day(2026, 11, 27), 11, 28), Day(2025, 11, 28));
  EXPECT_EQ(LatestUntil(Day(2027, 1, 3), 12, 31), Day(2026, 12, 31));
  EXPECT_EQ(LatestUntil(Day(2027, 3, 1), 2, 29), Day(2024, 2, 29));
  EXPECT_EQ(LatestUntil(Day(1904, 2, 28), 2, 29), Day(1896, 2, 29));
  EXPECT_FALSE(LatestUntil(Day(2026, 11, 27), 2, 30));
  EXPECT_FALSE(LatestUntil(Day(2026, 11, 27), 13, 1));
  EXPECT_FALSE(LatestUntil(Day(2, 1, 1), 2, 29)) << "before the first year";
}

TEST(WeekdayTest, NamesGoRound) {
  EXPECT_EQ(WeekdayName(Day(2026, 11, 27)), "金曜日");
  EXPECT_EQ(WeekdayNameInEnglish(Day(2026, 11, 27)), "Friday");
  EXPECT_EQ(WeekdayName(Day(2026, 11, 29)), "日曜日");
  for (Day day(2000, 1, 1); day <= Day(2050, 12, 31); ++day) {
    ASSERT_EQ(WeekdayName(day), WeekdayName(day + 7));
    ASSERT_NE(WeekdayNameInEnglish(day), WeekdayNameInEnglish(day + 1));
    ASSERT_EQ(IsWeekend(day), WeekdayNameInEnglish(day).front() == 'S');
  }
}

}  // namespace
}  // namespace mynumber::calendar
