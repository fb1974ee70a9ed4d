#ifndef MYNUMBER_SERVICES_HOTLINE_DOMAIN_STATE_OPEN_LINES_H_
#define MYNUMBER_SERVICES_HOTLINE_DOMAIN_STATE_OPEN_LINES_H_

// Which number takes which calls at which hour: the leaflet's table (docs/domain.md H.1) on Japan's calendar.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/calendar/day.h"

namespace mynumber::hotline {

// Minutes of a day in Tokyo: from the first, up to and without the last.
struct Hours {
  int from_minute = 0;
  int to_minute = 0;
};

// What the leaflet leaves open.
struct LineSettings {
  // It lists Indonesian for 0120-0178-27 without hours. Nothing: none of its own.
  std::optional<Hours> indonesian;
};

// What a line takes at a moment. Closed.
enum class Takes {
  kNothing,
  kSuspensionsOnly,
  // All that the line is for.
  kAll,
};

// What a line is for. Closed.
enum class LineSubject {
  // Card, system and suspension.
  kEverything,
  kCardAndSuspension,
  // No suspension is taken there.
  kSystem,
};

// One number in one language at one moment.
struct OpenLine {
  std::string_view number;
  std::string_view language;
  LineSubject subject = LineSubject::kEverything;
  Takes takes = Takes::kNothing;
  // The moment from which on it takes something else. Nothing: it never does.
  std::optional<int64_t> until_micros;
  // Unless it takes all now: the moment from which on it does. Nothing: never.
  std::optional<int64_t> opens_next_micros;

  bool takes_suspensions() const {
    return takes == Takes::kSuspensionsOnly || (takes == Takes::kAll && subject != LineSubject::kSystem);
  }
};

struct OpenLines {
  // Every line of the language, whatever it takes now.
  std::vector<OpenLine> lines;
  // Where a suspension is taken now: in the language, or else in Japanese and English. Never empty.
  std::vector<OpenLine> suspension_lines;
  bool suspension_in_language = false;
};

// BCP 47 tags of the eleven languages, in the leaflet's order, Japanese first.
const std::vector<std::string_view>& Languages();
// The language that a tag means, as Languages() has it: "en-GB" and "EN" are English, "fil" is Tagalog.
// Nothing: none of the eleven.
std::optional<std::string_view> FindLanguage(std::string_view tag);

// What holds at the moment. `language` is one of Languages(). Right within the table of holidays, to the year 2099.
OpenLines LinesAt(int64_t micros, std::string_view language, const LineSettings& settings);

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_DOMAIN_STATE_OPEN_LINES_H_
