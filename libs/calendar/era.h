#ifndef MYNUMBER_LIBS_CALENDAR_ERA_H_
#define MYNUMBER_LIBS_CALENDAR_ERA_H_

#include <optional>
#include <string>
#include <string_view>

#include "libs/calendar/day.h"

namespace mynumber::calendar {

// A year of an era. The day on which an era begins belongs to the new one.
struct EraYear {
  std::string_view era;             // "令和"
  std::string_view era_in_english;  // "Reiwa"
  int year;                         // from 1
};

// 明治6 (1873, the first year of the Gregorian calendar in Japan) to 令和; nothing before.
std::optional<EraYear> EraYearOf(Day day);

// "令和8年11月27日" as on official papers, "令和元年5月1日" in an era's first year. A day before 1873 is written by the
// western year: "西暦1872年12月31日".
std::string FormatInEra(Day day);

// "2026年11月27日".
std::string FormatInWesternYear(Day day);

}  // namespace mynumber::calendar

#endif  // MYNUMBER_LIBS_CALENDAR_ERA_H_
