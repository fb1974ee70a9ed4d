#ifndef MYNUMBER_LIBS_IDENTIFIERS_UTF8_H_
#define MYNUMBER_LIBS_IDENTIFIERS_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mynumber::identifiers {

struct CodePoint {
  uint32_t value;
  int size;  // bytes it takes; 0: these bytes are not UTF-8
};

inline bool Within(uint32_t value, uint32_t first, uint32_t last) {
  return value - first <= last - first;
}

// The code point at `at` (< text.size()). Overlong forms, surrogates and values over 10FFFF are not
// UTF-8.
inline CodePoint DecodeUtf8(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[at + i]); };
  const auto continues = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const size_t left = text.size() - at;
  const uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead >= 0xE0 && lead < 0xF0 && left >= 3 && continues(1) && continues(2)) {
    const uint32_t value = (lead & 0x0F) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    return {value, value >= 0x800 && (value < 0xD800 || value > 0xDFFF) ? 3 : 0};
  }
  if (lead >= 0xC2 && lead < 0xE0 && left >= 2 && continues(1)) {
    return {(lead & 0x1F) << 6 | (byte(1) & 0x3Fu), 2};
  }
  if (lead >= 0xF0 && lead < 0xF5 && left >= 4 && continues(1) && continues(2) && continues(3)) {
    const uint32_t value =
        (lead & 0x07) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
    return {value, value >= 0x10000 && value <= 0x10FFFF ? 4 : 0};
  }
  return {0, 0};
}

// Appends a code point from 800 to FFFF: three bytes.
inline void AppendThreeBytes(uint32_t value, std::string* out) {
  const char bytes[3] = {static_cast<char>(0xE0 | value >> 12),
                         static_cast<char>(0x80 | (value >> 6 & 0x3F)),
                         static_cast<char>(0x80 | (value & 0x3F))};
  out->append(bytes, 3);
}

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_UTF8_H_
