#include "libs/identifiers/individual_number.h"

#include <cassert>
#include <cstring>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {
namespace {

constexpr int kWeights[11] = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};

// 123456789018 is the valid neighbour of the leaflet's sample, printed wherever a sample must look
// right.
constexpr std::string_view kReserved[] = {"000000000000", "123456789018"};

bool IsReservedText(std::string_view digits) {
  for (std::string_view reserved : kReserved) {
    if (digits == reserved) return true;
  }
  return false;
}

}  // namespace

int IndividualNumber::CheckDigit(std::string_view eleven_digits) {
  assert(eleven_digits.size() == 11 && "the check digit is that of eleven digits");
  int sum = 0;
  for (int i = 0; i < 11; ++i) sum += (eleven_digits[i] - '0') * kWeights[i];
  const int remainder = sum % 11;
  return remainder <= 1 ? 0 : 11 - remainder;
}

NumberVerdict IndividualNumber::Judge(std::string_view text) {
  if (text.size() != 12) return NumberVerdict::kWrongLength;
  if (!IsDecimal(text)) return NumberVerdict::kNotDigits;
  if (CheckDigit(text.substr(0, 11)) != text[11] - '0') return NumberVerdict::kWrongCheckDigit;
  return IsReservedText(text) ? NumberVerdict::kReserved : NumberVerdict::kValid;
}

absl::StatusOr<IndividualNumber> IndividualNumber::Parse(std::string_view text) {
  const NumberVerdict verdict = Judge(text);
  if (verdict != NumberVerdict::kValid) return ToStatus(verdict);
  IndividualNumber number;
  std::memcpy(number.digits_.data(), text.data(), number.digits_.size());
  return number;
}

IndividualNumber IndividualNumber::FromBody(uint64_t body) {
  assert(body < kBodies && "the body of an Individual Number has eleven digits");
  IndividualNumber number;
  WriteDecimal(body, 11, number.digits_.data());
  number.digits_[11] = static_cast<char>('0' + CheckDigit({number.digits_.data(), 11}));
  return number;
}

uint64_t IndividualNumber::Body() const { return DecimalValue(digits().substr(0, 11)); }

std::string IndividualNumber::Masked() const {
  std::string masked(12, '*');
  masked.replace(8, 4, digits_.data() + 8, 4);
  return masked;
}

std::string IndividualNumber::Format() const {
  std::string text(digits());
  text.insert(8, 1, ' ');
  text.insert(4, 1, ' ');
  return text;
}

bool IsReserved(const IndividualNumber& number) { return IsReservedText(number.digits()); }

absl::Status ToStatus(NumberVerdict verdict) {
  switch (verdict) {
    case NumberVerdict::kValid:
      return absl::OkStatus();
    case NumberVerdict::kWrongLength:
      return absl::InvalidArgumentError(
          "An Individual Number has twelve digits: write all of them, without spaces.");
    case NumberVerdict::kNotDigits:
      return absl::InvalidArgumentError(
          "An Individual Number consists of the digits 0 to 9 only (half-width).");
    case NumberVerdict::kWrongCheckDigit:
      return absl::InvalidArgumentError(
          "The last digit of the Individual Number does not fit the other eleven: compare it with "
          "the document.");
    case NumberVerdict::kReserved:
      return absl::InvalidArgumentError(
          "This is a sample number that is given to nobody: write the number that stands on the "
          "document.");
  }
  assert(false && "a verdict outside the enum");
  return absl::InternalError("unknown verdict");
}

}  // namespace mynumber::identifiers
