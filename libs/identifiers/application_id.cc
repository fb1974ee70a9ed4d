#include "libs/identifiers/application_id.h"

#include <algorithm>
#include <cassert>

#include "libs/identifiers/decimal_digits.h"
#include "libs/identifiers/printed_groups.h"

namespace mynumber::identifiers {
namespace {

constexpr PrintedGroups<6> kGroups = {{4, 4, 4, 4, 4, 3}, ' '};

// The weakly totally anti-symmetric quasigroup of order ten from H. M. Damm's thesis (Marburg, 2004).
constexpr int kQuasigroup[10][10] = {
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3}, {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
    {1, 7, 5, 0, 9, 8, 3, 4, 2, 6}, {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7}, {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
    {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}};

}  // namespace

int ApplicationId::CheckDigit(std::string_view digits) {
  int interim = 0;
  for (char c : digits) interim = kQuasigroup[interim][c - '0'];
  return interim;
}

ApplicationIdVerdict ApplicationId::Judge(std::string_view text) {
  std::array<char, 23> digits;
  if (text.size() != digits.size() && text.size() != digits.size() + 5) return ApplicationIdVerdict::kWrongLength;
  if (!kGroups.Read(text, &digits)) return ApplicationIdVerdict::kNotDigits;
  return CheckDigit({digits.data(), 22}) == digits[22] - '0' ? ApplicationIdVerdict::kValid
                                                             : ApplicationIdVerdict::kWrongCheckDigit;
}

absl::StatusOr<ApplicationId> ApplicationId::Parse(std::string_view text) {
  const ApplicationIdVerdict verdict = Judge(text);
  if (verdict != ApplicationIdVerdict::kValid) return ToStatus(verdict);
  ApplicationId id;
  kGroups.Read(text, &id.digits_);
  return id;
}

ApplicationId ApplicationId::FromBody(std::string_view body) {
  assert(body.size() == 22 && IsDecimal(body) && "the body of an application ID has 22 digits");
  ApplicationId id;
  std::copy(body.begin(), body.end(), id.digits_.begin());
  id.digits_[22] = static_cast<char>('0' + CheckDigit(body));
  return id;
}

std::string ApplicationId::Masked() const { return std::string(20, '*').append(digits().substr(20)); }

std::string ApplicationId::Format() const { return kGroups.Write(digits_); }

absl::Status ToStatus(ApplicationIdVerdict verdict) {
  switch (verdict) {
    case ApplicationIdVerdict::kValid:
      return absl::OkStatus();
    case ApplicationIdVerdict::kWrongLength:
      return absl::InvalidArgumentError(
          "An application ID has 23 digits: write all of them, without spaces or in groups of four as on the notice.");
    case ApplicationIdVerdict::kNotDigits:
      return absl::InvalidArgumentError(
          "An application ID consists of the digits 0 to 9 only (half-width), with spaces where the notice has them or "
          "with none.");
    case ApplicationIdVerdict::kWrongCheckDigit:
      return absl::InvalidArgumentError(
          "One of the digits of the application ID is wrong, or two are swapped: compare it with the notice.");
  }
  assert(false && "a verdict outside the enum");
  return absl::InternalError("unknown verdict");
}

}  // namespace mynumber::identifiers
