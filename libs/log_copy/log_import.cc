#include "libs/log_copy/log_import.h"

#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/settings.h"

namespace mynumber::log_copy {

using eventlog::v1::ExportedPartition;
using eventlog::v1::ExportedRecord;
using eventlog::v1::ExportHeader;
using eventlog::v1::ExportItem;
using eventlog::v1::KeyBlock;
using eventlog::v1::Record;
using eventsourcing::AppendRequest;
using eventsourcing::AppendResult;
using eventsourcing::Head;
using eventsourcing::KeyBlockId;
using eventsourcing::LogRecord;
using eventsourcing::Offset;
using eventsourcing::Verdict;

namespace {

constexpr size_t kReadBytes = 4 << 20;
constexpr std::chrono::microseconds kPollPause{100};

bool IsVoid(const Head& head, const std::string& bytes) {
  Record record;
  return eventsourcing::Judge(head, bytes, &record) == Verdict::kVoid;
}

// Under which a batch's keys are stored; empty for a claim.
KeyBlockId KeyBlockIdOf(const std::string& bytes) {
  Record record;
  if (!record.ParseFromString(bytes) || !record.has_batch()) return {};
  return {record.batch().claim_id(), record.batch().claim_sequence()};
}

absl::Status WrittenByAnother(const std::string& place) {
  return absl::AbortedError(absl::StrCat(
      "somebody else writes to this log, at ", place,
      ": stop every instance on it. If the import is refused again, begin anew with an empty log"));
}

}  // namespace

LogImport::LogImport(const ImportTarget* target) : target_(target), fold_(target->chain) {}

std::string LogImport::Place() const { return absl::StrCat("partition ", *open_, ", offset ", next_); }

absl::Status LogImport::Take(const ExportItem& item) {
  const Head before = fold_.partition().head();
  absl::Status status = fold_.Take(item);
  if (!status.ok()) return status;
  switch (item.item_case()) {
    case ExportItem::kHeader:
      return CheckHeader(item.header());
    case ExportItem::kRecord:
      status = OpenPartition(item.record().partition());
      if (status.ok()) status = CheckRecord(item.record());
      return status.ok() ? TakeRecord(item.record(), before) : status;
    case ExportItem::kPartition:
      status = OpenPartition(item.partition().partition());
      return status.ok() ? ClosePartition(item.partition(), before) : status;
    case ExportItem::kTrailer:
    case ExportItem::ITEM_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

absl::Status LogImport::CheckHeader(const ExportHeader& header) const {
  eventlog::v1::ClusterSettings settings = target_->settings;
  settings.set_service(header.service());
  settings.set_partition_count(header.partition_count());
  absl::Status status = eventsourcing::CheckSettings(settings, target_->settings);
  if (!status.ok()) return status;
  if (static_cast<uint32_t>(header.partitions_size()) == header.partition_count()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "this export has ", header.partitions_size(), " of the log's ", header.partition_count(),
      " partitions, and a log moves as a whole: export it without --partition"));
}

absl::Status LogImport::CheckRecord(const ExportedRecord& exported) const {
  Record record;
  if (record.ParseFromString(exported.record()) && record.has_opened()) {
    absl::Status status = eventsourcing::CheckSettings(record.opened().settings(), target_->settings);
    if (!status.ok()) return status;
  }
  if (!exported.has_key_block()) return absl::OkStatus();
  absl::Status status = target_->check_keys(exported.key_block());
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("partition ", exported.partition(), ", offset ", exported.offset(),
                                                  ": ", std::string(status.message())));
}

absl::Status LogImport::OpenPartition(uint32_t partition) {
  if (open_ == partition) return absl::OkStatus();
  log_ = target_->open_log(partition);
  absl::StatusOr<Offset> end = log_->End();
  if (!end.ok()) return end.status();
  open_ = partition;
  counts_ = {};
  has_writer_ = false;
  next_ = 0;
  end_ = *end;
  read_.clear();
  read_index_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<const LogRecord*> LogImport::Peek() {
  if (read_index_ == read_.size() && next_ < end_) {
    auto records = log_->Read(next_, kReadBytes);
    if (!records.ok()) return records.status();
    read_ = *std::move(records);
    read_index_ = 0;
  }
  if (read_index_ == read_.size()) {
    if (next_ < end_) return absl::UnavailableError(absl::StrCat("the log cannot be read at ", Place()));
    return nullptr;
  }
  return &read_[read_index_];
}

void LogImport::Pass() {
  ++next_;
  ++read_index_;
}

absl::Status LogImport::TakeRecord(const ExportedRecord& record, const Head& before) {
  for (;;) {
    auto there = Peek();
    if (!there.ok()) return there.status();
    if (*there == nullptr) return Append(record, before);
    if ((*there)->bytes == record.record()) return Compare(record, (*there)->bytes);
    // What a writer that was thrown away sent may arrive late: a second time, and void.
    if (!IsVoid(before, (*there)->bytes)) {
      return absl::AlreadyExistsError(absl::StrCat(
          "the log is not empty, and at ", Place(), " it holds another record than the export at its offset ",
          record.offset(), ": import into a log that nobody has written to (another --data or --topic_prefix)"));
    }
    Pass();
  }
}

absl::Status LogImport::Compare(const ExportedRecord& record, const std::string& there) {
  const KeyBlockId id = KeyBlockIdOf(there);
  KeyBlock keys;
  if (!id.claim_id.empty()) {
    auto block = log_->ReadKeyBlock(id);
    if (!block.ok() && !absl::IsNotFound(block.status())) return block.status();
    if (block.ok() && !keys.ParseFromString(*block)) return absl::DataLossError("keys of this log cannot be read");
  }
  if (keys.SerializeAsString() != record.key_block().SerializeAsString()) {
    return absl::AlreadyExistsError(absl::StrCat("at ", Place(), " the log holds other data keys than the export: one "
                                                 "of both was changed, or a key was destroyed since"));
  }
  ++counts_.found_records;
  Pass();
  return absl::OkStatus();
}

absl::Status LogImport::Append(const ExportedRecord& record, const Head& before) {
  if (!has_begun_) {
    absl::Status status = target_->begin();
    if (!status.ok()) return status;
    has_begun_ = true;
  }
  if (!has_writer_) {
    absl::Status status = log_->NewWriter();
    if (!status.ok()) return status;
    has_writer_ = true;
  }
  AppendRequest request;
  request.record = record.record();
  if (record.has_key_block()) {
    request.key_block_id = KeyBlockIdOf(record.record());
    request.key_block = record.key_block().SerializeAsString();
  }
  log_->Append(std::move(request));
  Offset offset = -1;
  absl::Status status = AwaitAppend(&offset);
  if (!status.ok()) return status;
  if (offset < next_) return WrittenByAnother(Place());
  end_ = offset + 1;
  status = PassVoid(offset, before);
  if (!status.ok()) return status;
  ++next_;
  // Void records before it were read up to it, maybe with it.
  read_.clear();
  read_index_ = 0;
  ++counts_.written_records;
  return absl::OkStatus();
}

absl::Status LogImport::AwaitAppend(Offset* offset) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(target_->append_millis_max);
  std::optional<AppendResult> result;
  while (!(result = log_->Poll())) {
    if (std::chrono::steady_clock::now() > until) {
      return absl::UnavailableError(absl::StrCat("the log does not take the record of ", Place(), ": import again"));
    }
    std::this_thread::sleep_for(kPollPause);
  }
  if (result->kind == AppendResult::Kind::kAcknowledged) {
    *offset = result->offset;
    return absl::OkStatus();
  }
  return absl::Status(result->status.code(), absl::StrCat("the log does not take the record of ", Place(), " (",
                                                          std::string(result->status.message()), "): import again"));
}

absl::Status LogImport::PassVoid(Offset until, const Head& head) {
  for (; next_ < until; Pass()) {
    auto there = Peek();
    if (!there.ok()) return there.status();
    if (!IsVoid(head, (*there)->bytes)) return WrittenByAnother(Place());
  }
  return absl::OkStatus();
}

absl::Status LogImport::ClosePartition(const ExportedPartition& end, const Head& head) {
  absl::StatusOr<Offset> log_end = log_->End();
  if (!log_end.ok()) return log_end.status();
  end_ = std::max(end_, *log_end);
  Head further = head;
  for (; next_ < end_; Pass()) {
    auto there = Peek();
    if (!there.ok()) return there.status();
    Record record;
    if (eventsourcing::Judge(further, (*there)->bytes, &record) == Verdict::kVoid) continue;
    further = eventsourcing::Advance(further, record, (*there)->bytes, next_, target_->chain);
    ++counts_.further_records;
  }
  counts_.end = end;
  partitions_.push_back(counts_);
  open_.reset();
  log_.reset();
  return absl::OkStatus();
}

absl::Status LogImport::Finish() {
  absl::Status status = fold_.Finish();
  if (!status.ok()) return status;
  absl::StatusOr<bool> under_way = target_->is_under_way();
  if (!under_way.ok()) return under_way.status();
  if (!*under_way) return absl::OkStatus();
  for (const ImportedPartition& partition : partitions_) {
    if (partition.further_records == 0) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "partition ", partition.end.partition(), " goes on behind this export by ", partition.further_records,
        " records: the import that was begun here is one of a newer export; finish that one"));
  }
  return target_->finish();
}

}  // namespace mynumber::log_copy
