#include "services/mynumberctl/table.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

namespace mynumber::mynumberctl {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The character at the front of `text` (not empty) and its bytes; -1 and 1 if these are not UTF-8.
std::pair<utf8proc_int32_t, size_t> Front(std::string_view text) {
  utf8proc_int32_t character;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &character);
  if (size <= 0) return {-1, 1};
  return {character, static_cast<size_t>(size)};
}

bool Steers(utf8proc_int32_t character) {
  const bool turns = (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069) ||
                     character == 0x200E || character == 0x200F;
  return character < 0 || turns || utf8proc_category(character) == UTF8PROC_CATEGORY_CC;
}

void PrintPadded(std::ostream& out, std::string_view text, int width, Align align, bool last) {
  const std::string padding(std::max(0, width - DisplayWidth(text)), ' ');
  if (align == Align::kRight) out << padding;
  out << text;
  if (align == Align::kLeft && !last) out << padding;
}

}  // namespace

int DisplayWidth(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const auto [character, size] = Front(text);
    width += character < 0 ? 1 : utf8proc_charwidth(character);
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

void Table::Add(std::vector<std::string> cells) {
  if (cells.size() != columns_.size()) {
    std::cerr << "a table row has " << cells.size() << " cells for " << columns_.size() << " columns\n";
    std::abort();
  }
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

void Table::Print(std::ostream& out) const {
  std::vector<int> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    int width = DisplayWidth(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, DisplayWidth(row[i]));
    widths.push_back(width);
  }
  const auto print_line = [&](const auto& cell) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) out << "  ";
      PrintPadded(out, cell(i), widths[i], columns_[i].align, i + 1 == columns_.size());
    }
    out << '\n';
  };
  print_line([&](size_t i) -> const std::string& { return columns_[i].title; });
  for (const auto& row : rows_) print_line([&](size_t i) -> const std::string& { return row[i]; });
}

void Sheet::Add(std::string name, std::string_view value) {
  if (!value.empty()) lines_.emplace_back(std::move(name), Printable(value));
}

void Sheet::Print(std::ostream& out) const {
  int width = 0;
  for (const auto& line : lines_) width = std::max(width, DisplayWidth(line.first));
  for (const auto& [name, value] : lines_) {
    PrintPadded(out, name, width, Align::kLeft, false);
    out << "  " << value << '\n';
  }
}

std::string Grouped(uint64_t value) {
  std::string digits = std::to_string(value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, ",");
  return digits;
}

}  // namespace mynumber::mynumberctl
