#ifndef MYNUMBER_LIBS_IDENTIFIERS_INDIVIDUAL_NUMBER_H_
#define MYNUMBER_LIBS_IDENTIFIERS_INDIVIDUAL_NUMBER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::identifiers {

// What is to be said about a text that claims to be an Individual Number. Closed.
enum class NumberVerdict {
  kValid,
  kWrongLength,      // not twelve characters
  kNotDigits,        // something other than ASCII 0 to 9
  kWrongCheckDigit,  // Ministerial Ordinance 85 art. 5
  kReserved,         // right by arithmetic, never given to anybody: see IsReserved
};

// The twelve digits of one resident (docs/domain.md A.2). A value: twelve bytes, no allocation.
// Personal data: print Masked(), never digits(). The check digit of every instance is right.
class IndividualNumber {
 public:
  // One more than the greatest body, the eleven digits before the check digit.
  static constexpr uint64_t kBodies = 100'000'000'000;

  // Takes twelve ASCII digits, no spaces. The error is ToStatus(Judge(text)).
  static absl::StatusOr<IndividualNumber> Parse(std::string_view text);

  // The first thing that is wrong, in the order of the enum.
  static NumberVerdict Judge(std::string_view text);

  // The number with this body (< kBodies). May be a reserved one.
  static IndividualNumber FromBody(uint64_t body);

  // The check digit, 0 to 9, of eleven ASCII digits: 11 - (sum of P*Q mod 11), or 0 where the
  // remainder is 0 or 1. It passes about 2 % of single wrong digits: no proof of identity
  // (docs/domain.md T7).
  static int CheckDigit(std::string_view eleven_digits);

  std::string_view digits() const { return {digits_.data(), digits_.size()}; }
  uint64_t Body() const;

  // "********9018": all that may be shown to somebody without a purpose.
  std::string Masked() const;
  // "1234 5678 9018", as printed on the notice. In clear.
  std::string Format() const;

  friend bool operator==(const IndividualNumber& a, const IndividualNumber& b) {
    return a.digits_ == b.digits_;
  }
  friend bool operator!=(const IndividualNumber& a, const IndividualNumber& b) { return !(a == b); }
  template <typename H>
  friend H AbslHashValue(H state, const IndividualNumber& number) {
    return H::combine(std::move(state), number.digits_);
  }

 private:
  IndividualNumber() = default;
  std::array<char, 12> digits_;
};

// All zeros, and the number that leaflets print as a sample: issuance takes the next generation
// instead.
bool IsReserved(const IndividualNumber& number);

// OK for kValid, else INVALID_ARGUMENT with a sentence that says what to correct and shows no
// digit.
absl::Status ToStatus(NumberVerdict verdict);

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_INDIVIDUAL_NUMBER_H_
