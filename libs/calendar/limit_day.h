#ifndef MYNUMBER_LIBS_CALENDAR_LIMIT_DAY_H_
#define MYNUMBER_LIBS_CALENDAR_LIMIT_DAY_H_

#include "libs/calendar/day.h"

namespace mynumber::calendar {

// How long the post office keeps Simple Registered Mail after an attempt in vain: seven days, up to ten if the
// addressee asks (docs/domain.md B.5). Weekends and holidays count.
constexpr int kStorageDays = 7;
constexpr int kStorageDaysMax = 10;

// The last day of so many days, counted from the day after `event`; the limit day itself still counts. Seven days from
// a Wednesday end with the next Wednesday. days >= 0.
Day LimitDay(Day event, int days);

// The last day of so many months, counted from the day after `event` (Civil Code art. 140 and 143): the day before the
// one that corresponds to that first day, or the month's last day if there is no such day. 15 January and three months:
// 15 April. 30 November and three months: the last of February. 28 February 2026 and three months: 31 May, since the
// months run from 1 March. Never earlier than the same day of the month. months >= 0.
Day LimitDayAfterMonths(Day event, int months);

}  // namespace mynumber::calendar

#endif  // MYNUMBER_LIBS_CALENDAR_LIMIT_DAY_H_
