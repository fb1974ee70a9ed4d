#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_TABLE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_TABLE_H_

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/mynumberctl/display_text.h"

namespace mynumber::mynumberctl {

enum class Align { kLeft, kRight };

// What becomes of a column where the terminal is too narrow for the table. kDrop columns go first, from the right, then
// the one of kCut or kWrap gives way. kWhole columns, as names to be copied, stay though the line wraps.
enum class Fit { kWhole, kDrop, kCut, kWrap };

struct TableColumn {
  std::string title;
  Align align = Align::kLeft;
  Fit fit = Fit::kWhole;
};

// Rows under titles, for people. Columns are as wide as their widest cell on a terminal.
class Table {
 public:
  // At most one column is kCut or kWrap.
  explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // `terminal_columns`: 0 where nothing is to be fitted, since no person reads it on a terminal.
  void Print(std::ostream& out, int terminal_columns) const;

 private:
  std::vector<int> Widths(int terminal_columns) const;
  void PrintRow(std::ostream& out, const std::vector<std::string>& cells, const std::vector<int>& widths) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Names and values of one thing, a line each, values aligned. Empty values are left out.
class Sheet {
 public:
  void Add(std::string name, std::string_view value);
  void Print(std::ostream& out) const;

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_TABLE_H_
