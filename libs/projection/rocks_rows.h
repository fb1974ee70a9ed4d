#ifndef MYNUMBER_LIBS_PROJECTION_ROCKS_ROWS_H_
#define MYNUMBER_LIBS_PROJECTION_ROCKS_ROWS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/eventsourcing/rows.h"

namespace rocksdb {
class Cache;
class DB;
class SstFileManager;
class Snapshot;
class WriteBufferManager;
class Env;
}  // namespace rocksdb

namespace mynumber::projection {

struct MemoryOptions {
  // For all row databases of the process together.
  size_t block_cache_bytes = size_t{256} << 20;
  size_t write_buffer_bytes = size_t{256} << 20;
  // Writing stops with a clear error while less than this is free on the disk.
  uint64_t reserved_disk_bytes = uint64_t{64} << 20;
};

// What all row databases of a process share: block cache, write-buffer budget, disk watch. Thread-safe.
class SharedMemory {
 public:
  explicit SharedMemory(const MemoryOptions& options);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  size_t block_cache_used_bytes() const;
  size_t write_buffer_used_bytes() const;

 private:
  friend class RocksRows;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers_;
  std::shared_ptr<rocksdb::SstFileManager> files_;
};

// Rows of one partition in a RocksDB of their own: one column family, tables by key prefix. Its write-ahead log is off,
// since the event log is the truth: after a crash the rows are those of an earlier Write, and the loop reads on from
// there.
class RocksRows : public eventsourcing::Rows {
 public:
  // Opens or creates the database in `folder`. A damaged one, noticed now or by a read before (DATA_LOSS), is moved
  // aside (`folder`.damaged-<n>) and an empty one is opened, to be folded afresh from the log. FAILED_PRECONDITION:
  // another process has it open.
  // Receipts (table 'r') older than `receipt_retention_micros` against SetTime vanish in compactions.
  static absl::StatusOr<std::unique_ptr<RocksRows>> Open(const std::string& folder, SharedMemory* memory,
                                                         int64_t receipt_retention_micros);
  ~RocksRows() override;

  absl::StatusOr<bool> Get(std::string_view key, std::string* value) const override;
  absl::Status Write(const eventsourcing::Changes& changes) override;
  absl::Status Scan(std::string_view prefix, std::string_view after,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  // Moves the folder aside (`folder`.before-<n>): never deletes it.
  absl::Status StartOver() override;

  // Gives up all rows, and their disk, for what `fill` puts into the folder, which is not there when it is called; an
  // empty `fill`: for none. Not while the loop uses them. Whatever comes of it, rows are open afterwards.
  absl::Status Replace(const std::function<absl::Status(const std::string& folder)>& fill);

  // Folders that StartOver has moved aside, oldest first.
  std::vector<std::string> Aside() const;
  // Rows in a folder moved aside, for reading alone; it stays as it is.
  absl::StatusOr<std::unique_ptr<eventsourcing::Rows>> OpenAside(const std::string& folder) const;

  // Everything written so far survives a crash of the process from here on.
  absl::Status Flush();
  // Rewrites all files, so that what was deleted or is too old leaves the disk.
  absl::Status Compact();
  // A view of the rows as they are now, for reading over a long time. Lives no longer than the rows. Null while they
  // are being folded afresh.
  std::unique_ptr<eventsourcing::Rows> Frozen() const;
  // Partition time, by which old receipts are dropped. Any thread.
  void SetTime(int64_t micros) { time_micros_->store(micros, std::memory_order_relaxed); }

  uint64_t disk_bytes() const;
  // What RocksDB says of itself by one of its names ("rocksdb.num-files-at-level0"); 0 while the rows are being folded
  // afresh, and for a name that it does not know. Any thread.
  uint64_t Property(const std::string& name) const;

 private:
  friend class Snapshots;
  RocksRows(std::string folder, SharedMemory* memory, int64_t receipt_retention_micros);
  absl::Status OpenDatabase();
  absl::Status MoveAside(const char* why);
  // Waits until nobody reads them any more, and writes what is in memory only.
  absl::Status CloseDatabase();
  // Marks the folder if that is what the status says, so that the next Open moves it aside.
  absl::Status Damaged(const absl::Status& status) const;

  std::string folder_;
  SharedMemory* memory_;
  int64_t receipt_retention_micros_;
  std::shared_ptr<std::atomic<int64_t>> time_micros_;
  // Replaced by StartOver; read by atomic_load, and readers hold their own reference.
  std::shared_ptr<rocksdb::DB> db_;
};

}  // namespace mynumber::projection

#endif  // MYNUMBER_LIBS_PROJECTION_ROCKS_ROWS_H_
