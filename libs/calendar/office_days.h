#ifndef MYNUMBER_LIBS_CALENDAR_OFFICE_DAYS_H_
#define MYNUMBER_LIBS_CALENDAR_OFFICE_DAYS_H_

#include <cstdint>
#include <string_view>

#include "libs/calendar/day.h"

namespace mynumber::calendar {

// A national holiday, substitute holidays (振替休日) and citizens' holidays (国民の休日) included.
struct Holiday {
  int32_t day_number;  // DayNumber
  std::string_view name;
  std::string_view name_in_english;
};

// The table (holidays.csv) goes from 20 July 1948, when the first law took effect, to the end of this year.
constexpr int kLastYearOfHolidays = 2099;

// Null if the day is none, or lies outside the table. Lives for ever.
const Holiday* FindHoliday(Day day);

// 29 December to 3 January: municipal offices are closed (docs/domain.md X2).
bool IsYearEndClosure(Day day);

// Whether municipal offices are open: no weekend, no national holiday, no year-end closure.
bool IsOfficeDay(Day day);

// The first office day that is `day` or later: where a deadline goes that would end on a day without office.
Day OfficeDayFrom(Day day);
// The first office day after `day`.
Day NextOfficeDay(Day day);

}  // namespace mynumber::calendar

#endif  // MYNUMBER_LIBS_CALENDAR_OFFICE_DAYS_H_
