#include "libs/calendar/office_days.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace mynumber::calendar {
namespace {

constexpr std::string_view kSubstitute = "振替休日";
constexpr std::string_view kCitizens = "国民の休日";
const Day kFirst(2000, 1, 1);
const Day kLast(2050, 12, 31);

std::string NameOf(Day day) {
  const Holiday* holiday = FindHoliday(day);
  return holiday == nullptr ? "" : std::string(holiday->name);
}

// One of those that the law names by themselves.
bool IsNamed(Day day) { return !NameOf(day).empty() && NameOf(day) != kSubstitute && NameOf(day) != kCitizens; }

TEST(FindHolidayTest, TheYear2026) {
  const std::map<int, std::string> expected = {
      {20260101, "元日"},       {20260112, "成人の日"},   {20260211, "建国記念の日"}, {20260223, "天皇誕生日"},
      {20260320, "春分の日"},   {20260429, "昭和の日"},   {20260503, "憲法記念日"},   {20260504, "みどりの日"},
      {20260505, "こどもの日"}, {20260506, "振替休日"},   {20260720, "海の日"},       {20260811, "山の日"},
      {20260921, "敬老の日"},   {20260922, "国民の休日"}, {20260923, "秋分の日"},     {20261012, "スポーツの日"},
      {20261103, "文化の日"},   {20261123, "勤労感謝の日"}};
  std::map<int, std::string> found;
  for (Day day(2026, 1, 1); day.year() == 2026; ++day) {
    if (FindHoliday(day) != nullptr) found[DayNumber(day)] = NameOf(day);
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(FindHoliday(Day(2026, 1, 1))->name_in_english, "New Year's Day");
}

TEST(FindHolidayTest, YearsWithLawsOfTheirOwn) {
  // The new emperor, with citizens' holidays around 1 May.
  EXPECT_EQ(NameOf(Day(2019, 4, 30)), kCitizens);
  EXPECT_EQ(NameOf(Day(2019, 5, 1)), "天皇の即位の日");
  EXPECT_EQ(NameOf(Day(2019, 5, 2)), kCitizens);
  EXPECT_NE(NameOf(Day(2019, 10, 22)), "");
  EXPECT_EQ(NameOf(Day(2019, 12, 23)), "") << "no birthday of an emperor in 2019";
  // The games moved three holidays in each of two years.
  EXPECT_EQ(NameOf(Day(2020, 7, 23)), "海の日");
  EXPECT_EQ(NameOf(Day(2020, 7, 24)), "スポーツの日");
  EXPECT_EQ(NameOf(Day(2020, 10, 12)), "");
  EXPECT_EQ(NameOf(Day(2021, 7, 22)), "海の日");
  EXPECT_EQ(NameOf(Day(2021, 8, 8)), "山の日");
  EXPECT_EQ(NameOf(Day(2021, 8, 9)), kSubstitute);
  EXPECT_EQ(NameOf(Day(2021, 8, 11)), "");
}

TEST(FindHolidayTest, TheTableHasTwoEnds) {
  EXPECT_EQ(NameOf(Day(1948, 5, 3)), "") << "before the law took effect";
  EXPECT_EQ(NameOf(Day(1948, 9, 23)), "秋分の日");
  EXPECT_EQ(NameOf(Day(1949, 1, 1)), "元日");
  EXPECT_EQ(NameOf(Day(1973, 2, 12)), "") << "no substitute holidays before 12 April 1973";
  EXPECT_EQ(NameOf(Day(1973, 4, 30)), kSubstitute);
  EXPECT_EQ(NameOf(Day(kLastYearOfHolidays, 11, 23)), "勤労感謝の日");
  EXPECT_EQ(NameOf(Day(kLastYearOfHolidays + 1, 1, 1)), "");
}

// Act on National Holidays art. 3(2): a holiday on a Sunday moves to the next day that is none.
TEST(FindHolidayTest, SubstituteHolidaysFollowTheLaw) {
  for (Day day = kFirst; day <= kLast; ++day) {
    Day before = day - 1;
    // Up to 2006 only the Monday could be one.
    if (day.year() >= 2007) {
      while (IsNamed(before) && WeekdayNameInEnglish(before) != "Sunday") --before;
    }
    const bool due = !IsNamed(day) && IsNamed(before) && WeekdayNameInEnglish(before) == "Sunday";
    ASSERT_EQ(NameOf(day) == kSubstitute, due) << day;
  }
}

// Art. 3(3): a day that is none, between two that are, is one; up to 2006 not on Sundays or substitute holidays.
TEST(FindHolidayTest, CitizensHolidaysFollowTheLaw) {
  for (Day day = kFirst; day <= kLast; ++day) {
    const bool due = !IsNamed(day) && NameOf(day) != kSubstitute && IsNamed(day - 1) && IsNamed(day + 1) &&
                     (day.year() >= 2007 || WeekdayNameInEnglish(day) != "Sunday");
    ASSERT_EQ(NameOf(day) == kCitizens, due) << day;
  }
}

TEST(IsOfficeDayTest, AcrossTheYearsEnd) {
  EXPECT_TRUE(IsOfficeDay(Day(2026, 12, 28)));
  for (Day day(2026, 12, 29); day <= Day(2027, 1, 3); ++day) {
    EXPECT_TRUE(IsYearEndClosure(day));
    EXPECT_FALSE(IsOfficeDay(day)) << day;
  }
  EXPECT_TRUE(IsOfficeDay(Day(2027, 1, 4)));
  EXPECT_EQ(NextOfficeDay(Day(2026, 12, 28)), Day(2027, 1, 4));
  EXPECT_EQ(OfficeDayFrom(Day(2026, 12, 28)), Day(2026, 12, 28));
  EXPECT_EQ(OfficeDayFrom(Day(2026, 12, 29)), Day(2027, 1, 4));
}

TEST(IsOfficeDayTest, AcrossFiveHolidays) {
  // Saturday 19 to Wednesday 23 September 2026.
  EXPECT_EQ(NextOfficeDay(Day(2026, 9, 18)), Day(2026, 9, 24));
  // Ten days in 2019.
  EXPECT_EQ(NextOfficeDay(Day(2019, 4, 26)), Day(2019, 5, 7));
}

TEST(IsOfficeDayTest, EveryDayOfHalfACentury) {
  for (Day day = kFirst; day <= kLast; ++day) {
    const bool closed = IsWeekend(day) || FindHoliday(day) != nullptr || IsYearEndClosure(day);
    ASSERT_EQ(IsOfficeDay(day), !closed);
    const Day next = NextOfficeDay(day);
    ASSERT_GT(next, day);
    ASSERT_TRUE(IsOfficeDay(next));
    ASSERT_LE(next - day, 11) << "no closure was ever longer than ten days";
    for (Day between = day + 1; between < next; ++between) ASSERT_FALSE(IsOfficeDay(between));
    ASSERT_EQ(OfficeDayFrom(day), IsOfficeDay(day) ? day : next);
  }
}

}  // namespace
}  // namespace mynumber::calendar
