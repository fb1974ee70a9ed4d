#include "libs/log/json.h"

#include <cstdint>
#include <cstdio>

namespace mynumber::log {
namespace {

constexpr std::string_view kReplacement = "\\ufffd";

unsigned char ByteAt(std::string_view text, size_t at) { return static_cast<unsigned char>(text[at]); }

bool IsContinuation(std::string_view text, size_t at) {
  return at < text.size() && (ByteAt(text, at) & 0xC0) == 0x80;
}

// Length of the well-formed UTF-8 sequence (Unicode 15.0, table 3-7) that `text` begins with; 0 if it is not one.
size_t SequenceLength(std::string_view text) {
  const unsigned char first = ByteAt(text, 0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xC2 && first <= 0xDF ? 2 : first >= 0xE0 && first <= 0xEF ? 3
                        : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text, i)) return 0;
  }
  if (length < 3) return length;
  const unsigned char second = ByteAt(text, 1);
  const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool is_surrogate = first == 0xED && second > 0x9F;
  const bool is_beyond = first == 0xF4 && second > 0x8F;
  return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

void AppendEscaped(unsigned char c, std::string& json) {
  switch (c) {
    case '"': json += "\\\""; return;
    case '\\': json += "\\\\"; return;
    case '\n': json += "\\n"; return;
    case '\t': json += "\\t"; return;
  }
  char escape[8];
  std::snprintf(escape, sizeof(escape), "\\u%04x", c);
  json += escape;
}

bool IsPlain(unsigned char c) { return c >= 0x20 && c != '"' && c != '\\' && c != 0x7F; }

}  // namespace

void AppendJsonString(std::string_view text, std::string& json) {
  json += '"';
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const size_t length = SequenceLength(rest);
    const std::string_view sequence = rest.substr(0, length);
    if (length == 0) {
      json += kReplacement;
    } else if (length == 1 && !IsPlain(ByteAt(rest, 0))) {
      AppendEscaped(ByteAt(rest, 0), json);
    } else if (sequence == "\u2028" || sequence == "\u2029") {
      json += sequence == "\u2028" ? "\\u2028" : "\\u2029";
    } else {
      json += sequence;
    }
    at += length == 0 ? 1 : length;
  }
  json += '"';
}

}  // namespace mynumber::log
