#include "services/issuance/service.h"

#include "libs/serving/received_call.h"

namespace mynumber::issuance {
namespace {

constexpr const char* kService = v1::IssuanceService::service_full_name();

int IndexOf(const char* method) { return serving::MethodIndex(kService, method); }

}  // namespace

template <class Request, class Response>
void IssuanceService::Receive(const char* name,
                              Reactor* (IssuanceService::*method)(Context*, const Request*, Response*)) {
  MarkMethodCallback(IndexOf(name), serving::ReceivingHandler(context_, kService, name, this, method));
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
  Receive("ExportAccessHistory", &IssuanceService::ExportAccessHistory);
  Receive("ListAccessRecords", &IssuanceService::ListAccessRecords);
  Receive("RequestErasure", &IssuanceService::RequestErasure);
  Receive("ApproveErasure", &IssuanceService::ApproveErasure);
  Receive("WithdrawErasure", &IssuanceService::WithdrawErasure);
  Receive("ListErasures", &IssuanceService::ListErasures);
  Receive("EraseAgain", &IssuanceService::EraseAgain);
  Receive("GetOutcome", &IssuanceService::GetOutcome);
  Receive("GetDigest", &IssuanceService::GetDigest);
  MarkMethodCallback(IndexOf("RegisterResidents"),
                     serving::ReceivingBidiHandler<v1::RegisterResidentsRequest, v1::RegisterResidentsResponse>(
                         [this](Context* call) { return OpenRegistrations(call); }));
  MarkMethodCallback(IndexOf("ValidateNumbers"),
                     serving::ReceivingBidiHandler<v1::ValidateNumbersRequest, v1::ValidateNumbersResponse>(
                         [this](Context* call) { return OpenValidation(call); }));
  MarkMethodCallback(IndexOf("StreamResidents"),
                     serving::ReceivingStreamHandler<v1::StreamResidentsRequest, v1::StreamResidentsResponse>(
                         context_, kService, "StreamResidents",
                         [this](Context* call, const rpc::Received<v1::StreamResidentsRequest>& received) {
                           return OpenResidents(call, received);
                         }));
}

}  // namespace mynumber::issuance
