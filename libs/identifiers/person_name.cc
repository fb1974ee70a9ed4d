#include "libs/identifiers/person_name.h"

#include <cstdint>

#include "libs/identifiers/utf8.h"

namespace mynumber::identifiers {
namespace {

bool IsVariationSelector(uint32_t value) {
  return Within(value, 0xFE00, 0xFE0F) || Within(value, 0xE0100, 0xE01EF) ||
         Within(value, 0x180B, 0x180D);
}

// Joiners are kept since some scripts write names with them.
bool IsJoiner(uint32_t value) { return value == 0x200C || value == 0x200D; }

bool IsSpaceOrDot(uint32_t value) {
  switch (value) {
    case 0x20:
    case 0xA0:
    case 0xB7:
    case 0x1680:
    case 0x2027:
    case 0x202F:
    case 0x205F:
    case 0x3000:
    case 0x30FB:
    case 0xFF65:
      return true;
    default:
      return Within(value, 0x2000, 0x200A);
  }
}

bool IsForbidden(uint32_t value) {
  if (value < 0x300) return value < 0x20 || Within(value, 0x7F, 0x9F) || value == 0xAD;
  if (Within(value, 0x2000, 0x206F)) {
    return value == 0x200B || value == 0x200E || value == 0x200F || Within(value, 0x2028, 0x202E) ||
           value >= 0x2060;
  }
  // 3164 and its kin fill a Hangul syllable with nothing.
  if (value == 0x3164 || value == 0xFFA0 || value == 0x115F || value == 0x1160) return true;
  if (value == 0x061C || value == 0xFEFF || Within(value, 0xFFF9, 0xFFFD)) return true;
  return Within(value, 0xFDD0, 0xFDEF) || (value & 0xFFFE) == 0xFFFE ||
         Within(value, 0xE0000, 0xE007F);
}

}  // namespace

NameCheck CheckName(std::string_view name, int characters_max) {
  int characters = 0;
  bool visible = false;
  for (size_t at = 0; at < name.size();) {
    const CodePoint point = DecodeUtf8(name, at);
    if (point.size == 0) return {NameVerdict::kNotUtf8, 0};
    at += point.size;
    // Kanji and kana, nearly all that comes, need no further look.
    if (Within(point.value, 0x3400, 0x9FFF) || Within(point.value, 0x3041, 0x30FA)) {
      visible = true;
      ++characters;
      continue;
    }
    if (IsForbidden(point.value)) return {NameVerdict::kControlCharacter, 0};
    if (IsVariationSelector(point.value)) continue;
    visible = visible || !(IsSpaceOrDot(point.value) || IsJoiner(point.value));
    ++characters;
  }
  if (!visible) return {NameVerdict::kEmpty, 0};
  return {characters > characters_max ? NameVerdict::kTooLong : NameVerdict::kValid, characters};
}

}  // namespace mynumber::identifiers
