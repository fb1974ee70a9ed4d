#ifndef MYNUMBER_LIBS_IDENTIFIERS_LOWER_HEX_H_
#define MYNUMBER_LIBS_IDENTIFIERS_LOWER_HEX_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mynumber::identifiers {

// Writes 2 * size characters 0-9a-f.
inline void WriteLowerHex(const uint8_t* bytes, size_t size, char* out) {
  for (size_t i = 0; i < size; ++i) {
    out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
    out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
  }
}

// The value of a character 0-9a-f, or -1.
inline int LowerHexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Reads the bytes written in `text`, whose length is even; false at anything but 0-9a-f.
inline bool ReadLowerHex(std::string_view text, uint8_t* out) {
  for (size_t i = 0; i < text.size(); i += 2) {
    const int value = LowerHexValue(text[i]) * 16 | LowerHexValue(text[i + 1]);
    if (value < 0) return false;
    out[i / 2] = static_cast<uint8_t>(value);
  }
  return true;
}

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_LOWER_HEX_H_
