#include "libs/calendar/day.h"

namespace mynumber::calendar {
namespace {

constexpr int64_t kMicrosPerMinute = int64_t{60} * 1'000'000;
constexpr int64_t kMicrosPerDay = 24 * 60 * kMicrosPerMinute;
constexpr int64_t kAheadOfUtcMicros = 9 * 60 * kMicrosPerMinute;
constexpr int kMinutesPerDay = 24 * 60;
// The longest time without a 29 February: around a century that is no leap year.
constexpr int kYearsWithoutLeapDayMax = 8;

const Day kEpoch(1970, 1, 1);

int64_t FloorDivide(int64_t value, int64_t divisor) {
  const int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

// Floors before it adds, so that no moment overflows.
int64_t MinutesInTokyo(int64_t micros) {
  return FloorDivide(micros, kMicrosPerMinute) + kAheadOfUtcMicros / kMicrosPerMinute;
}

int WeekdayFromMonday(Day day) { return static_cast<int>(absl::GetWeekday(day)); }

}  // namespace

std::optional<Day> MakeDay(int64_t year, int64_t month, int64_t day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const Day made(year, month, day);
  if (made.day() != day) return std::nullopt;
  return made;
}

std::optional<Day> LatestUntil(Day by, int month, int day) {
  for (int back = 0; back <= kYearsWithoutLeapDayMax; ++back) {
    const auto made = MakeDay(by.year() - back, month, day);
    if (made && *made <= by) return made;
  }
  return std::nullopt;
}

Day DayInTokyo(int64_t micros) { return kEpoch + FloorDivide(MinutesInTokyo(micros), kMinutesPerDay); }

int64_t StartOfDayMicros(Day day) { return (day - kEpoch) * kMicrosPerDay - kAheadOfUtcMicros; }

int MinuteOfDayInTokyo(int64_t micros) {
  const int64_t minutes = MinutesInTokyo(micros);
  return static_cast<int>(minutes - FloorDivide(minutes, kMinutesPerDay) * kMinutesPerDay);
}

int32_t DayNumber(Day day) { return static_cast<int32_t>(day.year() * 10000 + day.month() * 100 + day.day()); }

bool IsWeekend(Day day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

std::string_view WeekdayName(Day day) {
  constexpr std::string_view kNames[] = {"月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"};
  return kNames[WeekdayFromMonday(day)];
}

std::string_view WeekdayNameInEnglish(Day day) {
  constexpr std::string_view kNames[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  return kNames[WeekdayFromMonday(day)];
}

}  // namespace mynumber::calendar
