#include "libs/calendar/limit_day.h"

#include <cassert>

namespace mynumber::calendar {

Day LimitDay(Day event, int days) {
  assert(days >= 0 && "a limit lies after its event");
  return event + days;
}

Day LimitDayAfterMonths(Day event, int months) {
  assert(months >= 0 && "a limit lies after its event");
  const Day first = event + 1;
  const absl::CivilMonth month = absl::CivilMonth(first) + months;
  const Day last_of_month = Day(month + 1) - 1;
  if (first.day() > last_of_month.day()) return last_of_month;
  return Day(month.year(), month.month(), first.day()) - 1;
}

}  // namespace mynumber::calendar
