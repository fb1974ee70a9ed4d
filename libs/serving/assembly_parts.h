#ifndef MYNUMBER_LIBS_SERVING_ASSEMBLY_PARTS_H_
#define MYNUMBER_LIBS_SERVING_ASSEMBLY_PARTS_H_

// What an Assembly is told, and what of it is the same whatever the service.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "libs/cluster/cluster.h"
#include "libs/cluster/router.h"
#include "libs/eventsourcing/log.h"
#include "libs/eventsourcing/partition.h"
#include "libs/eventsourcing/vault.h"
#include "libs/metrics/metrics.h"
#include "libs/operations/operations_service.h"
#include "libs/projection/rocks_rows.h"
#include "libs/runtime/partition_host.h"
#include "libs/runtime/process.h"
#include "libs/sealing/keyring.h"
#include "libs/serving/gate.h"
#include "libs/serving/snapshot_maker.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"

namespace mynumber::serving {

struct AssemblyOptions {
  // Rows go to <data>/<service>/<partition>.
  std::string data;
  // The same for a service and all whose events it reacts to.
  uint32_t partition_count = 4;
  int threads = 2;
  std::string instance;
  std::string address;
  // Commands that may wait for one partition; what comes then is refused with a time to retry.
  size_t waiting_commands = eventsourcing::PartitionOptions().waiting_commands;
  runtime::Now now = runtime::WallMicros;
  // As OwnershipOptions has it; a clock that is driven by hand is wrong as often as it likes.
  int64_t clock_off_max_micros = eventsourcing::OwnershipOptions().clock_off_max_micros;
};

// Makes a handle on a partition of a service's log. `wake` is empty for a reader that may wait; else the handle never
// blocks, and calls it, from any thread, when there is something to poll or to read.
using OpenLog = std::function<std::unique_ptr<eventsourcing::PartitionLog>(
    const std::string& service, uint32_t partition, std::function<void()> wake)>;

// What a process has for all its services. Outlives them.
struct Surroundings {
  const sealing::Keyring* keyring = nullptr;
  projection::SharedMemory* memory = nullptr;
  OpenLog open_log;
  metrics::Registry* registry = nullptr;
  // Null: this process owns all partitions.
  cluster::Cluster* cluster = nullptr;
  SnapshotOptions snapshots = {};
  // Of a cluster: this instance stands by for all partitions. Else it follows only what it owns.
  bool follows_all = true;
  // Null: everybody is let in, for tests.
  Gate* gate = nullptr;
};

// What every claim of the service writes down and every start is compared with.
eventlog::v1::ClusterSettings SettingsOf(const std::string& service, const sealing::Keyring& keyring,
                                         uint32_t partition_count);

// Where there are no rows of a partition in `rows_folder`, makes them of the newest snapshot; whether there was one.
bool StartFromSnapshot(const SnapshotOptions& options, const std::string& service, uint32_t partition,
                       uint32_t projection_version, const std::string& rows_folder);

// What the service's router counts.
cluster::RouterMetrics RouterMetricsOf(metrics::Registry* registry, const std::string& service);

// The names of its oneof's fields, as S::EventType has them; null: none.
std::vector<std::string> EventTypesOf(const google::protobuf::Descriptor* events);

// Gives each thread that calls it a vault of its own, for as long as the thread lives.
std::function<eventsourcing::Vault*()> VaultsOfThreads(const sealing::Keyring* keyring);

// Whether the vault unwraps all these keys; NOT_FOUND, DATA_LOSS: why not, in a sentence.
absl::Status CheckKeys(const eventlog::v1::KeyBlock& block, eventsourcing::Vault* vault);

// Compares all rows that were moved aside with those of now. UNAVAILABLE: they are being folded.
absl::Status FindLostAnswers(const projection::RocksRows& rows, const operations::OperatedService::VisitLost& visit);

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_ASSEMBLY_PARTS_H_
