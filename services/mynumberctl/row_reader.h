#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_ROW_READER_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_ROW_READER_H_

#include <cstdint>
#include <istream>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/mynumberctl/resident_row.h"

namespace mynumber::mynumberctl {

// Rows of a file of residents, one line each. One thread at a time.
class RowReader {
 public:
  enum class Result {
    kRow,      // *row, until the next call
    kRefused,  // *refusal says why this line is no row; the next call goes on behind it
    kEnd,      // of the file, or status() says why it cannot be read on
  };

  virtual ~RowReader() = default;

  virtual Result Read(ResidentRow* row, RowRefusal* refusal) = 0;
  // Of what was read last, from 1.
  virtual uint64_t line() const = 0;
  // About how far into the file that is.
  virtual uint64_t bytes_read() const = 0;
  virtual absl::Status status() const { return absl::OkStatus(); }
};

// Comma-separated values as RFC 4180 has them, but for line breaks within quotes: no field has one, and so one
// forgotten quote costs one row. The first line names the columns, in any order; request_id, alias, name_kana,
// residence_status and period_of_stay_end may be absent. The error is that line's. `in` outlives the reader.
absl::StatusOr<std::unique_ptr<RowReader>> OpenCsv(std::istream& in);

// One JSON object of texts on each line, members named as the columns. `in` outlives the reader.
std::unique_ptr<RowReader> OpenJsonLines(std::istream& in);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_ROW_READER_H_
