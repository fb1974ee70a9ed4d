// Erasing a resident: what the two persons ask for. What becomes of it is the domain's and the engine's.

#include <utility>

#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service.h"
#include "services/issuance/service_change.h"

namespace mynumber::issuance {

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

}  // namespace mynumber::issuance
