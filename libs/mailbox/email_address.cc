#include "libs/mailbox/email_address.h"

#include <algorithm>
#include <cstddef>

namespace mynumber::mailbox {
namespace {

// RFC 5321, 4.5.3.1, and the 256 of a path less its brackets.
constexpr size_t kAddressBytesMax = 254;
constexpr size_t kLocalPartBytesMax = 64;
constexpr size_t kLabelBytesMax = 63;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsAtom(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return IsAlphanumeric(c) || kOthers.find(c) != std::string_view::npos;
  });
}

bool IsLabel(std::string_view text) {
  return !text.empty() && text.size() <= kLabelBytesMax && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsAlphanumeric(c) || c == '-'; });
}

// How many parts between dots there are; 0 if one is not as it must be.
int CountParts(std::string_view text, bool (*is_part)(std::string_view)) {
  for (int count = 1;; ++count) {
    const size_t dot = text.find('.');
    if (!is_part(text.substr(0, dot))) return 0;
    if (dot == std::string_view::npos) return count;
    text.remove_prefix(dot + 1);
  }
}

bool IsHostName(std::string_view text) {
  if (CountParts(text, &IsLabel) < 2) return false;
  // The last label of an IP address is a number, that of a name is none.
  const std::string_view last = text.substr(text.rfind('.') + 1);
  return !std::all_of(last.begin(), last.end(), &IsDigit);
}

}  // namespace

bool IsEmailAddress(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at > kLocalPartBytesMax || text.size() > kAddressBytesMax) return false;
  return CountParts(text.substr(0, at), &IsAtom) > 0 && IsHostName(text.substr(at + 1));
}

std::string_view HostOf(std::string_view address) { return address.substr(address.find('@') + 1); }

}  // namespace mynumber::mailbox
