#include "services/hotline/domain/state_open_lines.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "libs/calendar/office_days.h"

namespace mynumber::hotline {
namespace {

using calendar::Day;

constexpr int kMinutesOfDay = 24 * 60;
constexpr int64_t kMicrosOfMinute = 60'000'000;
// Longer than any line keeps to one thing, closures included.
constexpr int kDaysAhead = 14;
constexpr Hours kClosed = {0, 0};

constexpr Hours FromTo(int from_hour, int from_minute, int to_hour, int to_minute) {
  return {from_hour * 60 + from_minute, to_hour * 60 + to_minute};
}

// One row of the leaflet's table.
struct Row {
  std::string_view number;
  LineSubject subject;
  std::vector<std::string_view> languages;
  Hours on_weekdays;
  Hours on_weekends_and_holidays;
  // From 29 December to 3 January.
  bool closes_at_year_end;
  // Outside of its hours it takes suspensions.
  bool suspends_at_every_hour;
};

std::vector<Row> Table(const LineSettings& settings) {
  constexpr Hours kLong = FromTo(9, 30, 20, 0), kShort = FromTo(9, 30, 17, 30);
  constexpr Hours kToSix = FromTo(10, 0, 18, 0), kToSeven = FromTo(10, 0, 19, 0);
  const Hours indonesian = settings.indonesian.value_or(kClosed);
  const auto cards = LineSubject::kCardAndSuspension;
  return {
      {"0120-95-0178", LineSubject::kEverything, {"ja"}, kLong, kShort, true, true},
      {"0120-0178-27", cards, {"en", "zh", "ko", "es", "pt"}, kLong, kLong, false, true},
      {"0120-0178-27", cards, {"th", "ne"}, kToSix, kToSix, false, false},
      {"0120-0178-27", cards, {"id"}, indonesian, indonesian, false, false},
      {"0120-0178-27", cards, {"vi", "tl"}, kToSeven, kToSeven, false, false},
      {"0120-0178-26",
       LineSubject::kSystem,
       {"en", "zh", "ko", "es", "pt", "vi", "th", "id", "tl", "ne"},
       kLong,
       kShort,
       true,
       false},
  };
}

Hours HoursOn(const Row& row, Day day) {
  if (row.closes_at_year_end && calendar::IsYearEndClosure(day)) return kClosed;
  const bool is_short = calendar::IsWeekend(day) || calendar::FindHoliday(day) != nullptr;
  return is_short ? row.on_weekends_and_holidays : row.on_weekdays;
}

Takes TakesAt(const Row& row, Day day, int minute) {
  const Hours hours = HoursOn(row, day);
  if (hours.from_minute <= minute && minute < hours.to_minute) return Takes::kAll;
  return row.suspends_at_every_hour ? Takes::kSuspensionsOnly : Takes::kNothing;
}

// The first moment behind (day, minute) at which what the row takes is as wanted.
template <class Wanted>
std::optional<int64_t> FirstAfter(const Row& row, Day day, int minute, const Wanted& wanted) {
  for (int ahead = 0; ahead <= kDaysAhead; ++ahead) {
    const Day that = day + ahead;
    const Hours hours = HoursOn(row, that);
    for (const int change : {0, hours.from_minute, hours.to_minute}) {
      if (change >= kMinutesOfDay || (ahead == 0 && change <= minute)) continue;
      if (wanted(TakesAt(row, that, change))) return calendar::StartOfDayMicros(that) + change * kMicrosOfMinute;
    }
  }
  return std::nullopt;
}

OpenLine LineOf(const Row& row, std::string_view language, Day day, int minute) {
  OpenLine line;
  line.number = row.number;
  line.language = language;
  line.subject = row.subject;
  const Takes now = TakesAt(row, day, minute);
  line.takes = now;
  line.until_micros = FirstAfter(row, day, minute, [now](Takes then) { return then != now; });
  if (now != Takes::kAll) {
    line.opens_next_micros = FirstAfter(row, day, minute, [](Takes then) { return then == Takes::kAll; });
  }
  return line;
}

}  // namespace

const std::vector<std::string_view>& Languages() {
  static const auto* const kLanguages = new std::vector<std::string_view>{"ja", "en", "zh", "ko", "es", "pt",
                                                                          "th", "ne", "id", "vi", "tl"};
  return *kLanguages;
}

std::optional<std::string_view> FindLanguage(std::string_view tag) {
  std::string primary(tag.substr(0, tag.find_first_of("-_")));
  absl::AsciiStrToLower(&primary);
  if (primary == "fil") primary = "tl";
  const auto& all = Languages();
  const auto found = std::find(all.begin(), all.end(), primary);
  if (found == all.end()) return std::nullopt;
  return *found;
}

OpenLines LinesAt(int64_t micros, std::string_view language, const LineSettings& settings) {
  const Day day = calendar::DayInTokyo(micros);
  const int minute = calendar::MinuteOfDayInTokyo(micros);
  OpenLines open;
  std::vector<OpenLine> others;
  for (const Row& row : Table(settings)) {
    for (const std::string_view spoken : row.languages) {
      const bool is_asked = spoken == language;
      if (!is_asked && spoken != "ja" && spoken != "en") continue;
      const OpenLine line = LineOf(row, spoken, day, minute);
      if (is_asked) open.lines.push_back(line);
      if (line.takes_suspensions()) (is_asked ? open.suspension_lines : others).push_back(line);
    }
  }
  open.suspension_in_language = !open.suspension_lines.empty();
  if (!open.suspension_in_language) open.suspension_lines = std::move(others);
  return open;
}

}  // namespace mynumber::hotline
