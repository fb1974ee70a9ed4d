#include "libs/identifiers/municipality_code.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <iterator>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {
namespace {

constexpr Municipality kMunicipalities[] = {
#include "libs/identifiers/municipality_rows.inc"
};
constexpr size_t kCount = std::size(kMunicipalities);

constexpr uint32_t CodeValue(std::string_view code) {
  uint32_t value = 0;
  for (char c : code) value = value * 10 + static_cast<uint32_t>(c - '0');
  return value;
}

// The codes alone, close together: a search touches 7 KiB instead of the rows.
constexpr std::array<uint32_t, kCount> MakeCodes() {
  std::array<uint32_t, kCount> codes{};
  for (size_t i = 0; i < kCount; ++i) codes[i] = CodeValue(kMunicipalities[i].code);
  return codes;
}
constexpr std::array<uint32_t, kCount> kCodes = MakeCodes();

}  // namespace

const Municipality* FindMunicipality(std::string_view code) {
  if (code.size() != 6 || !IsDecimal(code)) return nullptr;
  const uint32_t value = CodeValue(code);
  const auto found = std::lower_bound(kCodes.begin(), kCodes.end(), value);
  if (found == kCodes.end() || *found != value) return nullptr;
  return &kMunicipalities[found - kCodes.begin()];
}

MunicipalityCodeVerdict JudgeMunicipalityCode(std::string_view code) {
  if (code.size() != 6) return MunicipalityCodeVerdict::kWrongLength;
  if (!IsDecimal(code)) return MunicipalityCodeVerdict::kNotDigits;
  if (MunicipalityCheckDigit(code.substr(0, 5)) != code[5] - '0')
    return MunicipalityCodeVerdict::kWrongCheckDigit;
  return FindMunicipality(code) == nullptr ? MunicipalityCodeVerdict::kUnknown
                                           : MunicipalityCodeVerdict::kKnown;
}

absl::Status ToStatus(MunicipalityCodeVerdict verdict) {
  switch (verdict) {
    case MunicipalityCodeVerdict::kKnown:
      return absl::OkStatus();
    case MunicipalityCodeVerdict::kWrongLength:
      return absl::InvalidArgumentError(
          "A municipality code has six digits, the check digit included.");
    case MunicipalityCodeVerdict::kNotDigits:
      return absl::InvalidArgumentError(
          "A municipality code consists of the digits 0 to 9 only (half-width).");
    case MunicipalityCodeVerdict::kWrongCheckDigit:
      return absl::InvalidArgumentError(
          "The last digit of the municipality code does not fit the other five: compare it with "
          "the official list.");
    case MunicipalityCodeVerdict::kUnknown:
      return absl::InvalidArgumentError(
          "No municipality has this code: give that of a city, town, village or ward of Tokyo, not "
          "of a "
          "prefecture or of a ward of another city.");
  }
  assert(false && "a verdict outside the enum");
  return absl::InternalError("unknown verdict");
}

int MunicipalityCheckDigit(std::string_view five_digits) {
  assert(five_digits.size() == 5 && "the check digit is that of five digits");
  int sum = 0;
  for (int i = 0; i < 5; ++i) sum += (five_digits[i] - '0') * (6 - i);
  return (11 - sum % 11) % 10;
}

absl::Span<const Municipality> AllMunicipalities() { return kMunicipalities; }

}  // namespace mynumber::identifiers
