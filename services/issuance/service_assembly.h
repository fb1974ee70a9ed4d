#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_ASSEMBLY_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_ASSEMBLY_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/metrics/metrics.h"
#include "libs/operations/operations_service.h"
#include "libs/projection/rocks_rows.h"
#include "libs/rpc/server.h"
#include "libs/runtime/engine_metrics.h"
#include "libs/runtime/workers.h"
#include "libs/sealing/keyring.h"
#include "libs/sealing/subject_vault.h"
#include "services/issuance/service.h"

namespace mynumber::issuance {

struct AssemblyOptions {
  // Rows go to <data>/issuance/<partition>.
  std::string data;
  uint32_t partition_count = 4;
  int threads = 2;
  std::string instance;
  std::string address;
  // Commands that may wait for one partition; what comes then is refused with a time to retry.
  size_t waiting_commands = eventsourcing::PartitionOptions().waiting_commands;
  runtime::Now now = runtime::WallMicros;
  identifiers::CheckDigitRule record_code_rule = identifiers::CheckDigitRule::kIgnore;
};

// Makes a handle on a partition of this service's log; `wake` may be empty for a reader.
using OpenLog = std::function<std::unique_ptr<eventsourcing::PartitionLog>(uint32_t partition, std::function<void()> wake)>;

// The issuance service of one process, put together: rows, loops, handlers, metrics. Which log it has, it does not know.
class Assembly {
 public:
  // Opens everything and starts to catch up; serves when serving() says so. What is passed must outlive it.
  static absl::StatusOr<std::unique_ptr<Assembly>> Start(const AssemblyOptions& options, const sealing::Keyring* keyring,
                                                         projection::SharedMemory* memory, OpenLog open_log,
                                                         metrics::Registry* registry);
  // After Stop.
  ~Assembly();

  rpc::NamedService service();
  // Without what an import begins and ends with, which is the log's.
  operations::OperatedService operated();
  // Caught up, and serving all partitions but those that stopped and need a person; operated() tells of these.
  bool serving() const { return context_.own.knows_departed && host_->Serving(); }
  // What keeps a partition from serving for now (a full disk); OK if nothing does.
  absl::Status trouble() const;
  // Whether this instance is to own the partition; wants none at first, and none after it was fenced.
  void Want(uint32_t partition, bool own) { host_->Want(partition, own); }
  // How long the slowest partition loop has not returned: some seconds mean that it hangs.
  int64_t LongestRoundMicros() const { return host_->LongestRoundMicros(); }
  // From now on new commands are refused as safe to repeat.
  void Refuse() { context_.stopping.Begin(); }
  // Ends the loops; call after the server has drained.
  void Stop();

 private:
  Assembly(const AssemblyOptions& options, const sealing::Keyring* keyring, OpenLog open_log,
           metrics::Registry* registry);
  absl::Status Open(projection::SharedMemory* memory);
  absl::Status Verify(const std::function<bool(const operations::v1::VerifyProgress&)>& progress,
                      operations::v1::VerifyReport* report);
  // Fills the filter of departed residents, then resumes now and then what a crash left half done; tells the operator
  // of partitions that catch up or stopped.
  void Housekeep();
  void LogCatchingUp() const;
  // Once for each partition that has stopped, for each tail that its log has lost, for each clock that was wrong.
  void LogWhatNeedsAPerson();
  absl::Status LostAnswers(uint32_t partition, const operations::OperatedService::VisitLost& visit) const;
  void FillDepartedFilter();

  AssemblyOptions options_;
  const sealing::Keyring* keyring_;
  OpenLog open_log_;
  ServiceKeys keys_;
  Issuance domain_;
  rpc::CallMetrics calls_;
  serving::CountedRefusals refusals_;
  sealing::KeyedHash request_hash_;
  runtime::EngineMetrics engine_metrics_;
  DepartedFilter departed_;
  std::vector<std::unique_ptr<projection::RocksRows>> rows_;
  std::vector<std::unique_ptr<eventsourcing::PartitionLog>> logs_;
  std::vector<std::unique_ptr<sealing::SubjectVault>> vaults_;
  std::unique_ptr<runtime::PartitionHost<Issuance>> host_;
  std::unique_ptr<runtime::Workers> workers_;
  ServiceContext context_;
  std::unique_ptr<IssuanceService> service_;
  std::mutex mutex_;
  std::condition_variable stop_changed_;
  bool is_stopping_ = false;
  // The housekeeper's: partitions that were told of.
  std::set<uint32_t> stopped_;
  // As far as it was logged, by partition.
  std::map<uint32_t, uint64_t> clock_step_downs_;
  std::map<uint32_t, uint64_t> truncations_;
  std::thread housekeeper_;
};

// What every claim writes down and every start is compared with.
eventlog::v1::ClusterSettings SettingsOf(const sealing::Keyring& keyring, uint32_t partition_count);

// The key functions of decisions, over `keys`.
Keyed MakeKeyed(const ServiceKeys* keys);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_ASSEMBLY_H_
