#include "libs/calendar/limit_day.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mynumber::calendar {
namespace {

TEST(LimitDayTest, SevenDaysFromAWednesdayEndWithTheNextWednesday) {
  const Day attempt(2026, 11, 25);
  EXPECT_EQ(WeekdayNameInEnglish(attempt), "Wednesday");
  EXPECT_EQ(LimitDay(attempt, kStorageDays), Day(2026, 12, 2));
  EXPECT_EQ(LimitDay(attempt, kStorageDaysMax), Day(2026, 12, 5));
  // As printed on a contact form: delivery on 21 April, kept until 28 April.
  EXPECT_EQ(LimitDay(Day(2026, 4, 21), kStorageDays), Day(2026, 4, 28));
  // Holidays and the year's end count.
  EXPECT_EQ(LimitDay(Day(2026, 12, 28), kStorageDays), Day(2027, 1, 4));
  EXPECT_EQ(LimitDay(attempt, 0), attempt);
}

TEST(LimitDayTest, MonthsRunFromTheDayAfter) {
  EXPECT_EQ(LimitDayAfterMonths(Day(2026, 1, 15), 3), Day(2026, 4, 15));
  EXPECT_EQ(LimitDayAfterMonths(Day(2026, 11, 15), 3), Day(2027, 2, 15));
  EXPECT_EQ(LimitDayAfterMonths(Day(2026, 1, 31), 12), Day(2027, 1, 31));
}

TEST(LimitDayTest, MonthsThatEndInAShorterOne) {
  for (int day : {28, 29, 30}) EXPECT_EQ(LimitDayAfterMonths(Day(2026, 11, day), 3), Day(2027, 2, 28)) << day;
  EXPECT_EQ(LimitDayAfterMonths(Day(2027, 11, 28), 3), Day(2028, 2, 28));
  for (int day : {29, 30}) EXPECT_EQ(LimitDayAfterMonths(Day(2027, 11, day), 3), Day(2028, 2, 29)) << day;
  EXPECT_EQ(LimitDayAfterMonths(Day(2026, 3, 30), 1), Day(2026, 4, 30));
}

TEST(LimitDayTest, TheLastDayOfAMonthMakesWholeMonths) {
  EXPECT_EQ(LimitDayAfterMonths(Day(2026, 2, 28), 3), Day(2026, 5, 31));
  EXPECT_EQ(LimitDayAfterMonths(Day(2026, 4, 30), 1), Day(2026, 5, 31));
  EXPECT_EQ(LimitDayAfterMonths(Day(2026, 11, 30), 3), Day(2027, 2, 28));
}

TEST(LimitDayTest, NeverEarlierThanTheSameDayOfTheMonth) {
  for (Day day(2000, 1, 1); day <= Day(2050, 12, 31); ++day) {
    ASSERT_EQ(LimitDay(day, 7), day + 7);
    ASSERT_EQ(LimitDayAfterMonths(day, 0), day);
    for (int months : {1, 3, 12}) {
      const Day limit = LimitDayAfterMonths(day, months);
      const absl::CivilMonth month = absl::CivilMonth(day) + months;
      ASSERT_EQ(absl::CivilMonth(limit), month) << day;
      ASSERT_GE(limit.day(), std::min(day.day(), (Day(month + 1) - 1).day())) << day;
      ASSERT_LE(limit, LimitDayAfterMonths(day + 1, months)) << day;
    }
  }
}

TEST(LimitDayDeathTest, ALimitBeforeItsEventIsABug) { EXPECT_DEATH(LimitDay(Day(2026, 1, 1), -1), "after its event"); }

}  // namespace
}  // namespace mynumber::calendar
