#include "tests/stories/client.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
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

struct BulkLoad::Inside {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<v1::RegisterResidentsRequest, v1::RegisterResidentsResponse>> stream;
};

BulkLoad::BulkLoad(grpc::Channel* channel, const std::string& traceparent) : inside_(new Inside) {
  if (!traceparent.empty()) inside_->context.AddMetadata("traceparent", traceparent);
  Issuance stub(std::shared_ptr<grpc::Channel>(channel, [](grpc::Channel*) {}));
  inside_->stream = stub.RegisterResidents(&inside_->context);
}

BulkLoad::~BulkLoad() { inside_->context.TryCancel(); }

bool BulkLoad::Send(const v1::RegisterResidentsRequest& batch) { return inside_->stream->Write(batch); }

std::optional<v1::RegisterResidentsResponse> BulkLoad::Next() {
  v1::RegisterResidentsResponse response;
  if (!inside_->stream->Read(&response)) return std::nullopt;
  return response;
}

void BulkLoad::NoMore() { inside_->stream->WritesDone(); }

absl::Status BulkLoad::End() { return rpc::FromGrpc(inside_->stream->Finish()); }

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

absl::StatusOr<std::vector<v1::ValidateNumbersResponse>> Client::Call(
    const std::vector<v1::ValidateNumbersRequest>& requests) const {
  grpc::ClientContext context;
  Prepare(*this, &context);
  const auto stream = v1::IssuanceService::NewStub(channel_)->ValidateNumbers(&context);
  std::vector<v1::ValidateNumbersResponse> answers;
  for (const v1::ValidateNumbersRequest& request : requests) {
    v1::ValidateNumbersResponse response;
    if (!stream->Write(request) || !stream->Read(&response)) break;
    answers.push_back(std::move(response));
  }
  stream->WritesDone();
  const absl::Status status = rpc::FromGrpc(stream->Finish());
  if (!status.ok()) return status;
  return answers;
}

std::unique_ptr<BulkLoad> Client::StartBulk() const {
  return std::make_unique<BulkLoad>(channel_.get(), traceparent);
}

absl::StatusOr<std::vector<v1::RegisterResidentsResponse>> Client::Load(
    const std::vector<v1::RegisterResidentsRequest>& batches) const {
  const auto load = StartBulk();
  std::vector<v1::RegisterResidentsResponse> answers;
  for (const v1::RegisterResidentsRequest& batch : batches) {
    std::optional<v1::RegisterResidentsResponse> answer;
    if (load->Send(batch)) answer = load->Next();
    if (!answer) break;
    answers.push_back(*std::move(answer));
  }
  load->NoMore();
  const absl::Status status = load->End();
  if (!status.ok()) return status;
  return answers;
}

absl::StatusOr<operations::v1::VerifyReport> Client::Verify() const {
  operations::v1::VerifyRequest request;
  request.set_service("issuance");
  const auto steps = Call(request);
  if (!steps.ok()) return steps.status();
  if (steps->empty() || !steps->back().has_report()) return absl::InternalError("the verification ends without a report");
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
