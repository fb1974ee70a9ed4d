#ifndef MYNUMBER_LIBS_IDENTIFIERS_RESIDENT_RECORD_CODE_H_
#define MYNUMBER_LIBS_IDENTIFIERS_RESIDENT_RECORD_CODE_H_

#include <array>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::identifiers {

// Whether a wrong eleventh digit is refused. A setting, kIgnore where nothing is said: see
// CheckDigit.
enum class CheckDigitRule { kIgnore, kRefuse };

// Closed.
enum class RecordCodeVerdict { kValid, kWrongLength, kNotDigits, kWrongCheckDigit };

// The resident record code: ten free digits and a check digit (docs/domain.md A.1.8, from memory).
// Identity, partition and number hang on the ten free digits alone. Personal data; a value of
// eleven bytes.
class ResidentRecordCode {
 public:
  // Takes eleven ASCII digits, no spaces. The error is ToStatus(Judge(text, rule)).
  static absl::StatusOr<ResidentRecordCode> Parse(std::string_view text, CheckDigitRule rule);

  // The first thing that is wrong, in the order of the enum.
  static RecordCodeVerdict Judge(std::string_view text, CheckDigitRule rule);

  // Mod 11 with the weights 5 4 3 2 7 6 5 4 3 2, 0 where the remainder is 0 or 1. UNVERIFIED: taken
  // over from the Individual Number since no text of the law was found (docs/domain.md A.1.8),
  // therefore a setting.
  static int CheckDigit(std::string_view ten_digits);

  std::string_view digits() const { return {digits_.data(), digits_.size()}; }
  std::string_view FreeDigits() const { return digits().substr(0, 10); }

  friend bool operator==(const ResidentRecordCode& a, const ResidentRecordCode& b) {
    return a.digits_ == b.digits_;
  }
  friend bool operator!=(const ResidentRecordCode& a, const ResidentRecordCode& b) {
    return !(a == b);
  }

 private:
  ResidentRecordCode() = default;
  std::array<char, 11> digits_;
};

// OK for kValid, else INVALID_ARGUMENT with a sentence that says what to correct and shows no
// digit.
absl::Status ToStatus(RecordCodeVerdict verdict);

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_RESIDENT_RECORD_CODE_H_
