#ifndef MYNUMBER_LIBS_IDENTIFIERS_TRACKING_NUMBER_H_
#define MYNUMBER_LIBS_IDENTIFIERS_TRACKING_NUMBER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::identifiers {

// What is to be said about a text that claims to be a tracking number. Closed.
enum class TrackingNumberVerdict {
  kValid,
  kWrongLength,      // neither eleven characters nor AAA-BB-CCCCC-D
  kNotDigits,        // something other than ASCII 0 to 9, or hyphens elsewhere
  kWrongCheckDigit,  // docs/domain.md B.3
};

// The carrier's number of a piece of domestic registered mail: ten digits, and the check digit of them. The carrier
// uses it again after some time, so it names a piece only together with the day of acceptance. A value: eleven bytes.
class TrackingNumber {
 public:
  // One more than the greatest serial, the ten digits before the check digit.
  static constexpr uint64_t kSerials = 10'000'000'000;

  // Takes "30100123454" or, as on the label, "301-00-12345-4". The error is ToStatus(Judge(text)).
  static absl::StatusOr<TrackingNumber> Parse(std::string_view text);

  // The first thing that is wrong, in the order of the enum. Other kinds of mail are not refused: IsSimpleRegistered.
  static TrackingNumberVerdict Judge(std::string_view text);

  // The number with this serial (< kSerials): ranges that the carrier gives are counted by it.
  static TrackingNumber FromSerial(uint64_t serial);

  // 0 to 6, of at most 18 ASCII digits (parcels have eleven): the digits as a number, modulo 7. It cannot tell 0 from
  // 7, 1 from 8, 2 from 9, so one wrong digit in fifteen passes.
  static int CheckDigit(std::string_view digits);

  std::string_view digits() const { return {digits_.data(), digits_.size()}; }
  uint64_t Serial() const;
  // The kind stands in the first digit: 3 or 4 is Simple Registered Mail.
  bool IsSimpleRegistered() const { return digits_[0] == '3' || digits_[0] == '4'; }

  // "*******3454".
  std::string Masked() const;
  // "301-00-12345-4".
  std::string Format() const;

  friend bool operator==(const TrackingNumber& a, const TrackingNumber& b) { return a.digits_ == b.digits_; }
  friend bool operator!=(const TrackingNumber& a, const TrackingNumber& b) { return !(a == b); }
  template <typename H>
  friend H AbslHashValue(H state, const TrackingNumber& number) {
    return H::combine(std::move(state), number.digits_);
  }

 private:
  TrackingNumber() = default;
  std::array<char, 11> digits_;
};

// OK for kValid, else INVALID_ARGUMENT with a sentence that says what to correct and shows no digit.
absl::Status ToStatus(TrackingNumberVerdict verdict);

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_TRACKING_NUMBER_H_
