#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_TABLE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_TABLE_H_

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace mynumber::mynumberctl {

// Columns that a terminal takes for `text`: kanji and kana two each, combining marks and variation selectors none.
int DisplayWidth(std::string_view text);

// `text` with U+FFFD for what would steer a terminal or turn the direction of writing, and for bytes that are not UTF-8.
std::string Printable(std::string_view text);

enum class Align { kLeft, kRight };
struct TableColumn {
  std::string title;
  Align align = Align::kLeft;
};

// Rows under titles, for people. Columns are as wide as their widest cell on a terminal.
class Table {
 public:
  explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  void Print(std::ostream& out) const;

 private:
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

// 1234567 as "1,234,567".
std::string Grouped(uint64_t value);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_TABLE_H_
