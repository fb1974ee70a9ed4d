#ifndef MYNUMBER_LIBS_CALENDAR_BIRTHDAY_H_
#define MYNUMBER_LIBS_CALENDAR_BIRTHDAY_H_

#include "libs/calendar/day.h"

namespace mynumber::calendar {

// The nth birthday later than `from`; one on `from` itself does not count. Whoever was born on 29 February has it on 28
// February in a common year: a period that ends on a day that is missing ends with the month's last (Civil Code art.
// 143(2)). Before the birth, or nth below 1, aborts.
Day BirthdayAfter(Day birth, Day from, int nth);

// Whole years on a day; one more from each birthday on, as above. (By the Act on Calculation of Ages a year is full
// when the day before ends, so the birthday is the first day wholly within the new age.) Before the birth aborts.
int AgeOn(Day birth, Day day);

}  // namespace mynumber::calendar

#endif  // MYNUMBER_LIBS_CALENDAR_BIRTHDAY_H_
