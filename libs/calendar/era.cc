#include "libs/calendar/era.h"

#include "absl/strings/str_cat.h"

namespace mynumber::calendar {
namespace {

struct Era {
  int32_t first_day_number;
  int year_before;  // the western year before its first
  std::string_view name;
  std::string_view name_in_english;
};

// The newest first. Meiji began in 1868; its days are counted here from the Gregorian calendar on.
constexpr Era kEras[] = {
    {20190501, 2018, "令和", "Reiwa"},  {19890108, 1988, "平成", "Heisei"}, {19261225, 1925, "昭和", "Showa"},
    {19120730, 1911, "大正", "Taisho"}, {18730101, 1867, "明治", "Meiji"},
};

}  // namespace

std::optional<EraYear> EraYearOf(Day day) {
  for (const Era& era : kEras) {
    if (DayNumber(day) >= era.first_day_number) {
      return EraYear{era.name, era.name_in_english, static_cast<int>(day.year()) - era.year_before};
    }
  }
  return std::nullopt;
}

std::string FormatInEra(Day day) {
  const auto year = EraYearOf(day);
  if (!year) return absl::StrCat("西暦", FormatInWesternYear(day));
  const std::string number = year->year == 1 ? "元" : absl::StrCat(year->year);
  return absl::StrCat(std::string(year->era), number, "年", day.month(), "月", day.day(), "日");
}

std::string FormatInWesternYear(Day day) {
  return absl::StrCat(day.year(), "年", day.month(), "月", day.day(), "日");
}

}  // namespace mynumber::calendar
