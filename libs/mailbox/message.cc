#include "libs/mailbox/message.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "libs/calendar/day.h"
#include "libs/mailbox/email_address.h"

namespace mynumber::mailbox {
namespace {

constexpr size_t kHeaderTextBytesMax = 200;
// 52 characters of base64: a line with an encoded word may have 76, with frame and "Subject: ".
constexpr size_t kWordBytesMax = 39;
constexpr size_t kLineCharactersMax = 76;
constexpr size_t kMessageIdBytesMax = 64;

bool IsMessageId(std::string_view id) {
  return !id.empty() && id.size() <= kMessageIdBytesMax && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// The longest beginning of at most `bytes_max` bytes that ends with a whole character.
std::string_view Beginning(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  // Bytes that are no UTF-8 may go on like this for ever.
  return text.substr(0, end == 0 ? bytes_max : end);
}

std::string Base64(std::string_view text) { return absl::Base64Escape(absl::string_view(text.data(), text.size())); }

// Encoded words, one a line.
std::string EncodedWords(std::string_view text) {
  std::string clean(Beginning(text, kHeaderTextBytesMax));
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  std::string words;
  for (std::string_view rest = clean; !rest.empty();) {
    const std::string_view word = Beginning(rest, kWordBytesMax);
    absl::StrAppend(&words, words.empty() ? "" : "\r\n ", "=?UTF-8?B?", Base64(word), "?=");
    rest.remove_prefix(word.size());
  }
  return words;
}

std::string Body(const std::string& text) {
  const std::string lines = absl::StrReplaceAll(absl::StrReplaceAll(text, {{"\r", ""}}), {{"\n", "\r\n"}});
  const std::string encoded = Base64(lines);
  std::string body;
  for (size_t at = 0; at < encoded.size(); at += kLineCharactersMax) {
    body.append(encoded, at, kLineCharactersMax).append("\r\n");
  }
  return body;
}

// "Fri, 27 Nov 2026 12:34:56 +0900".
std::string DateInTokyo(int64_t micros) {
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const calendar::Day day = calendar::DayInTokyo(micros);
  const int64_t seconds = (micros - calendar::StartOfDayMicros(day)) / 1'000'000;
  return absl::StrFormat("%s, %d %s %d %02d:%02d:%02d +0900",
                         std::string(calendar::WeekdayNameInEnglish(day).substr(0, 3)), day.day(),
                         kMonths[day.month() - 1], day.year(), seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

absl::Status CheckRecipient(const Mail& mail) {
  if (IsEmailAddress(mail.to)) return absl::OkStatus();
  return absl::InvalidArgumentError("The recipient of a mail is no e-mail address: ask for another one.");
}

std::string MessageOf(const Mail& mail, const Sender& sender, int64_t now_micros) {
  assert(IsEmailAddress(mail.to) && "CheckRecipient comes first");
  assert(IsEmailAddress(sender.address) && "the sender's address is no e-mail address");
  assert(IsMessageId(mail.message_id) && "a mail's id has 1 to 64 letters, digits, - and _");
  const std::string_view host = HostOf(sender.address);
  return absl::StrCat("From: ", EncodedWords(sender.name), sender.name.empty() ? "" : "\r\n ", "<", sender.address,
                      ">\r\nTo: <", mail.to, ">\r\nSubject: ", EncodedWords(mail.subject), "\r\nDate: ",
                      DateInTokyo(now_micros), "\r\nMessage-ID: <", mail.message_id, "@",
                      absl::string_view(host.data(), host.size()),
                      ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                      "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n",
                      Body(mail.text));
}

}  // namespace mynumber::mailbox
