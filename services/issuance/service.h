#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "libs/rpc/received.h"
#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"
#include "services/issuance/service_context.h"

namespace mynumber::issuance {

// mynumber.issuance.v1: request -> command, row -> response. Handlers never block: commands wait in their partition,
// longer reads run on workers. The methods are spread over service_records.cc, service_register.cc, service_numbers.cc,
// service_outcome.cc and service_reads.cc. Streams are opened under names of their own, since they take rpc::Received.
class IssuanceService final : public v1::IssuanceService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  explicit IssuanceService(ServiceContext* context);

  // Takes up changes of record codes that a crash or a lost partition left half done. Called now and then.
  void ResumeRecordCodeChanges();

  // Writes down what was refused in this process since the last time. Called now and then.
  void NoteRefusedAttempts();

  Reactor* RegisterResident(Context*, const v1::RegisterResidentRequest*, v1::Resident*) override;
  grpc::ServerBidiReactor<rpc::Received<v1::RegisterResidentsRequest>, v1::RegisterResidentsResponse>*
  OpenRegistrations(Context*);

  Reactor* GetResident(Context*, const v1::GetResidentRequest*, v1::Resident*) override;
  Reactor* ListResidents(Context*, const v1::ListResidentsRequest*, v1::ListResidentsResponse*) override;
  Reactor* FindResidents(Context*, const v1::FindResidentsRequest*, v1::FindResidentsResponse*) override;

  Reactor* RecordMove(Context*, const v1::RecordMoveRequest*, v1::RecordMoveResponse*) override;
  Reactor* RecordDeparture(Context*, const v1::RecordDepartureRequest*, v1::Resident*) override;
  Reactor* RecordReturn(Context*, const v1::RecordReturnRequest*, v1::Resident*) override;
  Reactor* RecordDeath(Context*, const v1::RecordDeathRequest*, v1::Resident*) override;
  Reactor* CorrectResident(Context*, const v1::CorrectResidentRequest*, v1::Resident*) override;
  Reactor* ChangeResidentRecordCode(Context*, const v1::ChangeResidentRecordCodeRequest*, v1::Resident*) override;
  Reactor* VoidRegistration(Context*, const v1::VoidRegistrationRequest*, v1::Resident*) override;

  Reactor* DiscloseNumber(Context*, const v1::DiscloseNumberRequest*, v1::DiscloseNumberResponse*) override;
  Reactor* FindResidentByNumber(Context*, const v1::FindResidentByNumberRequest*,
                                v1::FindResidentByNumberResponse*) override;
  Reactor* ReplaceNumber(Context*, const v1::ReplaceNumberRequest*, v1::Resident*) override;
  grpc::ServerBidiReactor<rpc::Received<v1::ValidateNumbersRequest>, v1::ValidateNumbersResponse>* OpenValidation(
      Context*);
  Reactor* ListDisclosures(Context*, const v1::ListDisclosuresRequest*, v1::ListDisclosuresResponse*) override;
  Reactor* ListAccessRecords(Context*, const v1::ListAccessRecordsRequest*, v1::ListAccessRecordsResponse*) override;
  Reactor* ExportAccessHistory(Context*, const v1::ExportAccessHistoryRequest*,
                               v1::ExportAccessHistoryResponse*) override;

  Reactor* RequestErasure(Context*, const v1::RequestErasureRequest*, v1::Resident*) override;
  Reactor* ApproveErasure(Context*, const v1::ApproveErasureRequest*, v1::Resident*) override;
  Reactor* WithdrawErasure(Context*, const v1::WithdrawErasureRequest*, v1::Resident*) override;
  Reactor* ListErasures(Context*, const v1::ListErasuresRequest*, v1::ListErasuresResponse*) override;
  Reactor* EraseAgain(Context*, const v1::EraseAgainRequest*, v1::EraseAgainResponse*) override;

  Reactor* GetOutcome(Context*, const v1::GetOutcomeRequest*, v1::GetOutcomeResponse*) override;
  Reactor* GetDigest(Context*, const v1::GetDigestRequest*, v1::GetDigestResponse*) override;
  grpc::ServerWriteReactor<v1::StreamResidentsResponse>* OpenResidents(
      Context*, const rpc::Received<v1::StreamResidentsRequest>& received);

 private:
  // Has gRPC hand over the requests of `name` as rpc::Received.
  template <class Request, class Response>
  void Receive(const char* name, Reactor* (IssuanceService::*method)(Context*, const Request*, Response*));

  ServiceContext* context_;
};

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_H_
