#include "services/mynumberctl/table.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace mynumber::mynumberctl {
namespace {

constexpr int kHidden = -1;
constexpr int kGapColumns = 2;
// What a column keeps: less says nothing.
constexpr int kCutMin = 16;
constexpr int kWrapMin = 10;

bool IsFlexible(const TableColumn& column) { return column.fit == Fit::kCut || column.fit == Fit::kWrap; }

std::string Padded(std::string_view text, int width, Align align) {
  const std::string padding(std::max(0, width - DisplayWidth(text)), ' ');
  return align == Align::kRight ? padding + std::string(text) : std::string(text) + padding;
}

int LineWidth(const std::vector<int>& widths) {
  int line = -kGapColumns;
  for (int width : widths) line += width == kHidden ? 0 : width + kGapColumns;
  return line;
}

std::vector<std::string> CellLines(const std::string& cell, int width, Fit fit) {
  if (fit == Fit::kWrap) return Wrap(cell, width);
  return {fit == Fit::kCut ? Cut(cell, width) : cell};
}

}  // namespace

void Table::Add(std::vector<std::string> cells) {
  if (cells.size() != columns_.size()) {
    std::cerr << "a table row has " << cells.size() << " cells for " << columns_.size() << " columns\n";
    std::abort();
  }
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

std::vector<int> Table::Widths(int terminal_columns) const {
  std::vector<int> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    int width = DisplayWidth(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, DisplayWidth(row[i]));
    widths.push_back(width);
  }
  if (terminal_columns <= 0 || LineWidth(widths) <= terminal_columns) return widths;
  const auto flexible = std::find_if(columns_.begin(), columns_.end(), IsFlexible) - columns_.begin();
  const bool has_flexible = flexible < static_cast<int>(columns_.size());
  const int wanted = has_flexible ? widths[flexible] : 0;
  const int least = has_flexible ? std::min(wanted, columns_[flexible].fit == Fit::kCut ? kCutMin : kWrapMin) : 0;
  if (has_flexible) widths[flexible] = least;
  for (size_t i = columns_.size(); i-- > 0 && LineWidth(widths) > terminal_columns;) {
    if (columns_[i].fit == Fit::kDrop) widths[i] = kHidden;
  }
  if (has_flexible) widths[flexible] = std::clamp(terminal_columns - (LineWidth(widths) - least), least, wanted);
  return widths;
}

void Table::PrintRow(std::ostream& out, const std::vector<std::string>& cells, const std::vector<int>& widths) const {
  std::vector<std::vector<std::string>> parts;
  size_t lines = 1;
  for (size_t i = 0; i < cells.size(); ++i) {
    parts.push_back(CellLines(cells[i], std::max(kGapColumns, widths[i]), columns_[i].fit));
    if (widths[i] != kHidden) lines = std::max(lines, parts[i].size());
  }
  for (size_t at = 0; at < lines; ++at) {
    std::string line;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (widths[i] == kHidden) continue;
      if (!line.empty()) line.append(kGapColumns, ' ');
      line += Padded(at < parts[i].size() ? parts[i][at] : "", widths[i], columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

void Table::Print(std::ostream& out, int terminal_columns) const {
  const std::vector<int> widths = Widths(terminal_columns);
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  PrintRow(out, titles, widths);
  for (const auto& row : rows_) PrintRow(out, row, widths);
}

void Sheet::Add(std::string name, std::string_view value) {
  if (!value.empty()) lines_.emplace_back(std::move(name), Printable(value));
}

void Sheet::Print(std::ostream& out) const {
  int width = 0;
  for (const auto& line : lines_) width = std::max(width, DisplayWidth(line.first));
  for (const auto& [name, value] : lines_) out << Padded(name, width, Align::kLeft) << "  " << value << '\n';
}

}  // namespace mynumber::mynumberctl
