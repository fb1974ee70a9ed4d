#ifndef MYNUMBER_LIBS_OPERATIONS_OPERATIONS_SERVICE_H_
#define MYNUMBER_LIBS_OPERATIONS_OPERATIONS_SERVICE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/eventsourcing/log.h"
#include "libs/log_copy/log_import.h"
#include "libs/operations/lost_answers.h"
#include "libs/runtime/partition_snapshot.h"
#include "mynumber/operations/v1/operations_service.grpc.pb.h"

namespace mynumber::operations {

// What operations may ask of one service of this process, as functions, so that this room knows no service.
struct OperatedService {
  std::string name;
  uint32_t partition_count = 0;
  std::function<runtime::PartitionSnapshot(uint32_t partition)> snapshot;
  // A reading handle of its own on a partition.
  std::function<std::unique_ptr<eventsourcing::PartitionLog>(uint32_t partition)> open_log;
  // How an aggregate is called: "residents" for residents/00ff...
  std::string collection;
  // Answers of rows that were moved aside to `folder`, and that the log has lost. The partition must serve.
  using VisitLost = std::function<bool(const std::string& folder, const LostAnswer&)>;
  std::function<absl::Status(uint32_t partition, const VisitLost& visit)> lost_answers;
  // Folds all partitions afresh and compares; calls `progress` now and then, which tells whether to go on.
  std::function<absl::Status(const std::function<bool(const v1::VerifyProgress&)>& progress, v1::VerifyReport* report)>
      verify;
  // This service's log, for an import.
  log_copy::ImportTarget import_target;
};

// mynumber.operations.v1 over the services of this process. Handlers block, and run on gRPC's synchronous threads: few
// people call them. One verification at a time, and one import.
class OperationsService final : public v1::OperationsService::Service {
 public:
  // Whether a call may be made: OK, or why not, as a client is told. Empty: everybody may.
  using Admit = std::function<absl::Status(const grpc::ServerContextBase& call, const char* method)>;

  // Time and signature are put into what is signed. Empty: this process signs nothing.
  using Sign = std::function<void(eventlog::v1::Checkpoint*)>;

  explicit OperationsService(std::vector<OperatedService> services, Admit admit = nullptr, Sign sign = nullptr)
      : services_(std::move(services)), admit_(std::move(admit)), sign_(std::move(sign)) {}

  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override;
  grpc::Status ExportLog(grpc::ServerContext* context, const v1::ExportLogRequest* request,
                         grpc::ServerWriter<v1::ExportLogResponse>* writer) override;
  grpc::Status ImportLog(grpc::ServerContext* context, grpc::ServerReader<v1::ImportLogRequest>* reader,
                         v1::ImportLogResponse* response) override;
  grpc::Status Verify(grpc::ServerContext* context, const v1::VerifyRequest* request,
                      grpc::ServerWriter<v1::VerifyResponse>* writer) override;
  grpc::Status ListLostAnswers(grpc::ServerContext* context, const v1::ListLostAnswersRequest* request,
                               grpc::ServerWriter<v1::ListLostAnswersResponse>* writer) override;
  grpc::Status GetCheckpoints(grpc::ServerContext* context, const v1::GetCheckpointsRequest* request,
                              v1::GetCheckpointsResponse* response) override;

 private:
  const OperatedService* Find(const std::string& name) const;
  grpc::Status Admitted(const grpc::ServerContextBase& call, const char* method) const;

  std::vector<OperatedService> services_;
  Admit admit_;
  Sign sign_;
  std::atomic<bool> verifying_{false};
  std::atomic<bool> importing_{false};
};

}  // namespace mynumber::operations

#endif  // MYNUMBER_LIBS_OPERATIONS_OPERATIONS_SERVICE_H_
