#ifndef MYNUMBER_LIBS_IDENTIFIERS_DECIMAL_DIGITS_H_
#define MYNUMBER_LIBS_IDENTIFIERS_DECIMAL_DIGITS_H_

#include <cstdint>
#include <string_view>

namespace mynumber::identifiers {

// True if every character is ASCII 0 to 9; true for an empty text. Full-width digits are not digits
// here.
inline bool IsDecimal(std::string_view text) {
  for (char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

// The number written in at most 19 ASCII digits.
inline uint64_t DecimalValue(std::string_view digits) {
  uint64_t value = 0;
  for (char c : digits) value = value * 10 + static_cast<uint64_t>(c - '0');
  return value;
}

// Writes the last `count` digits of value, leading zeros included.
inline void WriteDecimal(uint64_t value, int count, char* out) {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_DECIMAL_DIGITS_H_
