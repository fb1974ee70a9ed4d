#ifndef MYNUMBER_TESTS_STORIES_CLIENT_H_
#define MYNUMBER_TESTS_STORIES_CLIENT_H_

// The services as somebody outside meets them, without gRPC's headers, which cost a test seconds to compile.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mynumber/issuance/v1/issuance_service.pb.h"
#include "mynumber/operations/v1/operations_service.pb.h"

namespace grpc {
class Channel;
}

namespace mynumber::stories {

namespace v1 = issuance::v1;

// A stream that is open both ways. Goes before its client.
template <class Request, class Response>
class OpenStream {
 public:
  OpenStream(grpc::Channel* channel, const std::string& traceparent);
  ~OpenStream();

  // False: the stream has ended.
  bool Send(const Request& request);
  // The next answer; nothing once the stream has ended.
  std::optional<Response> Next();
  void NoMore();
  absl::Status End();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

using BulkLoad = OpenStream<v1::RegisterResidentsRequest, v1::RegisterResidentsResponse>;
using Validation = OpenStream<v1::ValidateNumbersRequest, v1::ValidateNumbersResponse>;

// A status carries the problem that the server sent. Any thread.
class Client {
 public:
  explicit Client(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)) {}

  // For the calls that follow. 0: no deadline.
  int64_t deadline_millis = 0;
  // W3C header; empty: none.
  std::string traceparent;

  absl::StatusOr<v1::Resident> Call(const v1::RegisterResidentRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::GetResidentRequest& request) const;
  absl::StatusOr<v1::ListResidentsResponse> Call(const v1::ListResidentsRequest& request) const;
  absl::StatusOr<v1::FindResidentsResponse> Call(const v1::FindResidentsRequest& request) const;
  absl::StatusOr<v1::RecordMoveResponse> Call(const v1::RecordMoveRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::RecordDepartureRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::RecordReturnRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::RecordDeathRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::CorrectResidentRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::ChangeResidentRecordCodeRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::VoidRegistrationRequest& request) const;
  absl::StatusOr<v1::DiscloseNumberResponse> Call(const v1::DiscloseNumberRequest& request) const;
  absl::StatusOr<v1::FindResidentByNumberResponse> Call(const v1::FindResidentByNumberRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::ReplaceNumberRequest& request) const;
  absl::StatusOr<v1::ListDisclosuresResponse> Call(const v1::ListDisclosuresRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::RequestErasureRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::ApproveErasureRequest& request) const;
  absl::StatusOr<v1::Resident> Call(const v1::WithdrawErasureRequest& request) const;
  absl::StatusOr<v1::ListAccessRecordsResponse> Call(const v1::ListAccessRecordsRequest& request) const;
  absl::StatusOr<v1::ListErasuresResponse> Call(const v1::ListErasuresRequest& request) const;
  absl::StatusOr<v1::EraseAgainResponse> Call(const v1::EraseAgainRequest& request) const;
  absl::StatusOr<v1::ExportAccessHistoryResponse> Call(const v1::ExportAccessHistoryRequest& request) const;
  absl::StatusOr<v1::GetOutcomeResponse> Call(const v1::GetOutcomeRequest& request) const;
  absl::StatusOr<v1::GetDigestResponse> Call(const v1::GetDigestRequest& request) const;
  // All answers of a stream.
  absl::StatusOr<std::vector<v1::StreamResidentsResponse>> Call(const v1::StreamResidentsRequest& request) const;
  // Each request after the answer to the one before it; the answers until the stream's end.
  absl::StatusOr<std::vector<v1::ValidateNumbersResponse>> Call(
      const std::vector<v1::ValidateNumbersRequest>& requests) const;
  std::unique_ptr<BulkLoad> StartBulk() const;
  std::unique_ptr<Validation> StartValidation() const;
  // One stream with these batches; their answers.
  absl::StatusOr<std::vector<v1::RegisterResidentsResponse>> Load(
      const std::vector<v1::RegisterResidentsRequest>& batches) const;

  absl::StatusOr<operations::v1::GetStatusResponse> Call(const operations::v1::GetStatusRequest& request) const;
  absl::StatusOr<std::vector<operations::v1::ExportLogResponse>> Call(
      const operations::v1::ExportLogRequest& request) const;
  absl::StatusOr<std::vector<operations::v1::VerifyResponse>> Call(const operations::v1::VerifyRequest& request) const;

  // The verification's last word.
  absl::StatusOr<operations::v1::VerifyReport> Verify(const std::string& service = "issuance") const;
  // Every command in issuance's log, partition by partition; fails the test if the log cannot be read.
  std::vector<eventlog::v1::Command> CommandsInLog() const;

  // What grpc.health.v1 says: "SERVING", "NOT_SERVING" or "SERVICE_UNKNOWN".
  std::string Health(const std::string& service) const;
  // Sends bytes that are perhaps no message to a unary method of issuance.
  absl::Status SendBytes(const std::string& method, const std::string& bytes) const;
  // What reflection answers to the question which services there are, in its own bytes.
  std::string ReflectionAnswer() const;

  grpc::Channel* channel() const { return channel_.get(); }

 private:
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace mynumber::stories

#endif  // MYNUMBER_TESTS_STORIES_CLIENT_H_
