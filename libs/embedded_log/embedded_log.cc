#include "libs/embedded_log/embedded_log.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/big_endian.h"
#include "libs/projection/rocks_notes.h"
#include "libs/projection/rocks_status.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_manager.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"

namespace mynumber::embedded_log {
namespace {

using eventsourcing::AppendRequest;
using eventsourcing::AppendResult;
using eventsourcing::AppendBigEndian;
using eventsourcing::BigEndian;
using eventsourcing::KeyBlockId;
using eventsourcing::LogRecord;
using eventsourcing::Offset;
using eventsourcing::PartitionLog;
using projection::FromRocks;

// Tables of the database: 'c' + service: partition count; 'i' + service: an import is under way; 'l' ...: records;
// 'k' ...: key blocks.
std::string TablePrefix(char table, const std::string& service, uint32_t partition) {
  std::string prefix(1, table);
  prefix.append(service).push_back('\0');
  AppendBigEndian(partition, 2, &prefix);
  return prefix;
}
std::string WithNumber(std::string prefix, uint64_t number) {
  AppendBigEndian(number, 8, &prefix);
  return prefix;
}

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

// What a handle and the committing thread share.
struct Slot {
  std::string records;
  std::string keys;
  // The next offset of the partition; shared by all handles on it.
  std::shared_ptr<std::atomic<Offset>> end;
  std::function<void()> wake;
  std::mutex mutex;
  uint64_t writer = 0;
  std::optional<AppendResult> result;
  std::atomic<bool> has_result{false};
};

struct Pending {
  std::shared_ptr<Slot> slot;
  uint64_t writer = 0;
  AppendRequest request;
};

class RocksEmbeddedLog : public EmbeddedLog {
 public:
  RocksEmbeddedLog(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)), committer_([this] { Run(); }) {}
  ~RocksEmbeddedLog() override;

  absl::Status Declare(const std::string& service, uint32_t partition_count) override;
  absl::Status BeginImport(const std::string& service) override {
    return FromRocks(db_->Put(Synced(), "i" + service, ""), "beginning an import");
  }
  absl::Status FinishImport(const std::string& service) override {
    return FromRocks(db_->Delete(Synced(), "i" + service), "ending an import");
  }
  absl::StatusOr<bool> IsImportUnderWay(const std::string& service) override;
  std::unique_ptr<PartitionLog> Partition(const std::string& service, uint32_t partition,
                                          std::function<void()> wake) override;
  EmbeddedLogCounts counts() const override;

  rocksdb::DB* db() { return db_.get(); }
  void Send(Pending pending);

 private:
  void Run();
  void Commit(std::vector<Pending>* group);
  Offset FindEnd(const std::string& records) const;
  // Handles that want to be woken, on partitions that have just got records.
  std::vector<std::shared_ptr<Slot>> Readers(const std::map<std::atomic<Offset>*, Offset>& written);

  std::unique_ptr<rocksdb::DB> db_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Pending> waiting_;
  bool stopping_ = false;
  EmbeddedLogCounts counts_;
  std::map<std::string, std::shared_ptr<std::atomic<Offset>>> ends_;
  // By a partition's end.
  std::map<std::atomic<Offset>*, std::vector<std::weak_ptr<Slot>>> readers_;
  std::thread committer_;
};

class Handle : public PartitionLog {
 public:
  Handle(RocksEmbeddedLog* log, std::shared_ptr<Slot> slot) : log_(log), slot_(std::move(slot)) {}
  ~Handle() override {
    (void)NewWriter();
    // Whoever is woken may go as soon as this has returned.
    std::lock_guard<std::mutex> lock(slot_->mutex);
    slot_->wake = nullptr;
  }

  absl::Status NewWriter() override {
    std::lock_guard<std::mutex> lock(slot_->mutex);
    ++slot_->writer;
    slot_->result.reset();
    slot_->has_result = false;
    return absl::OkStatus();
  }
  void Append(AppendRequest request) override {
    uint64_t writer;
    {
      std::lock_guard<std::mutex> lock(slot_->mutex);
      writer = slot_->writer;
    }
    log_->Send({slot_, writer, std::move(request)});
  }
  std::optional<AppendResult> Poll() override {
    if (!slot_->has_result.load(std::memory_order_acquire)) return std::nullopt;
    std::lock_guard<std::mutex> lock(slot_->mutex);
    slot_->has_result = false;
    return std::exchange(slot_->result, std::nullopt);
  }
  absl::StatusOr<Offset> End() override { return slot_->end->load(); }
  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) override;
  absl::StatusOr<std::string> ReadKeyBlock(const KeyBlockId& id) override;

 private:
  RocksEmbeddedLog* log_;
  std::shared_ptr<Slot> slot_;
};

absl::StatusOr<std::vector<LogRecord>> Handle::Read(Offset from, size_t max_bytes) {
  const Offset end = slot_->end->load();
  if (from > end) return absl::OutOfRangeError(absl::StrCat("the log ends at ", end));
  std::vector<LogRecord> records;
  if (from == end) return records;
  rocksdb::ReadOptions options;
  options.readahead_size = 4 << 20;
  options.fill_cache = false;
  options.verify_checksums = true;
  std::unique_ptr<rocksdb::Iterator> it(log_->db()->NewIterator(options));
  const std::string& prefix = slot_->records;
  size_t bytes = 0;
  for (it->Seek(WithNumber(prefix, static_cast<uint64_t>(from))); it->Valid() && it->key().starts_with(prefix);
       it->Next()) {
    const Offset offset = static_cast<Offset>(BigEndian({it->key().data() + prefix.size(), 8}));
    if (offset >= end) break;
    bytes += it->value().size();
    if (!records.empty() && bytes > max_bytes) break;
    records.push_back({offset, it->value().ToString()});
  }
  if (!it->status().ok()) return FromRocks(it->status(), "reading the log");
  return records;
}

absl::StatusOr<std::string> Handle::ReadKeyBlock(const KeyBlockId& id) {
  std::string value;
  const rocksdb::Status status = log_->db()->Get(
      rocksdb::ReadOptions(), WithNumber(slot_->keys + id.claim_id, id.claim_sequence), &value);
  if (status.IsNotFound()) return absl::NotFoundError("this batch brought no keys");
  if (!status.ok()) return FromRocks(status, "reading keys");
  return value;
}

RocksEmbeddedLog::~RocksEmbeddedLog() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  committer_.join();
}

absl::Status RocksEmbeddedLog::Declare(const std::string& service, uint32_t partition_count) {
  const std::string key = "c" + service;
  std::string value;
  rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), key, &value);
  if (status.ok()) {
    if (value == absl::StrCat(partition_count)) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("the log of ", service, " was created with ", value,
                                                      " partitions, and this start asks for ", partition_count,
                                                      ": start with the former number"));
  }
  if (!status.IsNotFound()) return FromRocks(status, "opening the log");
  return FromRocks(db_->Put(Synced(), key, absl::StrCat(partition_count)), "creating the log");
}

absl::StatusOr<bool> RocksEmbeddedLog::IsImportUnderWay(const std::string& service) {
  std::string value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), "i" + service, &value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return FromRocks(status, "opening the log");
  return true;
}

Offset RocksEmbeddedLog::FindEnd(const std::string& records) const {
  std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  it->SeekForPrev(WithNumber(records, ~uint64_t{0}));
  if (!it->Valid() || !it->key().starts_with(records)) return 0;
  return static_cast<Offset>(BigEndian({it->key().data() + records.size(), 8})) + 1;
}

std::unique_ptr<PartitionLog> RocksEmbeddedLog::Partition(const std::string& service, uint32_t partition,
                                                          std::function<void()> wake) {
  auto slot = std::make_shared<Slot>();
  slot->records = TablePrefix('l', service, partition);
  slot->keys = TablePrefix('k', service, partition);
  slot->wake = std::move(wake);
  std::lock_guard<std::mutex> lock(mutex_);
  auto& end = ends_[slot->records];
  if (!end) end = std::make_shared<std::atomic<Offset>>(FindEnd(slot->records));
  slot->end = end;
  if (slot->wake) readers_[end.get()].push_back(slot);
  return std::make_unique<Handle>(this, std::move(slot));
}

EmbeddedLogCounts RocksEmbeddedLog::counts() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return counts_;
}

void RocksEmbeddedLog::Send(Pending pending) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    waiting_.push_back(std::move(pending));
  }
  changed_.notify_one();
}

void RocksEmbeddedLog::Run() {
  std::vector<Pending> group;
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      group.swap(waiting_);
    }
    Commit(&group);
    group.clear();
  }
}

std::vector<std::shared_ptr<Slot>> RocksEmbeddedLog::Readers(const std::map<std::atomic<Offset>*, Offset>& written) {
  std::vector<std::shared_ptr<Slot>> readers;
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [end, offset] : written) {
    auto& those = readers_[end];
    for (size_t i = those.size(); i-- > 0;) {
      if (auto slot = those[i].lock()) {
        readers.push_back(std::move(slot));
      } else {
        those.erase(those.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }
  return readers;
}

void RocksEmbeddedLog::Commit(std::vector<Pending>* group) {
  const auto start = std::chrono::steady_clock::now();
  size_t bytes = 0;
  for (const Pending& pending : *group) bytes += pending.request.record.size() + pending.request.key_block.size() + 128;
  rocksdb::WriteBatch batch(bytes);
  std::map<std::atomic<Offset>*, Offset> next;
  std::vector<Offset> offsets;
  for (const Pending& pending : *group) {
    Slot& slot = *pending.slot;
    Offset& end = next.try_emplace(slot.end.get(), slot.end->load()).first->second;
    const AppendRequest& request = pending.request;
    if (!request.key_block.empty()) {
      (void)batch.Put(WithNumber(slot.keys + request.key_block_id.claim_id, request.key_block_id.claim_sequence),
                      request.key_block);
    }
    (void)batch.Put(WithNumber(slot.records, static_cast<uint64_t>(end)), request.record);
    offsets.push_back(end++);
  }
  const absl::Status status = FromRocks(db_->Write(Synced(), &batch), "writing the log");
  if (status.ok()) {
    for (const auto& [end, offset] : next) end->store(offset);
  }
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ++counts_.syncs;
    counts_.records += group->size();
    counts_.bytes += bytes;
    counts_.sync_micros += std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
  }
  for (size_t i = 0; i < group->size(); ++i) {
    Slot& slot = *(*group)[i].slot;
    std::lock_guard<std::mutex> lock(slot.mutex);
    if ((*group)[i].writer != slot.writer) continue;
    // A failed write may be found in the write-ahead log after a crash, unless its offset is taken again.
    slot.result = status.ok() ? AppendResult{AppendResult::Kind::kAcknowledged, offsets[i], status}
                              : AppendResult{AppendResult::Kind::kUnknown, -1, status};
    slot.has_result.store(true, std::memory_order_release);
    if (slot.wake) slot.wake();
  }
  if (!status.ok()) return;
  for (const std::shared_ptr<Slot>& reader : Readers(next)) {
    const bool was_told =
        std::any_of(group->begin(), group->end(), [&](const Pending& pending) { return pending.slot == reader; });
    if (was_told) continue;
    std::lock_guard<std::mutex> lock(reader->mutex);
    if (reader->wake) reader->wake();
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<EmbeddedLog>> EmbeddedLog::Open(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.max_background_jobs = 2;
  // Without it Debian's build aborts on a full disk.
  options.sst_file_manager.reset(rocksdb::NewSstFileManager(rocksdb::Env::Default()));
  // Records are written once and read in order: values apart from the keys, so that no compaction copies them.
  options.enable_blob_files = true;
  options.min_blob_size = 1024;
  options.blob_file_size = uint64_t{256} << 20;
  options.write_buffer_size = size_t{64} << 20;
  options.max_write_buffer_number = 3;
  options.max_open_files = 512;
  options.info_log = projection::RocksNotes(folder);
  options.recycle_log_file_num = 0;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, folder, &db);
  if (!status.ok()) return projection::FromFailedOpen(status, folder, "opening the log");
  return std::make_unique<RocksEmbeddedLog>(std::unique_ptr<rocksdb::DB>(db));
}

}  // namespace mynumber::embedded_log
