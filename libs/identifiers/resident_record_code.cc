#include "libs/identifiers/resident_record_code.h"

#include <cassert>
#include <cstring>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {

int ResidentRecordCode::CheckDigit(std::string_view ten_digits) {
  assert(ten_digits.size() == 10 && "the check digit is that of ten digits");
  constexpr int kWeights[10] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  int sum = 0;
  for (int i = 0; i < 10; ++i) sum += (ten_digits[i] - '0') * kWeights[i];
  const int remainder = sum % 11;
  return remainder <= 1 ? 0 : 11 - remainder;
}

RecordCodeVerdict ResidentRecordCode::Judge(std::string_view text, CheckDigitRule rule) {
  if (text.size() != 11) return RecordCodeVerdict::kWrongLength;
  if (!IsDecimal(text)) return RecordCodeVerdict::kNotDigits;
  if (rule == CheckDigitRule::kRefuse && CheckDigit(text.substr(0, 10)) != text[10] - '0') {
    return RecordCodeVerdict::kWrongCheckDigit;
  }
  return RecordCodeVerdict::kValid;
}

absl::StatusOr<ResidentRecordCode> ResidentRecordCode::Parse(std::string_view text,
                                                             CheckDigitRule rule) {
  const RecordCodeVerdict verdict = Judge(text, rule);
  if (verdict != RecordCodeVerdict::kValid) return ToStatus(verdict);
  ResidentRecordCode code;
  std::memcpy(code.digits_.data(), text.data(), code.digits_.size());
  return code;
}

absl::Status ToStatus(RecordCodeVerdict verdict) {
  switch (verdict) {
    case RecordCodeVerdict::kValid:
      return absl::OkStatus();
    case RecordCodeVerdict::kWrongLength:
      return absl::InvalidArgumentError(
          "A resident record code has eleven digits: write all of them, without spaces.");
    case RecordCodeVerdict::kNotDigits:
      return absl::InvalidArgumentError(
          "A resident record code consists of the digits 0 to 9 only (half-width).");
    case RecordCodeVerdict::kWrongCheckDigit:
      return absl::InvalidArgumentError(
          "The last digit of the resident record code does not fit the other ten: compare it with "
          "the record.");
  }
  assert(false && "a verdict outside the enum");
  return absl::InternalError("unknown verdict");
}

}  // namespace mynumber::identifiers
