#include "libs/identifiers/application_id.h"

#include <cassert>

#include "libs/identifiers/damm_digit.h"
#include "libs/identifiers/decimal_digits.h"
#include "libs/identifiers/printed_groups.h"

namespace mynumber::identifiers {
namespace {

constexpr PrintedGroups<6> kGroups = {{4, 4, 4, 4, 4, 3}, ' '};

}  // namespace

ApplicationIdVerdict ApplicationId::Judge(std::string_view text) {
  std::array<char, 23> digits;
  return ReadDammDigits<ApplicationIdVerdict>(kGroups, text, &digits);
}

absl::StatusOr<ApplicationId> ApplicationId::Parse(std::string_view text) {
  ApplicationId id;
  const auto verdict = ReadDammDigits<ApplicationIdVerdict>(kGroups, text, &id.digits_);
  if (verdict != ApplicationIdVerdict::kValid) return ToStatus(verdict);
  return id;
}

ApplicationId ApplicationId::FromBody(std::string_view body) {
  assert(body.size() == 22 && IsDecimal(body) && "the body of an application ID has 22 digits");
  ApplicationId id;
  WriteDammDigits(body, &id.digits_);
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
