#ifndef MYNUMBER_LIBS_LOG_COPY_MADE_EXPORT_H_
#define MYNUMBER_LIBS_LOG_COPY_MADE_EXPORT_H_

// An export of made-up records, and a log in memory that it can be brought into, for tests.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/eventsourcing/log.h"
#include "libs/eventsourcing/made_records.h"
#include "libs/log_copy/copy_fold.h"

namespace mynumber::log_copy {

inline constexpr uint32_t kMadePartitions = 2;

inline eventlog::v1::ClusterSettings MadeSettings() {
  eventlog::v1::ClusterSettings settings;
  settings.set_service("issuance");
  settings.set_partition_count(kMadePartitions);
  settings.set_identifier_key_fingerprint("00112233445566aa");
  return settings;
}

// A partition as its writers leave it: two claims, batches under each, keys with some, and one void record.
class MadePartition {
 public:
  explicit MadePartition(uint32_t partition) : partition_(partition) {
    Claim(partition == 0 ? 'a' : 'm');
    const eventlog::v1::Record late = Batch("one", "key one");
    Batch("two", "");
    Claim(partition == 0 ? 'b' : 'n');
    Put(late.SerializeAsString(), "key one");
    Batch("three", "key three");
  }
  void Claim(char letter) {
    eventlog::v1::Record record = eventsourcing::ClaimRecord(letter);
    *record.mutable_opened()->mutable_settings() = MadeSettings();
    head_ = eventsourcing::After(head_, record, 0);
    Put(record.SerializeAsString(), "");
  }
  eventlog::v1::Record Batch(const std::string& name, const std::string& key) {
    const eventlog::v1::Record record = eventsourcing::NextBatch(head_, name);
    head_ = eventsourcing::After(head_, record, 0);
    Put(record.SerializeAsString(), key);
    return record;
  }
  const std::vector<eventlog::v1::ExportedRecord>& records() const { return records_; }

 private:
  void Put(const std::string& bytes, const std::string& key) {
    eventlog::v1::ExportedRecord record;
    record.set_partition(partition_);
    record.set_offset(static_cast<int64_t>(records_.size()));
    record.set_record(bytes);
    if (!key.empty()) record.mutable_key_block()->add_keys()->set_wrapped(key);
    records_.push_back(record);
  }

  uint32_t partition_;
  eventsourcing::Head head_ = eventsourcing::EmptyHead();
  std::vector<eventlog::v1::ExportedRecord> records_;
};

// The items of a whole export.
inline std::vector<eventlog::v1::ExportItem> ExportOf(const std::vector<MadePartition>& partitions) {
  std::vector<eventlog::v1::ExportItem> items(1);
  eventlog::v1::ExportHeader* header = items[0].mutable_header();
  header->set_format_version(1);
  header->set_service("issuance");
  header->set_partition_count(kMadePartitions);
  uint64_t records = 0;
  for (uint32_t p = 0; p < partitions.size(); ++p) {
    header->add_partitions(p);
    PartitionFold fold(p, eventsourcing::CountingChain);
    for (const eventlog::v1::ExportedRecord& record : partitions[p].records()) {
      (void)fold.Take(record.offset(), record.record());
      *items.emplace_back().mutable_record() = record;
    }
    records += fold.records();
    *items.emplace_back().mutable_partition() = fold.End();
  }
  items.emplace_back().mutable_trailer()->set_records(records);
  return items;
}

inline std::vector<eventlog::v1::ExportItem> MadeExport() { return ExportOf({MadePartition(0), MadePartition(1)}); }

// One partition in memory, acknowledged at once.
struct MemoryPartition {
  std::vector<std::string> records;
  std::map<std::pair<std::string, uint64_t>, std::string> keys;
  // Called with each append; what it gives is what the writer is told instead, the record not being written.
  std::function<std::optional<eventsourcing::AppendResult>(MemoryPartition*)> before_append;
};

class MemoryHandle : public eventsourcing::PartitionLog {
 public:
  explicit MemoryHandle(MemoryPartition* partition) : partition_(partition) {}

  absl::Status NewWriter() override { return absl::OkStatus(); }
  void Append(eventsourcing::AppendRequest request) override {
    if (partition_->before_append) result_ = partition_->before_append(partition_);
    if (result_) return;
    if (!request.key_block.empty()) {
      partition_->keys[{request.key_block_id.claim_id, request.key_block_id.claim_sequence}] = request.key_block;
    }
    partition_->records.push_back(request.record);
    result_ = eventsourcing::AppendResult{eventsourcing::AppendResult::Kind::kAcknowledged,
                                          static_cast<eventsourcing::Offset>(partition_->records.size()) - 1, {}};
  }
  std::optional<eventsourcing::AppendResult> Poll() override { return std::exchange(result_, std::nullopt); }
  absl::StatusOr<eventsourcing::Offset> End() override {
    return static_cast<eventsourcing::Offset>(partition_->records.size());
  }
  absl::StatusOr<std::vector<eventsourcing::LogRecord>> Read(eventsourcing::Offset from, size_t) override {
    std::vector<eventsourcing::LogRecord> read;
    // Two at once, so that a log takes several reads.
    for (auto offset = from; offset < *End() && read.size() < 2; ++offset) {
      read.push_back({offset, partition_->records[static_cast<size_t>(offset)]});
    }
    return read;
  }
  absl::StatusOr<std::string> ReadKeyBlock(const eventsourcing::KeyBlockId& id) override {
    const auto found = partition_->keys.find({id.claim_id, id.claim_sequence});
    if (found == partition_->keys.end()) return absl::NotFoundError("no keys");
    return found->second;
  }

 private:
  MemoryPartition* partition_;
  std::optional<eventsourcing::AppendResult> result_;
};

}  // namespace mynumber::log_copy

#endif  // MYNUMBER_LIBS_LOG_COPY_MADE_EXPORT_H_
