#ifndef MYNUMBER_LIBS_IDENTIFIERS_DAMM_DIGIT_H_
#define MYNUMBER_LIBS_IDENTIFIERS_DAMM_DIGIT_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "libs/identifiers/printed_groups.h"

namespace mynumber::identifiers {

// Damm's check digit of ASCII digits: finds every single wrong digit and every swap of two neighbours. By the weakly
// totally anti-symmetric quasigroup of order ten from H. M. Damm's thesis (Marburg, 2004).
inline int DammDigit(std::string_view digits) {
  constexpr int kQuasigroup[10][10] = {
      {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3}, {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
      {1, 7, 5, 0, 9, 8, 3, 4, 2, 6}, {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
      {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7}, {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
      {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}};
  int interim = 0;
  for (char c : digits) interim = kQuasigroup[interim][c - '0'];
  return interim;
}

// Reads digits of which the last is Damm's, as they are printed or without separators, and says the first thing that
// is wrong. Verdict: an enum with kValid, kWrongLength, kNotDigits and kWrongCheckDigit. `digits` holds the text's
// only after kValid and kWrongCheckDigit.
template <typename Verdict, size_t kGroups, size_t kDigits>
Verdict ReadDammDigits(const PrintedGroups<kGroups>& groups, std::string_view text, std::array<char, kDigits>* digits) {
  if (text.size() != kDigits && text.size() != kDigits + kGroups - 1) return Verdict::kWrongLength;
  if (!groups.Read(text, digits)) return Verdict::kNotDigits;
  const bool is_right = DammDigit({digits->data(), kDigits - 1}) == digits->back() - '0';
  return is_right ? Verdict::kValid : Verdict::kWrongCheckDigit;
}

// These digits, and behind them their check digit. `body` has kDigits - 1 ASCII digits.
template <size_t kDigits>
void WriteDammDigits(std::string_view body, std::array<char, kDigits>* digits) {
  body.copy(digits->data(), kDigits - 1);
  digits->back() = static_cast<char>('0' + DammDigit(body));
}

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_DAMM_DIGIT_H_
