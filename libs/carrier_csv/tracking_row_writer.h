#ifndef MYNUMBER_LIBS_CARRIER_CSV_TRACKING_ROW_WRITER_H_
#define MYNUMBER_LIBS_CARRIER_CSV_TRACKING_ROW_WRITER_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "libs/carrier_csv/tracking_row_reader.h"

namespace mynumber::carrier_csv {

// Writes a file as the carrier does, for whoever plays the carrier: in UTF-8, line breaks are CR LF. What it writes,
// TrackingRowReader reads. One thread at a time.
class TrackingRowWriter {
 public:
  // Writes the line of names. `out` outlives the writer.
  explicit TrackingRowWriter(std::ostream& out);

  // kOccurred is written from row.occurred, whose day exists, and with its year if it has one; the other texts as they
  // are. The error says that `out` takes no more; a later call says it again.
  absl::Status Write(const TrackingRow& row);

 private:
  std::ostream& out_;
  std::string line_;
};

}  // namespace mynumber::carrier_csv

#endif  // MYNUMBER_LIBS_CARRIER_CSV_TRACKING_ROW_WRITER_H_
