#ifndef MYNUMBER_LIBS_CSV_TABLE_READER_H_
#define MYNUMBER_LIBS_CSV_TABLE_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::csv {

// Why a line is no row. Closed.
enum class LineProblem { kTooFewFields, kTooManyFields, kQuoteNotClosed, kLineTooLong };

// "COLUMNS_MISSING", and what to do about it in words for the person who has the file.
std::string_view NameOf(LineProblem problem);
std::string_view SentenceOf(LineProblem problem);

struct Column {
  std::string name;             // in UTF-8, for sentences
  bool may_be_absent = false;
  std::string in_file = name;   // the same name in the file's encoding
};

// Comma-separated values as RFC 4180 has them, but for line breaks within quotes: no field has one, and so one
// forgotten quote costs one row. Reads a file of any length in about 50 MB. Any encoding in which commas, quotes and
// line breaks are the bytes of ASCII and of nothing else: UTF-8, Shift_JIS. One thread at a time.
class TableReader {
 public:
  static constexpr size_t kColumnsMax = 16;
  static constexpr size_t kLineBytesMax = 64 * 1024;

  enum class Result {
    kRow,     // *fields
    kBroken,  // *problem says why this line is no row; the next call goes on behind it
    kEnd,     // of the file, or status() says why it cannot be read on
  };
  // One for each column, until the next call; no data() for a column that the file does not have. NUL has become \x01.
  using Fields = std::array<std::string_view, kColumnsMax>;

  // Reads the first line, which names the columns in any order, each at most once and no other. The error is that
  // line's, and does not show it: in a file without names it is somebody's. `head` is what was read from `in` before;
  // `in` outlives the reader. At most kColumnsMax columns.
  static absl::StatusOr<std::unique_ptr<TableReader>> Open(std::istream& in, const std::vector<Column>& columns,
                                                           std::string head = "");
  ~TableReader();

  Result Read(Fields* fields, LineProblem* problem);
  // Of what was read last, from 1; empty lines count, and are no rows.
  uint64_t line() const;
  // About how far into the file that is.
  uint64_t bytes_read() const { return bytes_read_; }
  absl::Status status() const;

 private:
  struct Parts;
  explicit TableReader(std::unique_ptr<Parts> parts);
  Result Broken(LineProblem why, LineProblem* problem);

  std::unique_ptr<Parts> parts_;
  uint64_t bytes_read_ = 0;
};

}  // namespace mynumber::csv

#endif  // MYNUMBER_LIBS_CSV_TABLE_READER_H_
