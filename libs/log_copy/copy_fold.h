#ifndef MYNUMBER_LIBS_LOG_COPY_COPY_FOLD_H_
#define MYNUMBER_LIBS_LOG_COPY_COPY_FOLD_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "libs/eventsourcing/fold.h"
#include "mynumber/eventlog/v1/export.pb.h"

namespace mynumber::log_copy {

// One partition's records, followed from the first on.
class PartitionFold {
 public:
  PartitionFold(uint32_t partition, eventsourcing::ChainHash chain);

  // DATA_LOSS: this offset or this record cannot follow in an honest log; the sentence names it.
  absl::Status Take(eventsourcing::Offset offset, const std::string& record);
  const eventsourcing::Head& head() const { return head_; }
  // Where it stands, as an export tells it.
  eventlog::v1::ExportedPartition End() const;
  uint64_t records() const { return records_; }

 private:
  absl::Status Broken(const std::string& what) const;

  uint32_t partition_;
  eventsourcing::ChainHash chain_;
  eventsourcing::Head head_;
  uint64_t records_ = 0;
  uint64_t void_records_ = 0;
};

// Follows a whole export, from wherever its items come, and refuses what cannot be a whole copy of an honest log.
class CopyFold {
 public:
  explicit CopyFold(eventsourcing::ChainHash chain);

  // DATA_LOSS: this item cannot stand here; the sentence says why, and where.
  absl::Status Take(const eventlog::v1::ExportItem& item);
  // DATA_LOSS unless the trailer was taken: what came was cut off.
  absl::Status Finish() const;

  // Empty before it was taken.
  const eventlog::v1::ExportHeader& header() const { return header_; }
  // Of the partition that the last item was of.
  const PartitionFold& partition() const { return partition_; }

 private:
  absl::Status TakeHeader(const eventlog::v1::ExportHeader& header);
  absl::Status TakeRecord(const eventlog::v1::ExportedRecord& record);
  absl::Status TakeEnd(const eventlog::v1::ExportedPartition& end);
  absl::Status TakeTrailer(const eventlog::v1::ExportTrailer& trailer);
  // Whether this partition is the one whose records come now.
  absl::Status CheckTurn(uint32_t partition) const;

  eventsourcing::ChainHash chain_;
  eventlog::v1::ExportHeader header_;
  // Partitions of the header that have ended.
  int ended_ = 0;
  PartitionFold partition_;
  uint64_t records_ = 0;
  bool has_trailer_ = false;
};

}  // namespace mynumber::log_copy

#endif  // MYNUMBER_LIBS_LOG_COPY_COPY_FOLD_H_
