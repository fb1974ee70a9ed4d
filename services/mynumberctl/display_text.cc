#include "services/mynumberctl/display_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_split.h"

namespace mynumber::mynumberctl {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// The character at the front of `text` (not empty) and its bytes; -1 and 1 if these are not UTF-8.
std::pair<utf8proc_int32_t, size_t> Front(std::string_view text) {
  utf8proc_int32_t character;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &character);
  if (size <= 0) return {-1, 1};
  return {character, static_cast<size_t>(size)};
}

int WidthOf(utf8proc_int32_t character) { return character < 0 ? 1 : utf8proc_charwidth(character); }

bool Steers(utf8proc_int32_t character) {
  const bool turns = (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069) ||
                     character == 0x200E || character == 0x200F;
  return character < 0 || turns || utf8proc_category(character) == UTF8PROC_CATEGORY_CC;
}

// Bytes of the longest beginning of `text` that fits into `width` columns.
size_t BytesWithin(std::string_view text, int width) {
  size_t bytes = 0;
  while (bytes < text.size()) {
    const auto [character, size] = Front(text.substr(bytes));
    width -= WidthOf(character);
    if (width < 0) break;
    bytes += size;
  }
  return bytes;
}

// Where a line of help has its description: behind the last run of two spaces or more, else at its indentation.
size_t DescriptionColumn(std::string_view line) {
  const size_t gap = line.rfind("  ");
  return gap == std::string_view::npos ? 0 : gap + 2;
}

}  // namespace

int DisplayWidth(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const auto [character, size] = Front(text);
    width += WidthOf(character);
    text.remove_prefix(size);
  }
  return width;
}

std::string Printable(std::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const auto [character, size] = Front(text);
    printable.append(Steers(character) ? kReplacement : text.substr(0, size));
    text.remove_prefix(size);
  }
  return printable;
}

std::string Cut(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  return std::string(text.substr(0, BytesWithin(text, width - 1))).append(kEllipsis);
}

std::vector<std::string> Wrap(std::string_view text, int width) {
  std::vector<std::string> lines;
  while (DisplayWidth(text) > width) {
    size_t end = BytesWithin(text, width);
    size_t next = end;
    // A space right behind the line may be the break too.
    if (const size_t space = text.rfind(' ', end); space != std::string_view::npos && space > 0) {
      end = space;
      next = space + 1;
    }
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(next);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

std::string WrapHelp(std::string_view help, int columns) {
  std::string wrapped;
  const std::vector<std::string> lines = absl::StrSplit(absl::string_view(help.data(), help.size()), '\n');
  for (const std::string& line : lines) {
    const size_t begin = DescriptionColumn(line);
    wrapped.append(line, 0, begin);
    std::string between;
    for (const std::string& part :
         Wrap(std::string_view(line).substr(begin), std::max(20, columns - static_cast<int>(begin)))) {
      wrapped.append(between).append(part);
      between = "\n" + std::string(begin, ' ');
    }
    wrapped += '\n';
  }
  wrapped.pop_back();
  return wrapped;
}

std::string Grouped(uint64_t value) {
  std::string digits = std::to_string(value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, ",");
  return digits;
}

}  // namespace mynumber::mynumberctl
