#include "libs/calendar/birthday.h"

#include <gtest/gtest.h>

namespace mynumber::calendar {
namespace {

TEST(BirthdayTest, BirthdaysAreCountedFromTheDayAfter) {
  const Day birth(1990, 4, 1);
  EXPECT_EQ(BirthdayAfter(birth, Day(2026, 3, 31), 1), Day(2026, 4, 1));
  EXPECT_EQ(BirthdayAfter(birth, Day(2026, 4, 1), 1), Day(2027, 4, 1)) << "the day itself does not count";
  EXPECT_EQ(BirthdayAfter(birth, Day(2026, 4, 2), 1), Day(2027, 4, 1));
  EXPECT_EQ(BirthdayAfter(birth, Day(2026, 11, 27), 10), Day(2036, 4, 1));
  EXPECT_EQ(BirthdayAfter(birth, Day(2026, 12, 31), 5), Day(2031, 4, 1));
  EXPECT_EQ(BirthdayAfter(birth, birth, 1), Day(1991, 4, 1)) << "the day of birth is no birthday";
  EXPECT_EQ(BirthdayAfter(Day(2026, 1, 1), Day(2026, 12, 31), 1), Day(2027, 1, 1));
  EXPECT_EQ(BirthdayAfter(Day(2025, 12, 31), Day(2026, 1, 1), 1), Day(2026, 12, 31));
}

TEST(BirthdayTest, BornOn29February) {
  const Day birth(2004, 2, 29);
  EXPECT_EQ(BirthdayAfter(birth, Day(2026, 2, 27), 1), Day(2026, 2, 28));
  EXPECT_EQ(BirthdayAfter(birth, Day(2026, 2, 28), 1), Day(2027, 2, 28));
  EXPECT_EQ(BirthdayAfter(birth, Day(2026, 2, 28), 2), Day(2028, 2, 29));
  EXPECT_EQ(BirthdayAfter(birth, Day(2028, 2, 28), 1), Day(2028, 2, 29));
  EXPECT_EQ(BirthdayAfter(birth, Day(2028, 2, 29), 1), Day(2029, 2, 28));
  EXPECT_EQ(BirthdayAfter(birth, Day(2096, 3, 1), 4), Day(2100, 2, 28)) << "no leap year";
  EXPECT_EQ(BirthdayAfter(birth, birth, 1), Day(2005, 2, 28));
}

TEST(BirthdayTest, AgesAreReachedOnTheBirthday) {
  const Day birth(1990, 4, 1);
  EXPECT_EQ(AgeOn(birth, birth), 0);
  EXPECT_EQ(AgeOn(birth, Day(1991, 3, 31)), 0);
  EXPECT_EQ(AgeOn(birth, Day(1991, 4, 1)), 1);
  EXPECT_EQ(AgeOn(birth, Day(2026, 3, 31)), 35);
  EXPECT_EQ(AgeOn(birth, Day(2026, 12, 31)), 36);
  const Day leap(2008, 2, 29);
  EXPECT_EQ(AgeOn(leap, Day(2026, 2, 27)), 17);
  EXPECT_EQ(AgeOn(leap, Day(2026, 2, 28)), 18);
  EXPECT_EQ(AgeOn(leap, Day(2028, 2, 28)), 19);
  EXPECT_EQ(AgeOn(leap, Day(2028, 2, 29)), 20);
}

TEST(BirthdayTest, EachBirthdayMakesOneYearOlder) {
  for (Day birth : {Day(2000, 2, 28), Day(2000, 2, 29), Day(2000, 3, 1), Day(2001, 12, 31), Day(2001, 1, 1)}) {
    Day next = BirthdayAfter(birth, birth, 1);
    for (Day day = birth; day <= Day(2110, 1, 1); ++day) {
      const bool is_birthday = day == next;
      if (is_birthday) {
        ASSERT_EQ(AgeOn(birth, day), AgeOn(birth, day - 1) + 1) << day;
        next = BirthdayAfter(birth, day, 1);
      } else if (day > birth) {
        ASSERT_EQ(AgeOn(birth, day), AgeOn(birth, day - 1)) << day;
      }
      ASSERT_EQ(BirthdayAfter(birth, day, 1), next) << day;
      ASSERT_EQ(AgeOn(birth, BirthdayAfter(birth, day, 10)), AgeOn(birth, day) + 10) << day;
    }
  }
}

TEST(BirthdayDeathTest, NothingIsBeforeTheBirth) {
  EXPECT_DEATH(BirthdayAfter(Day(2026, 1, 2), Day(2026, 1, 1), 1), "follow the birth");
  EXPECT_DEATH(BirthdayAfter(Day(2026, 1, 2), Day(2026, 1, 2), 0), "follow the birth");
  EXPECT_DEATH(AgeOn(Day(2026, 1, 2), Day(2026, 1, 1)), "before the birth");
}

}  // namespace
}  // namespace mynumber::calendar
