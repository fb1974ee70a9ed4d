#include "libs/log_copy/copy_fold.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace mynumber::log_copy {

using eventlog::v1::ExportedPartition;
using eventlog::v1::ExportedRecord;
using eventlog::v1::ExportHeader;
using eventlog::v1::ExportItem;
using eventlog::v1::ExportTrailer;
using eventlog::v1::Record;
using eventsourcing::Offset;
using eventsourcing::Verdict;

namespace {

constexpr uint32_t kFormatVersion = 1;

constexpr char kTakeAnother[] = ". Take it again, or another copy of it";

absl::Status NotAnExport(const std::string& what) {
  return absl::DataLossError(absl::StrCat("this is no export as `mynumberctl log export --output protobuf` writes it: ",
                                          what, kTakeAnother));
}

}  // namespace

PartitionFold::PartitionFold(uint32_t partition, eventsourcing::ChainHash chain)
    : partition_(partition), chain_(std::move(chain)), head_(eventsourcing::EmptyHead()) {}

absl::Status PartitionFold::Broken(const std::string& what) const {
  return absl::DataLossError(absl::StrCat("partition ", partition_, ", offset ", records_, ": ", what));
}

absl::Status PartitionFold::Take(Offset offset, const std::string& bytes) {
  if (offset != static_cast<Offset>(records_)) {
    return Broken(absl::StrCat("the record of offset ", offset, " stands here: others are missing or out of order"));
  }
  Record record;
  const bool parsed = record.ParseFromString(bytes);
  const Verdict verdict = parsed ? eventsourcing::Judge(head_, record) : Verdict::kVoid;
  if (verdict == Verdict::kAlarm) {
    return Broken("this record continues another history than stands before it: one was changed");
  }
  // One batch is in flight for each claim, so an honest log cannot lack one.
  if (parsed && verdict == Verdict::kVoid && record.batch().claim_id() == head_.claim_id() &&
      record.batch().claim_sequence() > head_.next_claim_sequence()) {
    return Broken("a batch of the same writer is missing before this one");
  }
  if (verdict == Verdict::kVoid) {
    ++void_records_;
  } else {
    head_ = eventsourcing::Advance(head_, record, bytes, offset, chain_);
  }
  ++records_;
  return absl::OkStatus();
}

ExportedPartition PartitionFold::End() const {
  ExportedPartition end;
  end.set_partition(partition_);
  end.set_records(records_);
  end.set_void_records(void_records_);
  end.set_sequence(head_.sequence());
  end.set_running_hash(head_.running_hash());
  return end;
}

CopyFold::CopyFold(eventsourcing::ChainHash chain) : chain_(std::move(chain)), partition_(0, chain_) {}

absl::Status CopyFold::Take(const ExportItem& item) {
  if (has_trailer_) return NotAnExport("something stands behind its trailer");
  if (item.has_header() != (header_.format_version() == 0)) return NotAnExport("it must have one header, at its start");
  switch (item.item_case()) {
    case ExportItem::kHeader:
      return TakeHeader(item.header());
    case ExportItem::kRecord:
      return TakeRecord(item.record());
    case ExportItem::kPartition:
      return TakeEnd(item.partition());
    case ExportItem::kTrailer:
      return TakeTrailer(item.trailer());
    case ExportItem::ITEM_NOT_SET:
      break;
  }
  return NotAnExport("it holds an item of a kind that is not known here");
}

absl::Status CopyFold::TakeHeader(const ExportHeader& header) {
  if (header.format_version() != kFormatVersion) {
    return NotAnExport(absl::StrCat("its format has version ", header.format_version(), ", and ", kFormatVersion,
                                    " is the one known here"));
  }
  std::set<uint32_t> seen;
  for (uint32_t partition : header.partitions()) {
    if (partition >= header.partition_count() || !seen.insert(partition).second) {
      return NotAnExport(absl::StrCat("its header names partition ", partition, " twice or beyond ",
                                      header.partition_count()));
    }
  }
  if (seen.empty()) return NotAnExport("it names no partition");
  header_ = header;
  partition_ = PartitionFold(header.partitions(0), chain_);
  return absl::OkStatus();
}

absl::Status CopyFold::CheckTurn(uint32_t partition) const {
  if (ended_ < header_.partitions_size() && header_.partitions(ended_) == partition) return absl::OkStatus();
  return NotAnExport(absl::StrCat("partition ", partition, " stands where it is not its turn"));
}

absl::Status CopyFold::TakeRecord(const ExportedRecord& record) {
  absl::Status status = CheckTurn(record.partition());
  if (!status.ok()) return status;
  status = partition_.Take(record.offset(), record.record());
  if (status.ok()) return status;
  return absl::DataLossError(absl::StrCat("the export is damaged: ", std::string(status.message()), kTakeAnother));
}

absl::Status CopyFold::TakeEnd(const ExportedPartition& end) {
  absl::Status status = CheckTurn(end.partition());
  if (!status.ok()) return status;
  const ExportedPartition own = partition_.End();
  if (own.records() != end.records() || own.void_records() != end.void_records()) {
    return NotAnExport(absl::StrCat("partition ", end.partition(), " must have ", end.records(), " records, ",
                                    end.void_records(), " of them void, and has ", own.records(), " and ",
                                    own.void_records()));
  }
  if (own.sequence() != end.sequence() || own.running_hash() != end.running_hash()) {
    return NotAnExport(absl::StrCat("partition ", end.partition(), " comes to another running hash than the export ",
                                    "tells: its last record was changed"));
  }
  records_ += own.records();
  ++ended_;
  if (ended_ < header_.partitions_size()) partition_ = PartitionFold(header_.partitions(ended_), chain_);
  return absl::OkStatus();
}

absl::Status CopyFold::TakeTrailer(const ExportTrailer& trailer) {
  if (ended_ < header_.partitions_size()) {
    return NotAnExport(absl::StrCat("partition ", header_.partitions(ended_), " has no end"));
  }
  if (trailer.records() != records_) {
    return NotAnExport(absl::StrCat("its trailer tells of ", trailer.records(), " records, and there are ", records_));
  }
  has_trailer_ = true;
  return absl::OkStatus();
}

absl::Status CopyFold::Finish() const {
  if (has_trailer_) return absl::OkStatus();
  if (header_.format_version() == 0) return NotAnExport("it is empty");
  if (ended_ == header_.partitions_size()) return NotAnExport("it was cut off before its trailer");
  return NotAnExport(absl::StrCat("it was cut off in partition ", header_.partitions(ended_), ", behind ",
                                  partition_.records(), " of its records"));
}

}  // namespace mynumber::log_copy
