#ifndef MYNUMBER_LIBS_IDENTIFIERS_APPLICATION_ID_H_
#define MYNUMBER_LIBS_IDENTIFIERS_APPLICATION_ID_H_

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::identifiers {

// What is to be said about a text that claims to be an application ID. Closed.
enum class ApplicationIdVerdict {
  kValid,            // well-formed; whether it was ever given out, application_id_permutation.h knows
  kWrongLength,      // neither 23 characters nor groups of 4-4-4-4-4-3
  kNotDigits,        // something other than ASCII 0 to 9, or spaces elsewhere
  kWrongCheckDigit,  // Damm's (damm_digit.h)
};

// The 23 digits on a notice that open the application for a card (docs/domain.md B.2). Personal data, since they lead
// to a resident: print Masked(), never digits(). A value: 23 bytes; the check digit of every instance is right. The
// scheme of the real IDs is not published, so this one is ours.
class ApplicationId {
 public:
  // Takes 23 digits without spaces or with those of the print form. The error is ToStatus(Judge(text)).
  static absl::StatusOr<ApplicationId> Parse(std::string_view text);

  // The first thing that is wrong, in the order of the enum.
  static ApplicationIdVerdict Judge(std::string_view text);

  // The ID with this body: 22 ASCII digits, anything else aborts.
  static ApplicationId FromBody(std::string_view body);

  std::string_view digits() const { return {digits_.data(), digits_.size()}; }
  std::string_view Body() const { return digits().substr(0, 22); }

  // Stars, and the last three digits: "********************123".
  std::string Masked() const;
  // "1234 5678 9012 3456 7890 123", as printed on the notice. In clear.
  std::string Format() const;

  friend bool operator==(const ApplicationId& a, const ApplicationId& b) { return a.digits_ == b.digits_; }
  friend bool operator!=(const ApplicationId& a, const ApplicationId& b) { return !(a == b); }
  template <typename H>
  friend H AbslHashValue(H state, const ApplicationId& id) {
    return H::combine(std::move(state), id.digits_);
  }

 private:
  ApplicationId() = default;
  std::array<char, 23> digits_;
};

// OK for kValid, else INVALID_ARGUMENT with a sentence that says what to correct and shows no digit.
absl::Status ToStatus(ApplicationIdVerdict verdict);

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_APPLICATION_ID_H_
