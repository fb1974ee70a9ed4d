#include "libs/carrier_csv/occurred.h"

#include <cstddef>

#include "libs/calendar/day.h"

namespace mynumber::carrier_csv {
namespace {

constexpr int kSomeLeapYear = 2000;

// Takes between `least` and `most` digits from the front.
std::optional<int> TakeNumber(std::string_view* text, size_t least, size_t most) {
  int value = 0;
  size_t count = 0;
  while (count < text->size() && (*text)[count] >= '0' && (*text)[count] <= '9') {
    if (++count > most) return std::nullopt;
    value = value * 10 + ((*text)[count - 1] - '0');
  }
  if (count < least) return std::nullopt;
  text->remove_prefix(count);
  return value;
}

bool TakeCharacter(std::string_view* text, char character) {
  if (text->empty() || text->front() != character) return false;
  text->remove_prefix(1);
  return true;
}

// A year has four digits, a month one or two.
bool TakeDay(std::string_view* text, Occurred* occurred) {
  const size_t end_of_first = text->find_first_of("/-");
  if (end_of_first == text->npos) return false;
  const char between = (*text)[end_of_first];
  if (end_of_first == 4) {
    occurred->year = TakeNumber(text, 4, 4);
    if (!occurred->year || !TakeCharacter(text, between)) return false;
  }
  const auto month = TakeNumber(text, 1, 2);
  if (!month || !TakeCharacter(text, between)) return false;
  const auto day = TakeNumber(text, 1, 2);
  if (!day) return false;
  occurred->month = *month;
  occurred->day = *day;
  return true;
}

}  // namespace

OccurredVerdict ReadOccurred(std::string_view text, Occurred* occurred) {
  Occurred read;
  if (!TakeDay(&text, &read)) return OccurredVerdict::kNotUnderstood;
  std::optional<int> hour, minute;
  if (!text.empty()) {
    if (!TakeCharacter(&text, ' ') || !(hour = TakeNumber(&text, 1, 2)) || !TakeCharacter(&text, ':') ||
        !(minute = TakeNumber(&text, 2, 2)) || !text.empty()) {
      return OccurredVerdict::kNotUnderstood;
    }
    if (*hour > 23 || *minute > 59) return OccurredVerdict::kImpossible;
    read.minute_of_day = *hour * 60 + *minute;
  }
  if (!calendar::MakeDay(read.year.value_or(kSomeLeapYear), read.month, read.day)) return OccurredVerdict::kImpossible;
  *occurred = read;
  return OccurredVerdict::kValid;
}

}  // namespace mynumber::carrier_csv
