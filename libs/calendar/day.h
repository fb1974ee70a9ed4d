#ifndef MYNUMBER_LIBS_CALENDAR_DAY_H_
#define MYNUMBER_LIBS_CALENDAR_DAY_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/time/civil_time.h"

namespace mynumber::calendar {

// A day of the Gregorian calendar, as it is counted in Japan. Abseil's own: compares, adds and subtracts days. Make one
// of foreign numbers by MakeDay, since the constructor takes 31 April for 1 May.
using Day = absl::CivilDay;

// Nothing if there is no such day. Years 1 to 9999.
std::optional<Day> MakeDay(int64_t year, int64_t month, int64_t day);

// The latest day with this month and day that is not after `by`: what a text without a year means. Nothing if no year
// has such a day. 29 February may lie eight years back.
std::optional<Day> LatestUntil(Day by, int month, int day);

// Moments are microseconds since 1970 (UTC). Asia/Tokyo is UTC+9 and has no summer time (it had one from 1948 to 1951,
// before every moment that this system knows), so no table of time zones is asked.
Day DayInTokyo(int64_t micros);
// The moment at which the day begins in Tokyo. A day is over when the next one begins.
int64_t StartOfDayMicros(Day day);
// Since the day began in Tokyo: 0 to 1439.
int MinuteOfDayInTokyo(int64_t micros);

// year * 10000 + month * 100 + day.
int32_t DayNumber(Day day);

// Saturday or Sunday.
bool IsWeekend(Day day);

// "金曜日", "Friday".
std::string_view WeekdayName(Day day);
std::string_view WeekdayNameInEnglish(Day day);

}  // namespace mynumber::calendar

#endif  // MYNUMBER_LIBS_CALENDAR_DAY_H_
