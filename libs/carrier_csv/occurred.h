#ifndef MYNUMBER_LIBS_CARRIER_CSV_OCCURRED_H_
#define MYNUMBER_LIBS_CARRIER_CSV_OCCURRED_H_

#include <optional>
#include <string_view>

namespace mynumber::carrier_csv {

// When something happened, in Tokyo, as far as the text says.
struct Occurred {
  std::optional<int> year;  // often not said: calendar::LatestUntil finds the year that is meant
  int month = 0;
  int day = 0;
  std::optional<int> minute_of_day;

  friend bool operator==(const Occurred& a, const Occurred& b) {
    return a.year == b.year && a.month == b.month && a.day == b.day && a.minute_of_day == b.minute_of_day;
  }
};

enum class OccurredVerdict {
  kValid,
  kNotUnderstood,  // of another form
  kImpossible,     // 30 February, 25:00
};

// "2026/11/27 14:05", "11/27 14:05", either without the time, "-" in place of "/"; one or two digits but for the year
// and the minutes. 29 February without a year is possible. Writes `occurred` if kValid.
OccurredVerdict ReadOccurred(std::string_view text, Occurred* occurred);

}  // namespace mynumber::carrier_csv

#endif  // MYNUMBER_LIBS_CARRIER_CSV_OCCURRED_H_
