#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_SERVER_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "libs/rpc/problem.h"
#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"
#include "mynumber/operations/v1/operations_service.grpc.pb.h"

namespace mynumber::mynumberctl {

// Issuance for tests: a map from record code to resident in memory, which outlives the server in front of it. Its
// numbers and names are made up from the record code.
class FakeIssuance final : public issuance::v1::IssuanceService::Service {
 public:
  // Set before the call that they concern.
  grpc::Status next_answer;            // not OK: the next unary call ends with it
  bool do_it_though = false;           // and yet does what it was asked
  std::atomic<int> rows_until_cut{-1};     // the stream breaks before it answers the batch with this row; -1: never
  std::atomic<int> rows_not_now{0};    // so many rows are answered QUEUE_FULL first
  std::atomic<bool> silent{false};     // the stream reads and does not answer

  // What arrived.
  std::vector<issuance::v1::RegisterResidentRequest> Received() const;
  // By record code.
  std::map<std::string, issuance::v1::Resident> residents() const;
  issuance::v1::DiscloseNumberRequest last_disclose;
  issuance::v1::CorrectResidentRequest last_correct;
  issuance::v1::RecordMoveRequest last_move;
  issuance::v1::FindResidentByNumberRequest last_find_by_number;
  std::vector<issuance::v1::EraseAgainRequest> erased_again;

  // Two on a page.
  std::vector<issuance::v1::ErasureRecord> erasures;
  // Of everybody and every month.
  std::vector<issuance::v1::AccessRecord> access_records;
  issuance::v1::ListAccessRecordsRequest last_access_records;

  grpc::Status RegisterResident(grpc::ServerContext*, const issuance::v1::RegisterResidentRequest* request,
                                issuance::v1::Resident* response) override;
  grpc::Status RegisterResidents(grpc::ServerContext*,
                                 grpc::ServerReaderWriter<issuance::v1::RegisterResidentsResponse,
                                                          issuance::v1::RegisterResidentsRequest>* stream) override;
  grpc::Status GetResident(grpc::ServerContext*, const issuance::v1::GetResidentRequest* request,
                           issuance::v1::Resident* response) override;
  grpc::Status ListResidents(grpc::ServerContext*, const issuance::v1::ListResidentsRequest* request,
                             issuance::v1::ListResidentsResponse* response) override;
  grpc::Status RecordMove(grpc::ServerContext*, const issuance::v1::RecordMoveRequest* request,
                          issuance::v1::RecordMoveResponse* response) override;
  grpc::Status CorrectResident(grpc::ServerContext*, const issuance::v1::CorrectResidentRequest* request,
                               issuance::v1::Resident* response) override;
  grpc::Status DiscloseNumber(grpc::ServerContext*, const issuance::v1::DiscloseNumberRequest* request,
                              issuance::v1::DiscloseNumberResponse* response) override;
  grpc::Status FindResidentByNumber(grpc::ServerContext*, const issuance::v1::FindResidentByNumberRequest* request,
                                    issuance::v1::FindResidentByNumberResponse* response) override;
  grpc::Status ValidateNumbers(grpc::ServerContext*,
                               grpc::ServerReaderWriter<issuance::v1::ValidateNumbersResponse,
                                                        issuance::v1::ValidateNumbersRequest>* stream) override;
  grpc::Status GetOutcome(grpc::ServerContext*, const issuance::v1::GetOutcomeRequest* request,
                          issuance::v1::GetOutcomeResponse* response) override;
  grpc::Status ListErasures(grpc::ServerContext*, const issuance::v1::ListErasuresRequest* request,
                            issuance::v1::ListErasuresResponse* response) override;
  grpc::Status ListAccessRecords(grpc::ServerContext*, const issuance::v1::ListAccessRecordsRequest* request,
                                 issuance::v1::ListAccessRecordsResponse* response) override;
  // Only those of `erasures` are known; "forged" is no signature.
  grpc::Status EraseAgain(grpc::ServerContext*, const issuance::v1::EraseAgainRequest* request,
                          issuance::v1::EraseAgainResponse* response) override;

 private:
  issuance::v1::RegisteredRow Register(const issuance::v1::RegisterResidentRequest& request);
  grpc::Status TakeNextAnswer();
  const issuance::v1::Resident* Find(const std::string& name) const;

  mutable std::mutex mutex_;
  std::map<std::string, issuance::v1::Resident> residents_;
  std::vector<issuance::v1::RegisterResidentRequest> received_;
};

// Answers what it was given.
class FakeOperations final : public operations::v1::OperationsService::Service {
 public:
  operations::v1::GetStatusResponse status;
  std::vector<operations::v1::VerifyResponse> verify;
  std::map<uint32_t, std::vector<operations::v1::ExportLogResponse>> log;

  grpc::Status GetStatus(grpc::ServerContext*, const operations::v1::GetStatusRequest*,
                         operations::v1::GetStatusResponse* response) override;
  grpc::Status Verify(grpc::ServerContext*, const operations::v1::VerifyRequest*,
                      grpc::ServerWriter<operations::v1::VerifyResponse>* writer) override;
  grpc::Status ExportLog(grpc::ServerContext*, const operations::v1::ExportLogRequest* request,
                         grpc::ServerWriter<operations::v1::ExportLogResponse>* writer) override;
};

// Services behind a port of 127.0.0.1, until it is destroyed.
class FakeServer {
 public:
  // `port`: 0 for any free one.
  explicit FakeServer(const std::vector<grpc::Service*>& services, int port = 0);
  ~FakeServer();

  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// An error as the real server words it.
grpc::Status FakeRefusal(absl::StatusCode code, const std::string& reason, const std::string& sentence,
                         const std::string& field = "");

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_FAKE_SERVER_H_
