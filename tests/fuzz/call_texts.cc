// Texts that come along with calls: where a list goes on, positions, addresses for mail, moments, languages.

#include <string>

#include "libs/eventsourcing/position.h"
#include "libs/mailbox/email_address.h"
#include "libs/serving/pages.h"
#include "services/hotline/domain/validate.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

void TryPages(const std::string& text) {
  const auto token = serving::ParsePageToken(text);
  if (token) Holds(serving::FormatPageToken(*token) == text, "a page token has one writing");
  constexpr uint32_t kPartitions = 300;
  for (const size_t last_bytes : {size_t{0}, size_t{4}, size_t{16}}) {
    const auto cursor = serving::ParseCursor(text, kPartitions, last_bytes);
    if (!cursor) continue;
    Holds(cursor->partition < kPartitions && (cursor->last.empty() || cursor->last.size() == last_bytes),
          "a cursor stands within a partition");
    Holds(text.empty() || serving::FormatCursor(*cursor) == text, "a cursor has one writing");
  }
}

void TryPosition(const std::string& text) {
  const auto position = eventsourcing::ParsePosition(text);
  if (!position) return;
  const std::string written = eventsourcing::FormatPosition(*position);
  Holds(written == text, "a position has one writing");
}

void TryAddress(const std::string& text) {
  if (!mailbox::IsEmailAddress(text)) return;
  Holds(text.size() <= 254 && text.find_first_of(std::string_view("\r\n\0 <>,;:\"", 10)) == text.npos,
        "an address has nothing that would end a header line or a command");
  Holds(!mailbox::HostOf(text).empty() && mailbox::HostOf(text).find('@') == std::string_view::npos,
        "an address has a host");
}

void TryHotline(const std::string& text) {
  const auto micros = hotline::ValidateTime(text);
  Holds(!micros.ok() || *micros >= 0, "a moment is after 1970");
  const auto language = hotline::ValidateLanguage(text);
  if (language.ok()) Holds(*hotline::ValidateLanguage(*language) == *language, "a language's own tag is understood");
  if (hotline::LooksLikeIndividualNumber(text)) Holds(text.size() >= 12, "a number has twelve digits");
  hotline::HoldsIndividualNumber(text);
}

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(mynumber::fuzz::InputOf(data, size));
  mynumber::fuzz::TryPages(text);
  mynumber::fuzz::TryPosition(text);
  mynumber::fuzz::TryAddress(text);
  mynumber::fuzz::TryHotline(text);
  return 0;
}
