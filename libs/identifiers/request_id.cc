#include "libs/identifiers/request_id.h"

#include "libs/identifiers/lower_hex.h"

namespace mynumber::identifiers {
namespace {

constexpr size_t kTextLength = 36;

bool IsHyphenPlace(size_t place) { return place == 8 || place == 13 || place == 18 || place == 23; }

int HexValue(char c) { return LowerHexValue(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c); }

}  // namespace

std::optional<RequestId> ParseRequestId(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  RequestId id;
  size_t place = 0;
  for (uint8_t& byte : id) {
    if (IsHyphenPlace(place) && text[place++] != '-') return std::nullopt;
    const int value = HexValue(text[place]) * 16 | HexValue(text[place + 1]);
    if (value < 0) return std::nullopt;
    byte = static_cast<uint8_t>(value);
    place += 2;
  }
  if (id == RequestId{}) return std::nullopt;
  return id;
}

std::string FormatRequestId(const RequestId& id) {
  std::string text(kTextLength, '-');
  size_t place = 0;
  for (const uint8_t& byte : id) {
    if (IsHyphenPlace(place)) ++place;
    WriteLowerHex(&byte, 1, text.data() + place);
    place += 2;
  }
  return text;
}

}  // namespace mynumber::identifiers
