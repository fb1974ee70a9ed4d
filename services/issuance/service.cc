#include "services/issuance/service.h"

#include <utility>

#include "services/issuance/domain/refusals.h"
#include "services/issuance/service_call.h"

namespace mynumber::issuance {
namespace {

int IndexOf(const char* method) {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      v1::IssuanceService::service_full_name());
  return service->FindMethodByName(method)->index();
}

}  // namespace

template <class Request, class Response>
void IssuanceService::Receive(const char* name,
                              Reactor* (IssuanceService::*method)(Context*, const Request*, Response*)) {
  MarkMethodCallback(
      IndexOf(name),
      new grpc::internal::CallbackUnaryHandler<rpc::Received<Request>, Response>(
          [this, name, method](Context* call, const rpc::Received<Request>* received, Response* response) {
            const absl::Status refusal = Readable(received->flaw);
            if (refusal.ok()) return (this->*method)(call, &received->message, response);
            const UnaryCall refused(context_, call, name);
            refused.End(refusal);
            return refused.reactor();
          }));
}

IssuanceService::IssuanceService(ServiceContext* context) : context_(context) {
  Receive("RegisterResident", &IssuanceService::RegisterResident);
  Receive("GetResident", &IssuanceService::GetResident);
  Receive("ListResidents", &IssuanceService::ListResidents);
  Receive("FindResidents", &IssuanceService::FindResidents);
  Receive("RecordMove", &IssuanceService::RecordMove);
  Receive("RecordDeparture", &IssuanceService::RecordDeparture);
  Receive("RecordReturn", &IssuanceService::RecordReturn);
  Receive("RecordDeath", &IssuanceService::RecordDeath);
  Receive("CorrectResident", &IssuanceService::CorrectResident);
  Receive("ChangeResidentRecordCode", &IssuanceService::ChangeResidentRecordCode);
  Receive("VoidRegistration", &IssuanceService::VoidRegistration);
  Receive("DiscloseNumber", &IssuanceService::DiscloseNumber);
  Receive("FindResidentByNumber", &IssuanceService::FindResidentByNumber);
  Receive("ReplaceNumber", &IssuanceService::ReplaceNumber);
  Receive("ListDisclosures", &IssuanceService::ListDisclosures);
  Receive("GetOutcome", &IssuanceService::GetOutcome);
  Receive("GetDigest", &IssuanceService::GetDigest);
  MarkMethodCallback(
      IndexOf("RegisterResidents"),
      new grpc::internal::CallbackBidiHandler<rpc::Received<v1::RegisterResidentsRequest>,
                                              v1::RegisterResidentsResponse>(
          [this](Context* call) { return OpenRegistrations(call); }));
  MarkMethodCallback(
      IndexOf("ValidateNumbers"),
      new grpc::internal::CallbackBidiHandler<rpc::Received<v1::ValidateNumbersRequest>, v1::ValidateNumbersResponse>(
          [this](Context* call) { return OpenValidation(call); }));
  MarkMethodCallback(
      IndexOf("StreamResidents"),
      new grpc::internal::CallbackServerStreamingHandler<rpc::Received<v1::StreamResidentsRequest>,
                                                         v1::StreamResidentsResponse>(
          [this](Context* call, const rpc::Received<v1::StreamResidentsRequest>* received) {
            return OpenResidents(call, *received);
          }));
}

}  // namespace mynumber::issuance
