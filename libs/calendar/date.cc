#include "libs/calendar/date.h"

namespace mynumber::calendar {

type::Date ToDate(Day day) {
  type::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

std::optional<Day> ToDay(const type::Date& date) { return MakeDay(date.year(), date.month(), date.day()); }

type::Date DateInTokyo(int64_t micros) { return ToDate(DayInTokyo(micros)); }

}  // namespace mynumber::calendar
