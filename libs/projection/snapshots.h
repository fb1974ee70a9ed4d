#ifndef MYNUMBER_LIBS_PROJECTION_SNAPSHOTS_H_
#define MYNUMBER_LIBS_PROJECTION_SNAPSHOTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/projection/rocks_rows.h"

namespace mynumber::projection {

// What a snapshot says of itself.
struct SnapshotInfo {
  // Who made it.
  std::string instance;
  uint32_t id = 0;
  // Of the rows: where the log is to be read on, and by which code they were folded.
  uint64_t sequence = 0;
  uint32_t projection_version = 0;
  // When it was made, of the maker's clock.
  int64_t time_seconds = 0;
  uint64_t bytes = 0;
};

// Rows of partitions as they were at a position of their log, kept in a folder that all instances share:
// <folder>/<service>/<partition>/<instance>, each a RocksDB backup, to which only its instance writes. Whole or not
// there; checksums are compared when one is read. What is sealed in rows is sealed in them. An object store takes this
// class's place, or that of the RocksDB file system below it (docs/decisions/0019). Any thread.
class Snapshots {
 public:
  // How many of each partition an instance keeps.
  static constexpr uint32_t kKept = 2;

  explicit Snapshots(std::string folder) : folder_(std::move(folder)) {}

  // Adds one of what the rows hold now; files that an earlier one has are not copied again. Takes as long as a disk
  // needs. One call at a time for a partition and instance. UNAVAILABLE, RESOURCE_EXHAUSTED: try later.
  absl::StatusOr<SnapshotInfo> Make(const std::string& service, uint32_t partition, const std::string& instance,
                                    const RocksRows& rows) const;

  // The one that is furthest, of those by `projection_version`; nothing: there is none.
  absl::StatusOr<std::optional<SnapshotInfo>> Newest(const std::string& service, uint32_t partition,
                                                     uint32_t projection_version) const;

  // Makes `rows_folder`, which must not exist, of the furthest snapshot that can be read whole; nothing: there is none.
  // DATA_LOSS: there are some, all damaged.
  absl::StatusOr<std::optional<SnapshotInfo>> Restore(const std::string& service, uint32_t partition,
                                                      uint32_t projection_version,
                                                      const std::string& rows_folder) const;

 private:
  std::string Folder(const std::string& service, uint32_t partition) const;

  const std::string folder_;
};

}  // namespace mynumber::projection

#endif  // MYNUMBER_LIBS_PROJECTION_SNAPSHOTS_H_
