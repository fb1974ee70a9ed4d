#ifndef MYNUMBER_LIBS_LOG_COPY_LOG_IMPORT_H_
#define MYNUMBER_LIBS_LOG_COPY_LOG_IMPORT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/log.h"
#include "libs/log_copy/copy_fold.h"
#include "mynumber/eventlog/v1/export.pb.h"

namespace mynumber::log_copy {

// The log that an export is to stand in.
struct ImportTarget {
  // What each claim in the export must say.
  eventlog::v1::ClusterSettings settings;
  eventsourcing::ChainHash chain;
  // A handle of one's own, whose calls may block.
  std::function<std::unique_ptr<eventsourcing::PartitionLog>(uint32_t partition)> open_log;
  // Whether the data keys can be used here. DATA_LOSS or NOT_FOUND: they cannot, in a sentence.
  std::function<absl::Status(const eventlog::v1::KeyBlock&)> check_keys;
  // Called before the first record is written: from then on, until `finish`, nobody may claim this log, restarts
  // included. FAILED_PRECONDITION: nothing may be written here; the sentence says what to do.
  std::function<absl::Status()> begin;
  // Everything is there.
  std::function<absl::Status()> finish;
  // Whether an import has begun, now or earlier, and not finished.
  std::function<absl::StatusOr<bool>()> is_under_way;
  // How long a record may take to be acknowledged.
  int64_t append_millis_max = 60'000;
};

// What was done to one partition.
struct ImportedPartition {
  eventlog::v1::ExportedPartition end;
  uint64_t found_records = 0;
  uint64_t written_records = 0;
  // Valid ones behind the export's last: the log has gone on since.
  uint64_t further_records = 0;
};

// Brings one export into a log: compares what is there, writes what is not, and refuses a log that holds anything else.
// Safe to do again at any time, by another process too. One thread; blocks.
//
// Errors of all calls, each a sentence: DATA_LOSS: the export is damaged. ALREADY_EXISTS: other records stand in the
// log. FAILED_PRECONDITION: it belongs to another cluster, or may not be written to. ABORTED: somebody else writes
// there. UNAVAILABLE, RESOURCE_EXHAUSTED: do it again later.
class LogImport {
 public:
  // `target` outlives it.
  explicit LogImport(const ImportTarget* target);

  // The next item of the export; after an error, none.
  absl::Status Take(const eventlog::v1::ExportItem& item);
  // After the last item.
  absl::Status Finish();
  const std::vector<ImportedPartition>& partitions() const { return partitions_; }

 private:
  absl::Status CheckHeader(const eventlog::v1::ExportHeader& header) const;
  absl::Status CheckRecord(const eventlog::v1::ExportedRecord& record) const;
  absl::Status OpenPartition(uint32_t partition);
  // `before`: the head that the record follows on.
  absl::Status TakeRecord(const eventlog::v1::ExportedRecord& record, const eventsourcing::Head& before);
  absl::Status Compare(const eventlog::v1::ExportedRecord& record, const std::string& there);
  absl::Status Append(const eventlog::v1::ExportedRecord& record, const eventsourcing::Head& before);
  absl::Status AwaitAppend(eventsourcing::Offset* offset);
  absl::Status ClosePartition(const eventlog::v1::ExportedPartition& end, const eventsourcing::Head& head);
  // What stands at next_, until the next call; null at the end.
  absl::StatusOr<const eventsourcing::LogRecord*> Peek();
  void Pass();
  // Passes over void records up to `until`. ABORTED: something else stands there.
  absl::Status PassVoid(eventsourcing::Offset until, const eventsourcing::Head& head);
  std::string Place() const;

  const ImportTarget* target_;
  CopyFold fold_;
  std::vector<ImportedPartition> partitions_;
  bool has_begun_ = false;
  // Of the partition under way.
  std::optional<uint32_t> open_;
  ImportedPartition counts_;
  std::unique_ptr<eventsourcing::PartitionLog> log_;
  bool has_writer_ = false;
  eventsourcing::Offset next_ = 0;
  eventsourcing::Offset end_ = 0;
  std::vector<eventsourcing::LogRecord> read_;
  size_t read_index_ = 0;
};

}  // namespace mynumber::log_copy

#endif  // MYNUMBER_LIBS_LOG_COPY_LOG_IMPORT_H_
