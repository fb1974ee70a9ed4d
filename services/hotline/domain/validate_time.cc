// A moment as RFC 3339 writes it.

#include <optional>

#include "absl/strings/ascii.h"
#include "libs/calendar/day.h"
#include "libs/calendar/office_days.h"
#include "services/hotline/domain/refusals.h"
#include "services/hotline/domain/validate.h"

namespace mynumber::hotline {
namespace {

constexpr int64_t kMinute = 60'000'000;
constexpr int kTokyoMinutes = 9 * 60;

// Takes what it is asked for from the front of a text; from the first mistake on nothing.
class Text {
 public:
  explicit Text(std::string_view left) : left_(left) {}

  int Number(size_t digits, int min, int max) {
    int number = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (!StartsWithDigit()) return Fail();
      number = number * 10 + (left_[0] - '0');
      left_.remove_prefix(1);
    }
    return number < min || number > max ? Fail() : number;
  }
  void Sign(char upper) {
    if (!Takes(upper) && !Takes(absl::ascii_tolower(static_cast<unsigned char>(upper)))) Fail();
  }
  bool Takes(char sign) {
    if (!ok_ || left_.empty() || left_[0] != sign) return false;
    left_.remove_prefix(1);
    return true;
  }
  // Of a second; none: 0. Digits behind the sixth count for nothing.
  int64_t FractionMicros() {
    if (!Takes('.')) return 0;
    int64_t micros = 0, unit = 100'000;
    if (!StartsWithDigit()) return Fail();
    for (; StartsWithDigit(); left_.remove_prefix(1)) {
      micros += (left_[0] - '0') * unit;
      unit /= 10;
    }
    return micros;
  }
  bool AtEnd() const { return ok_ && left_.empty(); }
  bool ok() const { return ok_; }

 private:
  bool StartsWithDigit() const {
    return !left_.empty() && absl::ascii_isdigit(static_cast<unsigned char>(left_[0]));
  }
  int Fail() {
    ok_ = false;
    return 0;
  }

  std::string_view left_;
  bool ok_ = true;
};

// East of Greenwich; nothing if there is no offset.
std::optional<int> OffsetMinutes(Text* text) {
  if (text->Takes('Z') || text->Takes('z')) return 0;
  const bool is_east = text->Takes('+');
  if (!is_east && !text->Takes('-')) return std::nullopt;
  const int hours = text->Number(2, 0, 23);
  text->Sign(':');
  const int minutes = hours * 60 + text->Number(2, 0, 59);
  return is_east ? minutes : -minutes;
}

}  // namespace

absl::StatusOr<int64_t> ValidateTime(std::string_view asked) {
  Text text(asked);
  const int year = text.Number(4, 1, 9999);
  text.Sign('-');
  const int month = text.Number(2, 1, 12);
  text.Sign('-');
  const int day_of_month = text.Number(2, 1, 31);
  text.Sign('T');
  const int hour = text.Number(2, 0, 23);
  text.Sign(':');
  const int minute = text.Number(2, 0, 59);
  const int64_t seconds_micros = text.Takes(':') ? text.Number(2, 0, 59) * int64_t{1'000'000} : 0;
  const int64_t fraction_micros = text.FractionMicros();
  const auto day = calendar::MakeDay(year, month, day_of_month);
  if (!text.ok() || !day) return refusals::TimeMalformed();
  if (text.AtEnd()) return refusals::TimeWithoutZone();
  const auto offset = OffsetMinutes(&text);
  if (!offset || !text.AtEnd()) return refusals::TimeMalformed();
  const int64_t micros = calendar::StartOfDayMicros(*day) + (kTokyoMinutes + hour * 60 + minute - *offset) * kMinute +
                         seconds_micros + fraction_micros;
  if (micros < 0 || calendar::DayInTokyo(micros).year() > calendar::kLastYearOfHolidays) {
    return refusals::TimeOutOfRange();
  }
  return micros;
}

}  // namespace mynumber::hotline
