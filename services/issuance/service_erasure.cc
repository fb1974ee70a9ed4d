// Erasing a resident: what the two persons ask for. What becomes of it is the domain's and the engine's. And the signed
// records of it, by which an operator has it done again.

#include <google/protobuf/util/time_util.h>

#include <utility>

#include "libs/eventsourcing/sealed_rows.h"
#include "services/issuance/domain/explain_erasure.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service.h"
#include "services/issuance/service_change.h"
#include "services/issuance/service_ids.h"

namespace mynumber::issuance {
namespace {

using google::protobuf::util::TimeUtil;
using rows::v1::ResidentState;

absl::Status AddRecord(const ServiceContext& context, const SubjectId& id, const sealing::SigningKey& signer,
                       v1::ListErasuresResponse* response) {
  ResidentState state;
  const auto found = context.Read(id, &state);
  if (!found.ok()) return found.status();
  // Of a month, and no resident.
  if (*found && state.status() == ResidentState::STATUS_ACCESS_RECORD) return absl::OkStatus();
  if (!*found || state.status() != ResidentState::STATUS_ERASED) {
    return absl::DataLossError("an erased resident's rows do not agree");
  }
  v1::ErasureRecord* record = response->add_erasures();
  record->set_name(ResidentName(id));
  FillErasure(state.erasure(), record->mutable_erasure());
  *record->mutable_erase_time() = TimeUtil::MicrosecondsToTimestamp(state.updated_micros());
  record->set_public_key(signer.PublicKey());
  record->set_signature(signer.Sign(StatementOf(*record)));
  return absl::OkStatus();
}

absl::Status ReadErasures(const ServiceContext& context, const v1::ListErasuresRequest& request,
                          v1::ListErasuresResponse* response) {
  std::vector<SubjectId> ids;
  absl::Status status = ReadIds(context, std::string(1, eventsourcing::kErasedTable), request.page_token(),
                                request.page_size(), &ids, response->mutable_next_page_token());
  const sealing::SigningKey signer = context.own.keys->ErasureSigner();
  for (size_t i = 0; i < ids.size() && status.ok(); ++i) {
    status = AddRecord(context, ids[i], signer, response);
  }
  return status;
}

absl::Status ValidateRecord(const ServiceContext& context, const v1::ErasureRecord& record) {
  const std::string key = context.own.keys->ErasureSigner().PublicKey();
  return sealing::IsSignature(key, StatementOf(record), record.signature()) ? absl::OkStatus()
                                                                            : refusals::ErasureRecordNotOurs();
}

}  // namespace

IssuanceService::Reactor* IssuanceService::RequestErasure(Context* call, const v1::RequestErasureRequest* request,
                                                          v1::Resident* response) {
  return Change(context_, call, {"RequestErasure", /*needs_clerk=*/true}, *request,
                ValidateErasure(request->ground(), request->reference()),
                issuance::RequestErasure{request->ground(), request->reference(), request->actor()}, response);
}

IssuanceService::Reactor* IssuanceService::ApproveErasure(Context* call, const v1::ApproveErasureRequest* request,
                                                          v1::Resident* response) {
  return Change(context_, call, {"ApproveErasure", /*needs_clerk=*/true}, *request, absl::OkStatus(),
                issuance::ApproveErasure{request->actor()}, response);
}

IssuanceService::Reactor* IssuanceService::WithdrawErasure(Context* call, const v1::WithdrawErasureRequest* request,
                                                           v1::Resident* response) {
  return Change(context_, call, {"WithdrawErasure", /*needs_clerk=*/true}, *request,
                ValidateText(request->reason(), "reason", refusals::EvidenceMissing("reason")),
                issuance::WithdrawErasure{request->reason(), request->actor()}, response);
}

IssuanceService::Reactor* IssuanceService::ListErasures(Context* rpc_call, const v1::ListErasuresRequest* request,
                                                        v1::ListErasuresResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListErasures", *request);
  absl::Status status = ValidateActor(kRefusals, request->actor(), true);
  if (status.ok() && request->page_size() < 0) status = kRefusals.PageSizeNegative();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  WhenRead(context_, call, AllPartitions(*context_), [this, call, request, response](const absl::Status& current) {
    call.End(current.ok() ? ReadErasures(*context_, *request, response) : current);
  });
  return call.reactor();
}

IssuanceService::Reactor* IssuanceService::EraseAgain(Context* call, const v1::EraseAgainRequest* request,
                                                      v1::EraseAgainResponse* response) {
  absl::Status first = ValidateRecord(*context_, request->record());
  issuance::EraseAgain command;
  if (first.ok()) command.record = EventOf(request->record());
  *command.record.mutable_again_by() = request->actor();
  return ChangeNamed(context_, call, {"EraseAgain", /*needs_clerk=*/true, "record.name"}, *request,
                     request->record().name(), std::move(first), std::move(command),
                     [response](const SubjectId& subject, const Prepared& prepared) {
                       response->set_name(ResidentName(subject));
                       response->set_position(eventsourcing::FormatPosition(prepared.position));
                     });
}

}  // namespace mynumber::issuance
