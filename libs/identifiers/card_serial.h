#ifndef MYNUMBER_LIBS_IDENTIFIERS_CARD_SERIAL_H_
#define MYNUMBER_LIBS_IDENTIFIERS_CARD_SERIAL_H_

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::identifiers {

// What is to be said about a text that claims to be the serial of a card. Closed.
enum class CardSerialVerdict {
  kValid,            // well-formed; whether it was ever given out, card_serial_permutation.h knows
  kWrongLength,      // neither 20 characters nor groups of 4-4-4-4-4
  kNotDigits,        // something other than ASCII 0 to 9, or spaces elsewhere
  kWrongCheckDigit,  // Damm's (damm_digit.h)
};

// The 20 digits that name a card: which resident's, and which of that resident's cards; nothing to do with the twelve
// digits of the number. The scheme of the real ones is not published, so this one is ours. Personal data, since they
// lead to a resident: print Masked(), never digits(). A value: 20 bytes; the check digit of every instance is right.
class CardSerial {
 public:
  // Takes 20 digits without spaces or with those of the print form. The error is ToStatus(Judge(text)).
  static absl::StatusOr<CardSerial> Parse(std::string_view text);

  // The first thing that is wrong, in the order of the enum.
  static CardSerialVerdict Judge(std::string_view text);

  // The serial with this body: 19 ASCII digits, anything else aborts.
  static CardSerial FromBody(std::string_view body);

  std::string_view digits() const { return {digits_.data(), digits_.size()}; }
  std::string_view Body() const { return digits().substr(0, 19); }

  // Stars, and the last four digits: "****************1234".
  std::string Masked() const;
  // "1234 5678 9012 3456 7890", as printed. In clear.
  std::string Format() const;

  friend bool operator==(const CardSerial& a, const CardSerial& b) { return a.digits_ == b.digits_; }
  friend bool operator!=(const CardSerial& a, const CardSerial& b) { return !(a == b); }
  template <typename H>
  friend H AbslHashValue(H state, const CardSerial& serial) {
    return H::combine(std::move(state), serial.digits_);
  }

 private:
  CardSerial() = default;
  std::array<char, 20> digits_;
};

// OK for kValid, else INVALID_ARGUMENT with a sentence that says what to correct and shows no digit.
absl::Status ToStatus(CardSerialVerdict verdict);

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_CARD_SERIAL_H_
