#include <utf8proc.h>

#include <cstdint>
#include <vector>

#include "libs/identifiers/person_name.h"
#include "libs/identifiers/utf8.h"

// Names of most residents are kanji, kana and ASCII: those are folded here, character by character.
// One character beyond sends the whole name through utf8proc first.
namespace mynumber::identifiers {
namespace {

constexpr uint32_t kHalfWidthKana[] = {
    0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2,
    0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9,
    0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE,
    0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6,
    0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3};  // FF66 to FF9D

// Katakana with a voiced (FF9E) or half-voiced (FF9F) sound mark put on; 0 if it takes none, or as
// wa and wo do takes one in katakana but not in hiragana.
uint32_t WithSoundMark(uint32_t katakana, uint32_t mark) {
  const bool ha_row = Within(katakana, 0x30CF, 0x30DB) && (katakana - 0x30CF) % 3 == 0;
  if (mark == 0xFF9F) return ha_row ? katakana + 2 : 0;
  if (ha_row) return katakana + 1;
  if (Within(katakana, 0x30AB, 0x30C1)) return katakana % 2 == 1 ? katakana + 1 : 0;
  switch (katakana) {
    case 0x30C4:
    case 0x30C6:
    case 0x30C8:
    case 0x30FD:
      return katakana + 1;
    case 0x30A6:
      return 0x30F4;
    default:
      return 0;
  }
}

// Characters that a name's form drops, and that stand for nothing else.
bool IsDropped(uint32_t value) {
  return value == 0x20 || value == 0x3000 || value == 0x30FB || value == 0xFF65 || value == 0xB7 ||
         value == 0x2027 || Within(value, 0xFE00, 0xFE0F) || Within(value, 0xE0100, 0xE01EF);
}

// Kanji that NFKC leaves alone.
bool IsPlainKanji(uint32_t value) {
  return Within(value, 0x4E00, 0x9FFF) || Within(value, 0x3400, 0x4DBF) ||
         Within(value, 0x3005, 0x3007) || Within(value, 0x20000, 0x2F7FF) ||
         Within(value, 0x30000, 0x3FFFD);
}

// The katakana for any kana that NFKC leaves alone or makes wide; 0 for all else.
uint32_t AsKatakana(uint32_t value) {
  if (Within(value, 0x3041, 0x3096) || value == 0x309D || value == 0x309E) return value + 0x60;
  if (Within(value, 0x30A1, 0x30FA) || Within(value, 0x30FC, 0x30FE)) return value;
  if (Within(value, 0xFF66, 0xFF9D)) return kHalfWidthKana[value - 0xFF66];
  return 0;
}

char LowerAscii(uint32_t value) {
  return static_cast<char>(Within(value, 'A', 'Z') ? value + 32 : value);
}

// Appends the fold of a name of kanji, kana and ASCII. At any other character: false if `strict`,
// else the character is taken as it is.
bool Fold(std::string_view name, bool strict, std::string* out) {
  uint32_t previous_kana = 0;
  for (size_t at = 0; at < name.size();) {
    const CodePoint point = DecodeUtf8(name, at);
    if (point.size == 0) return false;
    const uint32_t value = point.value;
    const uint32_t kana = AsKatakana(value);
    if (kana != 0) {
      AppendThreeBytes(kana, out);
    } else if (IsPlainKanji(value)) {
      out->append(name, at, point.size);
    } else if (IsDropped(value)) {
      // A sound mark after it stands alone, as it does for the tables.
    } else if (value < 0x80) {
      out->push_back(LowerAscii(value));
    } else if (Within(value, 0xFF01, 0xFF5E)) {
      out->push_back(LowerAscii(value - 0xFEE0));
    } else if (const uint32_t voiced =
                   Within(value, 0xFF9E, 0xFF9F) ? WithSoundMark(previous_kana, value) : 0) {
      out->resize(out->size() - 3);
      AppendThreeBytes(voiced, out);
    } else if (strict) {
      return false;
    } else {
      out->append(name, at, point.size);
    }
    previous_kana = kana;
    at += point.size;
  }
  return true;
}

// NFKC with case folding and without ignorable characters. False if the bytes are not UTF-8.
bool FoldByTables(std::string_view name, std::string* out) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(
      UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
  const auto size = static_cast<utf8proc_ssize_t>(name.size());
  // One place more than needed: reencode ends its text with a zero.
  std::vector<utf8proc_int32_t> points(4 * name.size() + 64);
  utf8proc_ssize_t count =
      utf8proc_decompose(bytes, size, points.data(), points.size() - 1, kOptions);
  if (count >= static_cast<utf8proc_ssize_t>(points.size())) {
    points.resize(count + 1);
    count = utf8proc_decompose(bytes, size, points.data(), count, kOptions);
  }
  if (count < 0) return false;
  const utf8proc_ssize_t length = utf8proc_reencode(points.data(), count, kOptions);
  if (length < 0) return false;
  return Fold({reinterpret_cast<const char*>(points.data()), static_cast<size_t>(length)}, false,
              out);
}

}  // namespace

std::string MatchingForm(std::string_view name) {
  std::string form;
  form.reserve(name.size());
  if (Fold(name, /*strict=*/true, &form)) return form;
  return internal::MatchingFormByTables(name);
}

namespace internal {

std::string MatchingFormByTables(std::string_view name) {
  std::string form;
  return FoldByTables(name, &form) ? form : std::string(name);
}

}  // namespace internal
}  // namespace mynumber::identifiers
