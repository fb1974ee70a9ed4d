#ifndef MYNUMBER_LIBS_IDENTIFIERS_MUNICIPALITY_CODE_H_
#define MYNUMBER_LIBS_IDENTIFIERS_MUNICIPALITY_CODE_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace mynumber::identifiers {

// A city, town, village or ward of Tokyo. Wards of other cities have no row: their city keeps the
// register.
struct Municipality {
  std::string_view code;        // six digits, the last one a check digit
  std::string_view prefecture;  // in kanji: 東京都
  std::string_view name;        // in kanji: 千代田区
};

// Closed.
enum class MunicipalityCodeVerdict {
  kKnown,
  kWrongLength,
  kNotDigits,
  kWrongCheckDigit,
  kUnknown,  // right by arithmetic, no municipality: a prefecture, a ward of a city, or nothing
};

// The municipality with this code, or null. Rows live as long as the process.
const Municipality* FindMunicipality(std::string_view code);

// The first thing that is wrong with a code, in the order of the enum.
MunicipalityCodeVerdict JudgeMunicipalityCode(std::string_view code);

// OK for kKnown, else INVALID_ARGUMENT with a sentence that says what to correct.
absl::Status ToStatus(MunicipalityCodeVerdict verdict);

// The units digit of 11 - (6a+5b+4c+3d+2e mod 11) of five ASCII digits (docs/domain.md A.4): unlike
// that of the Individual Number it is 1 where the remainder is 0 (docs/domain.md T3).
int MunicipalityCheckDigit(std::string_view five_digits);

// All 1,741, ordered by code.
absl::Span<const Municipality> AllMunicipalities();

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_MUNICIPALITY_CODE_H_
