#ifndef MYNUMBER_LIBS_EMBEDDED_LOG_EMBEDDED_LOG_H_
#define MYNUMBER_LIBS_EMBEDDED_LOG_EMBEDDED_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/eventsourcing/log.h"

namespace mynumber::embedded_log {

struct EmbeddedLogCounts {
  uint64_t syncs = 0;
  uint64_t records = 0;
  uint64_t bytes = 0;
  // Time spent in writing and syncing.
  uint64_t sync_micros = 0;
};

// The logs of all services of one machine: a RocksDB whose write-ahead log is synced before anything is acknowledged. One thread commits
// what all partitions have sent together (group commit). One process at a time; another is refused at Open. Thread-safe,
// except that each partition belongs to one caller at a time.
class EmbeddedLog {
 public:
  // FAILED_PRECONDITION: another process has it open.
  static absl::StatusOr<std::unique_ptr<EmbeddedLog>> Open(const std::string& folder);
  virtual ~EmbeddedLog() = default;

  // Creates the partitions of a service's log, or checks that there are that many. FAILED_PRECONDITION: there are not.
  virtual absl::Status Declare(const std::string& service, uint32_t partition_count) = 0;

  // From BeginImport to FinishImport, restarts included, the service's log holds a part of another log at most, and
  // nobody may claim it. Each may be called again.
  virtual absl::Status BeginImport(const std::string& service) = 0;
  virtual absl::Status FinishImport(const std::string& service) = 0;
  virtual absl::StatusOr<bool> IsImportUnderWay(const std::string& service) = 0;

  // A handle on a declared partition, for one writer or reader; several may exist. `wake` is called by the committing
  // thread when Poll has something to tell, or another handle has written to the partition; not after the handle's end,
  // and it must not call the handle. Lives no longer than the log.
  virtual std::unique_ptr<eventsourcing::PartitionLog> Partition(const std::string& service, uint32_t partition,
                                                                 std::function<void()> wake) = 0;
  virtual EmbeddedLogCounts counts() const = 0;
};

}  // namespace mynumber::embedded_log

#endif  // MYNUMBER_LIBS_EMBEDDED_LOG_EMBEDDED_LOG_H_
