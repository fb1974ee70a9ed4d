#include <algorithm>
#include <atomic>

#include "libs/log/log.h"

namespace mynumber::log {
namespace {

// A resident record code has 11 digits, an Individual Number 12, an application ID 23 (docs/domain.md A.2).
constexpr int kShortestPersonalDigits = 11;

std::atomic<uint64_t> redacted{0};

// Bytes of the digit that `text` begins with, ASCII or full-width (U+FF10 to U+FF19); 0 if it begins with none.
size_t DigitLength(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) >= '0' && byte(0) <= '9') return 1;
  const bool is_full_width =
      text.size() >= 3 && byte(0) == 0xEF && byte(1) == 0xBC && byte(2) >= 0x90 && byte(2) <= 0x99;
  return is_full_width ? 3 : 0;
}

struct Run {
  int digits = 0;
  size_t bytes = 0;  // to the end of the last digit
};

// The run of digits, with single separators between them, that `text` begins with.
Run RunAt(std::string_view text) {
  Run run;
  size_t at = 0;
  while (const size_t digit = DigitLength(text.substr(at))) {
    at += digit;
    ++run.digits;
    run.bytes = at;
    const bool is_separated = at < text.size() && (text[at] == ' ' || text[at] == '-');
    if (is_separated && DigitLength(text.substr(at + 1)) > 0) ++at;
  }
  return run;
}

// A span id, a trace id or a UUID. One in thirty has a long run of digits; hardly any has fewer than four letters.
bool IsIdMadeByChance(std::string_view text) {
  if (text.size() != 16 && text.size() != 32 && text.size() != 36) return false;
  int letters = 0;
  for (char c : text) {
    const bool is_letter = c >= 'a' && c <= 'f';
    if (!is_letter && (c < '0' || c > '9') && c != '-') return false;
    letters += is_letter;
  }
  return letters >= 4;
}

}  // namespace

uint64_t RedactedCount() { return redacted.load(std::memory_order_relaxed); }

std::string Redact(std::string_view text) {
  if (IsIdMadeByChance(text)) return std::string(text);
  std::string safe;
  safe.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const Run run = RunAt(text.substr(at));
    if (run.digits >= kShortestPersonalDigits) {
      safe += "[digits]";
      redacted.fetch_add(1, std::memory_order_relaxed);
    } else {
      safe += text.substr(at, std::max<size_t>(run.bytes, 1));
    }
    at += std::max<size_t>(run.bytes, 1);
  }
  return safe;
}

}  // namespace mynumber::log
