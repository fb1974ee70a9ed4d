#ifndef MYNUMBER_LIBS_CALENDAR_DATE_H_
#define MYNUMBER_LIBS_CALENDAR_DATE_H_

#include <cstdint>
#include <optional>

#include "libs/calendar/day.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::calendar {

// Days as messages carry them.
type::Date ToDate(Day day);
// Nothing if there is no such day; a date that was never set is none.
std::optional<Day> ToDay(const type::Date& date);

// ToDate(DayInTokyo(micros)).
type::Date DateInTokyo(int64_t micros);

// The order of dates: year * 10000 + month * 100 + day, of dates that exist.
inline int32_t DayNumber(const type::Date& date) { return date.year() * 10000 + date.month() * 100 + date.day(); }

}  // namespace mynumber::calendar

#endif  // MYNUMBER_LIBS_CALENDAR_DATE_H_
