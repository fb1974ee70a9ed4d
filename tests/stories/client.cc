#include "tests/stories/client.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>

#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/rpc/status_details.h"
#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"
#include "mynumber/operations/v1/operations_service.grpc.pb.h"

namespace mynumber::stories {
namespace {

using Issuance = v1::IssuanceService::Stub;
using Operations = operations::v1::OperationsService::Stub;

[[noreturn]] void Die(const char* why) {
  std::fprintf(stderr, "client: %s\n", why);
  std::abort();
}

void Prepare(const Client& client, grpc::ClientContext* context) {
  if (client.deadline_millis != 0) {
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(client.deadline_millis));
  }
  if (!client.traceparent.empty()) context->AddMetadata("traceparent", client.traceparent);
}

template <class Stub, class Request, class Response>
absl::StatusOr<Response> Ask(const Client& client, const Request& request,
                             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  grpc::ClientContext context;
  Prepare(client, &context);
  Response response;
  Stub stub(std::shared_ptr<grpc::Channel>(client.channel(), [](grpc::Channel*) {}));
  const absl::Status status = rpc::FromGrpc((stub.*method)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

template <class Stub, class Request, class Response>
absl::StatusOr<std::vector<Response>> AskAll(
    const Client& client, const Request& request,
    std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*, const Request&)) {
  grpc::ClientContext context;
  Prepare(client, &context);
  Stub stub(std::shared_ptr<grpc::Channel>(client.channel(), [](grpc::Channel*) {}));
  const auto stream = (stub.*method)(&context, request);
  std::vector<Response> answers;
  for (Response response; stream->Read(&response);) answers.push_back(std::move(response));
  const absl::Status status = rpc::FromGrpc(stream->Finish());
  if (!status.ok()) return status;
  return answers;
}

}  // namespace

template <class Request, class Response>
struct OpenStream<Request, Response>::Inside {
  void Open(Issuance* stub) {
    if constexpr (std::is_same_v<Request, v1::RegisterResidentsRequest>) {
      stream = stub->RegisterResidents(&context);
    } else {
      stream = stub->ValidateNumbers(&context);
    }
  }
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream;
};

template <class Request, class Response>
OpenStream<Request, Response>::OpenStream(grpc::Channel* channel, const std::string& traceparent)
    : inside_(new Inside) {
  if (!traceparent.empty()) inside_->context.AddMetadata("traceparent", traceparent);
  Issuance stub(std::shared_ptr<grpc::Channel>(channel, [](grpc::Channel*) {}));
  inside_->Open(&stub);
}

template <class Request, class Response>
OpenStream<Request, Response>::~OpenStream() {
  inside_->context.TryCancel();
}

template <class Request, class Response>
bool OpenStream<Request, Response>::Send(const Request& request) {
  return inside_->stream->Write(request);
}

template <class Request, class Response>
std::optional<Response> OpenStream<Request, Response>::Next() {
  Response response;
  if (!inside_->stream->Read(&response)) return std::nullopt;
  return response;
}

template <class Request, class Response>
void OpenStream<Request, Response>::NoMore() {
  inside_->stream->WritesDone();
}

template <class Request, class Response>
absl::Status OpenStream<Request, Response>::End() {
  return rpc::FromGrpc(inside_->stream->Finish());
}

template class OpenStream<v1::RegisterResidentsRequest, v1::RegisterResidentsResponse>;
template class OpenStream<v1::ValidateNumbersRequest, v1::ValidateNumbersResponse>;

absl::StatusOr<v1::Resident> Client::Call(const v1::RegisterResidentRequest& request) const {
  return Ask(*this, request, &Issuance::RegisterResident);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::GetResidentRequest& request) const {
  return Ask(*this, request, &Issuance::GetResident);
}
absl::StatusOr<v1::ListResidentsResponse> Client::Call(const v1::ListResidentsRequest& request) const {
  return Ask(*this, request, &Issuance::ListResidents);
}
absl::StatusOr<v1::FindResidentsResponse> Client::Call(const v1::FindResidentsRequest& request) const {
  return Ask(*this, request, &Issuance::FindResidents);
}
absl::StatusOr<v1::RecordMoveResponse> Client::Call(const v1::RecordMoveRequest& request) const {
  return Ask(*this, request, &Issuance::RecordMove);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::RecordDepartureRequest& request) const {
  return Ask(*this, request, &Issuance::RecordDeparture);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::RecordReturnRequest& request) const {
  return Ask(*this, request, &Issuance::RecordReturn);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::RecordDeathRequest& request) const {
  return Ask(*this, request, &Issuance::RecordDeath);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::CorrectResidentRequest& request) const {
  return Ask(*this, request, &Issuance::CorrectResident);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::ChangeResidentRecordCodeRequest& request) const {
  return Ask(*this, request, &Issuance::ChangeResidentRecordCode);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::VoidRegistrationRequest& request) const {
  return Ask(*this, request, &Issuance::VoidRegistration);
}
absl::StatusOr<v1::DiscloseNumberResponse> Client::Call(const v1::DiscloseNumberRequest& request) const {
  return Ask(*this, request, &Issuance::DiscloseNumber);
}
absl::StatusOr<v1::FindResidentByNumberResponse> Client::Call(const v1::FindResidentByNumberRequest& request) const {
  return Ask(*this, request, &Issuance::FindResidentByNumber);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::ReplaceNumberRequest& request) const {
  return Ask(*this, request, &Issuance::ReplaceNumber);
}
absl::StatusOr<v1::ListDisclosuresResponse> Client::Call(const v1::ListDisclosuresRequest& request) const {
  return Ask(*this, request, &Issuance::ListDisclosures);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::RequestErasureRequest& request) const {
  return Ask(*this, request, &Issuance::RequestErasure);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::ApproveErasureRequest& request) const {
  return Ask(*this, request, &Issuance::ApproveErasure);
}
absl::StatusOr<v1::Resident> Client::Call(const v1::WithdrawErasureRequest& request) const {
  return Ask(*this, request, &Issuance::WithdrawErasure);
}
absl::StatusOr<v1::ListAccessRecordsResponse> Client::Call(const v1::ListAccessRecordsRequest& request) const {
  return Ask(*this, request, &Issuance::ListAccessRecords);
}
absl::StatusOr<v1::ListErasuresResponse> Client::Call(const v1::ListErasuresRequest& request) const {
  return Ask(*this, request, &Issuance::ListErasures);
}
absl::StatusOr<v1::EraseAgainResponse> Client::Call(const v1::EraseAgainRequest& request) const {
  return Ask(*this, request, &Issuance::EraseAgain);
}
absl::StatusOr<v1::ExportAccessHistoryResponse> Client::Call(const v1::ExportAccessHistoryRequest& request) const {
  return Ask(*this, request, &Issuance::ExportAccessHistory);
}
absl::StatusOr<v1::GetOutcomeResponse> Client::Call(const v1::GetOutcomeRequest& request) const {
  return Ask(*this, request, &Issuance::GetOutcome);
}
absl::StatusOr<v1::GetDigestResponse> Client::Call(const v1::GetDigestRequest& request) const {
  return Ask(*this, request, &Issuance::GetDigest);
}
absl::StatusOr<std::vector<v1::StreamResidentsResponse>> Client::Call(
    const v1::StreamResidentsRequest& request) const {
  return AskAll(*this, request, &Issuance::StreamResidents);
}
absl::StatusOr<operations::v1::GetStatusResponse> Client::Call(const operations::v1::GetStatusRequest& request) const {
  return Ask(*this, request, &Operations::GetStatus);
}
absl::StatusOr<std::vector<operations::v1::ExportLogResponse>> Client::Call(
    const operations::v1::ExportLogRequest& request) const {
  return AskAll(*this, request, &Operations::ExportLog);
}
absl::StatusOr<std::vector<operations::v1::VerifyResponse>> Client::Call(
    const operations::v1::VerifyRequest& request) const {
  return AskAll(*this, request, &Operations::Verify);
}

namespace {

// Each request after the answer to the one before it; all answers.
template <class Request, class Response>
absl::StatusOr<std::vector<Response>> Converse(OpenStream<Request, Response>& stream,
                                               const std::vector<Request>& requests) {
  std::vector<Response> answers;
  for (const Request& request : requests) {
    std::optional<Response> answer;
    if (stream.Send(request)) answer = stream.Next();
    if (!answer) break;
    answers.push_back(*std::move(answer));
  }
  stream.NoMore();
  const absl::Status status = stream.End();
  if (!status.ok()) return status;
  return answers;
}

}  // namespace

absl::StatusOr<std::vector<v1::ValidateNumbersResponse>> Client::Call(
    const std::vector<v1::ValidateNumbersRequest>& requests) const {
  return Converse(*StartValidation(), requests);
}

std::unique_ptr<Validation> Client::StartValidation() const {
  return std::make_unique<Validation>(channel_.get(), traceparent);
}

std::unique_ptr<BulkLoad> Client::StartBulk() const {
  return std::make_unique<BulkLoad>(channel_.get(), traceparent);
}

absl::StatusOr<std::vector<v1::RegisterResidentsResponse>> Client::Load(
    const std::vector<v1::RegisterResidentsRequest>& batches) const {
  return Converse(*StartBulk(), batches);
}

absl::StatusOr<operations::v1::VerifyReport> Client::Verify(const std::string& service) const {
  operations::v1::VerifyRequest request;
  request.set_service(service);
  const auto steps = Call(request);
  if (!steps.ok()) return steps.status();
  if (steps->empty() || !steps->back().has_report()) return absl::InternalError("it ends without a report");
  return steps->back().report();
}

std::vector<eventlog::v1::Command> Client::CommandsInLog() const {
  std::vector<eventlog::v1::Command> commands;
  const auto status = Call(operations::v1::GetStatusRequest());
  if (!status.ok()) Die("no status");
  for (const auto& partition : status->partitions()) {
    operations::v1::ExportLogRequest request;
    request.set_service(partition.service());
    request.set_partition(partition.partition());
    const auto records = Call(request);
    if (!records.ok()) Die("the log cannot be exported");
    for (const auto& entry : *records) {
      eventlog::v1::Record record;
      if (!record.ParseFromString(entry.record())) Die("a record cannot be read");
      for (const auto& command : record.batch().commands()) commands.push_back(command);
    }
  }
  return commands;
}

std::string Client::Health(const std::string& service) const {
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckRequest request;
  grpc::health::v1::HealthCheckResponse response;
  request.set_service(service);
  const grpc::Status status = grpc::health::v1::Health::NewStub(channel_)->Check(&context, request, &response);
  if (!status.ok()) return status.error_code() == grpc::StatusCode::NOT_FOUND ? "SERVICE_UNKNOWN" : "no answer";
  return grpc::health::v1::HealthCheckResponse::ServingStatus_Name(response.status());
}

absl::Status Client::SendBytes(const std::string& method, const std::string& bytes) const {
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice slice(bytes);
  const std::string path = std::string("/") + v1::IssuanceService::service_full_name() + "/" + method;
  const auto call = stub.PrepareUnaryCall(&context, path, grpc::ByteBuffer(&slice, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  if (!queue.Next(&tag, &ok)) Die("no answer to bytes");
  return rpc::FromGrpc(status);
}

std::string Client::ReflectionAnswer() const {
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto await = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    if (!queue.Next(&tag, &ok) || !ok) Die("reflection does not answer");
  };
  const auto call =
      stub.PrepareCall(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  call->StartCall(nullptr);
  await();
  // ServerReflectionRequest{list_services: ""}: field 7, no bytes.
  const grpc::Slice list_services("\x3a\x00", 2);
  call->Write(grpc::ByteBuffer(&list_services, 1), nullptr);
  await();
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  await();
  context.TryCancel();
  grpc::Slice bytes;
  if (!answer.DumpToSingleSlice(&bytes).ok()) Die("reflection answers nothing");
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

}  // namespace mynumber::stories
