#include "libs/identifiers/tracking_number.h"

#include <cassert>

#include "libs/identifiers/decimal_digits.h"
#include "libs/identifiers/printed_groups.h"

namespace mynumber::identifiers {
namespace {

constexpr PrintedGroups<4> kGroups = {{3, 2, 5, 1}, '-'};

}  // namespace

int TrackingNumber::CheckDigit(std::string_view digits) {
  assert(!digits.empty() && digits.size() <= 18 && "a check digit of 1 to 18 digits");
  return static_cast<int>(DecimalValue(digits) % 7);
}

TrackingNumberVerdict TrackingNumber::Judge(std::string_view text) {
  std::array<char, 11> digits;
  if (text.size() != digits.size() && text.size() != digits.size() + 3) return TrackingNumberVerdict::kWrongLength;
  if (!kGroups.Read(text, &digits)) return TrackingNumberVerdict::kNotDigits;
  return CheckDigit({digits.data(), 10}) == digits[10] - '0' ? TrackingNumberVerdict::kValid
                                                             : TrackingNumberVerdict::kWrongCheckDigit;
}

absl::StatusOr<TrackingNumber> TrackingNumber::Parse(std::string_view text) {
  const TrackingNumberVerdict verdict = Judge(text);
  if (verdict != TrackingNumberVerdict::kValid) return ToStatus(verdict);
  TrackingNumber number;
  kGroups.Read(text, &number.digits_);
  return number;
}

TrackingNumber TrackingNumber::FromSerial(uint64_t serial) {
  assert(serial < kSerials && "the serial of a tracking number has ten digits");
  TrackingNumber number;
  WriteDecimal(serial, 10, number.digits_.data());
  number.digits_[10] = static_cast<char>('0' + CheckDigit({number.digits_.data(), 10}));
  return number;
}

uint64_t TrackingNumber::Serial() const { return DecimalValue(digits().substr(0, 10)); }

std::string TrackingNumber::Masked() const { return std::string(7, '*').append(digits().substr(7)); }

std::string TrackingNumber::Format() const { return kGroups.Write(digits_); }

absl::Status ToStatus(TrackingNumberVerdict verdict) {
  switch (verdict) {
    case TrackingNumberVerdict::kValid:
      return absl::OkStatus();
    case TrackingNumberVerdict::kWrongLength:
      return absl::InvalidArgumentError(
          "A tracking number of registered mail has eleven digits: write all of them, without gaps or as on the label "
          "(AAA-BB-CCCCC-D).");
    case TrackingNumberVerdict::kNotDigits:
      return absl::InvalidArgumentError(
          "A tracking number consists of the digits 0 to 9 only (half-width), with hyphens where the label has them or "
          "with none.");
    case TrackingNumberVerdict::kWrongCheckDigit:
      return absl::InvalidArgumentError(
          "The last digit of the tracking number does not fit the other ten: compare it with the label or the contact "
          "form.");
  }
  assert(false && "a verdict outside the enum");
  return absl::InternalError("unknown verdict");
}

}  // namespace mynumber::identifiers
