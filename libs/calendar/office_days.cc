#include "libs/calendar/office_days.h"

#include <algorithm>
#include <iterator>

namespace mynumber::calendar {
namespace {

constexpr Holiday kHolidays[] = {
#include "libs/calendar/holiday_rows.inc"
};

}  // namespace

const Holiday* FindHoliday(Day day) {
  const int32_t number = DayNumber(day);
  const auto* found = std::lower_bound(std::begin(kHolidays), std::end(kHolidays), number,
                                       [](const Holiday& holiday, int32_t n) { return holiday.day_number < n; });
  return found != std::end(kHolidays) && found->day_number == number ? found : nullptr;
}

bool IsYearEndClosure(Day day) {
  return (day.month() == 12 && day.day() >= 29) || (day.month() == 1 && day.day() <= 3);
}

bool IsOfficeDay(Day day) { return !IsWeekend(day) && !IsYearEndClosure(day) && FindHoliday(day) == nullptr; }

Day OfficeDayFrom(Day day) {
  while (!IsOfficeDay(day)) ++day;
  return day;
}

Day NextOfficeDay(Day day) { return OfficeDayFrom(day + 1); }

}  // namespace mynumber::calendar
