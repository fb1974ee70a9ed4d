#ifndef MYNUMBER_LIBS_LOG_COPY_EXPORT_FILE_H_
#define MYNUMBER_LIBS_LOG_COPY_EXPORT_FILE_H_

#include <cstdint>
#include <istream>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/fold.h"
#include "mynumber/eventlog/v1/export.pb.h"

namespace mynumber::log_copy {

// Writes the frames of an export. Whether they arrived is for the stream to say.
class ExportWriter {
 public:
  ExportWriter(std::ostream* out, eventsourcing::ChainHash chain);
  void Write(const eventlog::v1::ExportItem& item);

 private:
  std::ostream* out_;
  eventsourcing::ChainHash chain_;
  std::string digest_;
};

// Reads them again, each held against its digest.
class ExportReader {
 public:
  ExportReader(std::istream* in, eventsourcing::ChainHash chain);

  // The next item; false at the end of the stream, which need not be that of the export. DATA_LOSS: a frame is damaged,
  // missing or out of its place, or the stream ends within it; the sentence says behind what. Nothing follows then.
  absl::StatusOr<bool> Next(eventlog::v1::ExportItem* item);
  uint64_t bytes_read() const { return bytes_read_; }

 private:
  absl::Status Damaged(const char* what) const;
  // The length in front of a frame; false at the end of the stream.
  absl::StatusOr<bool> ReadLength(uint64_t* length);

  std::istream* in_;
  eventsourcing::ChainHash chain_;
  std::string digest_;
  std::string frame_bytes_;
  eventlog::v1::ExportFrame frame_;
  uint64_t bytes_read_ = 0;
  // Behind what the next one stands: the end of a sentence.
  std::string behind_;
};

}  // namespace mynumber::log_copy

#endif  // MYNUMBER_LIBS_LOG_COPY_EXPORT_FILE_H_
