#include "libs/projection/rocks_rows.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/projection/rocks_notes.h"
#include "libs/projection/rocks_status.h"
#include "rocksdb/cache.h"
#include "rocksdb/compaction_filter.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_manager.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"
#include "rocksdb/write_buffer_manager.h"

namespace mynumber::projection {
namespace {

using eventsourcing::Changes;
using eventsourcing::RowWrite;

// Stands in a folder whose files turned out to be damaged when they were read.
constexpr char kDamagedFile[] = "/DAMAGED";
// Of folders moved aside, since another fold began.
constexpr char kBefore[] = "before";
constexpr int kAsideMax = 1000;
constexpr int kReadersMillisMax = 10'000;

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

absl::Status ToStatus(const rocksdb::Status& status, std::string_view what) {
  const absl::Status plain = FromRocks(status, what);
  return status.IsCorruption() ? absl::DataLossError(plain.message()) : plain;
}

// Drops receipts that nobody may ask for any more.
class OldReceipts : public rocksdb::CompactionFilter {
 public:
  OldReceipts(std::shared_ptr<std::atomic<int64_t>> now, int64_t retention)
      : now_(std::move(now)), retention_(retention) {}
  const char* Name() const override { return "mynumber.OldReceipts"; }
  bool Filter(int, const rocksdb::Slice& key, const rocksdb::Slice& value, std::string*,
              bool*) const override {
    if (key.empty() || key[0] != eventsourcing::kReceiptTable) return false;
    const auto time = eventsourcing::ReceiptRowTime(ToView(value));
    return time && eventsourcing::IsExpired(*time, retention_, now_->load(std::memory_order_relaxed));
  }

 private:
  std::shared_ptr<std::atomic<int64_t>> now_;
  int64_t retention_;
};

class OldReceiptsFactory : public rocksdb::CompactionFilterFactory {
 public:
  OldReceiptsFactory(std::shared_ptr<std::atomic<int64_t>> now, int64_t retention)
      : now_(std::move(now)), retention_(retention) {}
  const char* Name() const override { return "mynumber.OldReceipts"; }
  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<OldReceipts>(now_, retention_);
  }

 private:
  std::shared_ptr<std::atomic<int64_t>> now_;
  int64_t retention_;
};

absl::Status ScanDatabase(rocksdb::DB* db, const rocksdb::Snapshot* snapshot, std::string_view prefix,
                          std::string_view after,
                          const std::function<bool(std::string_view, std::string_view)>& visit) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.total_order_seek = true;
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> it(db->NewIterator(options));
  if (after.empty()) {
    it->Seek(ToSlice(prefix));
  } else {
    it->Seek(ToSlice(after));
    if (it->Valid() && ToView(it->key()) == after) it->Next();
  }
  for (; it->Valid(); it->Next()) {
    const std::string_view key = ToView(it->key());
    if (key.substr(0, prefix.size()) != prefix) break;
    if (!visit(key, ToView(it->value()))) break;
  }
  return ToStatus(it->status(), "reading rows");
}

// Rows as they were at one moment.
class FrozenRows : public eventsourcing::Rows {
 public:
  explicit FrozenRows(std::shared_ptr<rocksdb::DB> db) : db_(std::move(db)), snapshot_(db_->GetSnapshot()) {}
  ~FrozenRows() override { db_->ReleaseSnapshot(snapshot_); }

  absl::StatusOr<bool> Get(std::string_view key, std::string* value) const override {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    const rocksdb::Status status = db_->Get(options, ToSlice(key), value);
    if (status.IsNotFound()) return false;
    if (!status.ok()) return ToStatus(status, "reading a row");
    return true;
  }
  absl::Status Write(const Changes&) override { return absl::FailedPreconditionError("a frozen view"); }
  absl::Status Scan(std::string_view prefix, std::string_view after,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return ScanDatabase(db_.get(), snapshot_, prefix, after, visit);
  }
  absl::Status StartOver() override { return absl::FailedPreconditionError("a frozen view"); }

 private:
  std::shared_ptr<rocksdb::DB> db_;
  const rocksdb::Snapshot* snapshot_;
};

// Of a property that RocksDB tells as text alone.
bool ReadNumber(rocksdb::DB& db, const std::string& name, uint64_t* value) {
  std::string text;
  return db.GetProperty(name, &text) && absl::SimpleAtoi(text, value);
}

rocksdb::BlockBasedTableOptions TableOptions(std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  // Most look-ups are for what is not there (is this resident known?): they end in the filter.
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
  table.whole_key_filtering = true;
  // In pieces: a filter of a whole file is larger than a shard of the cache, and would be read anew for every look-up.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.metadata_block_size = 16 * 1024;
  table.pin_top_level_index_and_filter = true;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  table.block_size = 8 * 1024;
  return table;
}

}  // namespace

SharedMemory::SharedMemory(const MemoryOptions& options)
    // Half of it for filters and indexes before all else: a look-up for what is not there must not wait for a disk.
    : cache_(rocksdb::NewLRUCache(options.block_cache_bytes, /*num_shard_bits=*/-1, /*strict_capacity_limit=*/false,
                                  /*high_pri_pool_ratio=*/0.5)),
      // Not charged to the cache: full write buffers would push the filters out of it.
      write_buffers_(std::make_shared<rocksdb::WriteBufferManager>(options.write_buffer_bytes)),
      // Without it Debian's build aborts on a full disk (toolchain notes in docs/decisions/0001).
      files_(rocksdb::NewSstFileManager(rocksdb::Env::Default())) {
  files_->SetCompactionBufferSize(options.reserved_disk_bytes);
}
SharedMemory::~SharedMemory() = default;

size_t SharedMemory::block_cache_used_bytes() const { return cache_->GetUsage(); }
size_t SharedMemory::write_buffer_used_bytes() const { return write_buffers_->memory_usage(); }

RocksRows::RocksRows(std::string folder, SharedMemory* memory, int64_t receipt_retention_micros)
    : folder_(std::move(folder)),
      memory_(memory),
      receipt_retention_micros_(receipt_retention_micros),
      time_micros_(std::make_shared<std::atomic<int64_t>>(0)) {}

RocksRows::~RocksRows() {
  if (db_) (void)Flush();
}

absl::StatusOr<std::unique_ptr<RocksRows>> RocksRows::Open(const std::string& folder, SharedMemory* memory,
                                                           int64_t receipt_retention_micros) {
  std::unique_ptr<RocksRows> rows(new RocksRows(folder, memory, receipt_retention_micros));
  std::error_code ignored;
  const bool known_damaged = std::filesystem::exists(folder + kDamagedFile, ignored);
  absl::Status status = known_damaged ? absl::DataLossError("damaged when it was read") : rows->OpenDatabase();
  std::string head;
  if (status.ok()) status = rows->Get(eventsourcing::kHeadKey, &head).status();
  if (absl::IsDataLoss(status)) {
    std::atomic_store(&rows->db_, std::shared_ptr<rocksdb::DB>());
    status = rows->MoveAside("damaged");
    if (status.ok()) status = rows->OpenDatabase();
  }
  if (!status.ok()) return status;
  return rows;
}

absl::Status RocksRows::OpenDatabase() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.max_background_jobs = 2;
  options.write_buffer_manager = memory_->write_buffers_;
  options.sst_file_manager = memory_->files_;
  // Small ones stay in the processor's cache while they are filled; eight are merged into one file.
  options.write_buffer_size = size_t{4} << 20;
  options.min_write_buffer_number_to_merge = 8;
  options.max_write_buffer_number = 20;
  options.level_compaction_dynamic_level_bytes = true;
  options.level0_file_num_compaction_trigger = 4;
  options.compression = rocksdb::kNoCompression;  // sealed values do not compress
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(memory_->cache_)));
  options.compaction_filter_factory =
      std::make_shared<OldReceiptsFactory>(time_micros_, receipt_retention_micros_);
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.max_open_files = 512;
  options.info_log = RocksNotes(folder_);
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, folder_, &db);
  if (status.ok()) {
    std::atomic_store(&db_, std::shared_ptr<rocksdb::DB>(db));
    return absl::OkStatus();
  }
  const absl::Status failed = FromFailedOpen(status, folder_, "opening rows");
  if (!absl::IsUnavailable(failed)) return failed;
  // A file that others name is gone.
  return status.IsPathNotFound() ? absl::DataLossError(status.ToString()) : ToStatus(status, "opening rows");
}

absl::Status RocksRows::Damaged(const absl::Status& status) const {
  if (absl::IsDataLoss(status)) std::ofstream(absl::StrCat(folder_, kDamagedFile));
  return status;
}

absl::Status RocksRows::MoveAside(const char* why) {
  for (int n = 1; n < kAsideMax; ++n) {
    const std::string aside = absl::StrCat(folder_, ".", why, "-", n);
    std::error_code error;
    if (std::filesystem::exists(aside, error)) continue;
    std::filesystem::rename(folder_, aside, error);
    if (error) return absl::UnavailableError(absl::StrCat("moving ", folder_, " aside: ", error.message()));
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(absl::StrCat("too many old copies of ", folder_, ": look at them and remove some"));
}

absl::StatusOr<bool> RocksRows::Get(std::string_view key, std::string* value) const {
  const std::shared_ptr<rocksdb::DB> db = std::atomic_load(&db_);
  if (!db) return absl::UnavailableError("the rows are being folded afresh");
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), ToSlice(key), value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return Damaged(ToStatus(status, "reading a row"));
  return true;
}

absl::Status RocksRows::Write(const Changes& changes) {
  // In the order of their keys each finds its place in the memtable from its neighbour's: half the cost of a random order.
  std::vector<std::pair<RowWrite, size_t>> sorted;
  sorted.reserve(changes.size());
  for (size_t i = 0; i < changes.size(); ++i) sorted.emplace_back(changes[i], i);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    const int order = a.first.key.compare(b.first.key);
    return order != 0 ? order < 0 : a.second < b.second;
  });
  rocksdb::WriteBatch batch(changes.bytes() + 16 * changes.size() + 64);
  for (size_t i = 0; i < sorted.size(); ++i) {
    const RowWrite& change = sorted[i].first;
    if (i + 1 < sorted.size() && sorted[i + 1].first.key == change.key) continue;
    const rocksdb::Status status = change.value ? batch.Put(ToSlice(change.key), ToSlice(*change.value))
                                                : batch.Delete(ToSlice(change.key));
    if (!status.ok()) return ToStatus(status, "collecting rows");
  }
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return ToStatus(db_->Write(options, &batch), "writing rows");
}

absl::Status RocksRows::Scan(std::string_view prefix, std::string_view after,
                             const std::function<bool(std::string_view, std::string_view)>& visit) const {
  const std::shared_ptr<rocksdb::DB> db = std::atomic_load(&db_);
  if (!db) return absl::UnavailableError("the rows are being folded afresh");
  return Damaged(ScanDatabase(db.get(), nullptr, prefix, after, visit));
}

absl::Status RocksRows::CloseDatabase() {
  std::shared_ptr<rocksdb::DB> db = std::atomic_exchange(&db_, std::shared_ptr<rocksdb::DB>());
  if (!db) return absl::OkStatus();
  // Whoever reads them still would write to the place that the next ones have by then.
  for (int waited = 0; db.use_count() > 1; ++waited) {
    if (waited == kReadersMillisMax) {
      std::atomic_store(&db_, db);
      return absl::UnavailableError(absl::StrCat("somebody has been reading ", folder_, " for long: start again"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return ToStatus(db->Flush(rocksdb::FlushOptions()), "writing the rows that are moved aside");
}

absl::Status RocksRows::StartOver() {
  absl::Status status = CloseDatabase();
  if (!status.ok()) return status;
  status = MoveAside(kBefore);
  if (!status.ok()) return status;
  return OpenDatabase();
}

absl::Status RocksRows::Replace(const std::function<absl::Status(const std::string& folder)>& fill) {
  absl::Status status = CloseDatabase();
  if (!status.ok()) return status;
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
  if (fill) status = fill(folder_);
  absl::Status opened = OpenDatabase();
  return opened.ok() ? status : opened;
}

std::vector<std::string> RocksRows::Aside() const {
  std::vector<std::string> folders;
  for (int n = 1; n < kAsideMax; ++n) {
    std::string folder = absl::StrCat(folder_, ".", kBefore, "-", n);
    std::error_code error;
    if (std::filesystem::exists(folder, error)) folders.push_back(std::move(folder));
  }
  return folders;
}

absl::StatusOr<std::unique_ptr<eventsourcing::Rows>> RocksRows::OpenAside(const std::string& folder) const {
  rocksdb::Options options;
  options.info_log = RocksNotes(folder);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(memory_->cache_)));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, folder, &db);
  if (!status.ok()) return ToStatus(status, absl::StrCat("opening ", folder));
  return std::make_unique<FrozenRows>(std::shared_ptr<rocksdb::DB>(db));
}

absl::Status RocksRows::Flush() {
  return ToStatus(db_->Flush(rocksdb::FlushOptions()), "flushing rows");
}

absl::Status RocksRows::Compact() {
  absl::Status status = Flush();
  if (!status.ok()) return status;
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  return ToStatus(db_->CompactRange(options, nullptr, nullptr), "compacting rows");
}

std::unique_ptr<eventsourcing::Rows> RocksRows::Frozen() const {
  std::shared_ptr<rocksdb::DB> db = std::atomic_load(&db_);
  if (!db) return nullptr;
  return std::make_unique<FrozenRows>(std::move(db));
}

uint64_t RocksRows::disk_bytes() const {
  return Property(rocksdb::DB::Properties::kTotalSstFilesSize);
}

uint64_t RocksRows::Property(const std::string& name) const {
  const std::shared_ptr<rocksdb::DB> db = std::atomic_load(&db_);
  uint64_t value = 0;
  const bool is_known = db && (db->GetIntProperty(name, &value) || ReadNumber(*db, name, &value));
  return is_known ? value : 0;
}

}  // namespace mynumber::projection
