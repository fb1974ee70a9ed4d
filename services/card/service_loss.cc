// Loss: OK means that the card is suspended in the log, and by every current read that begins later.

#include "google/protobuf/util/time_util.h"
#include "services/card/service.h"
#include "services/card/service_asked.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;

constexpr int kReceiptCharactersMax = 64;
constexpr int kCaseCharactersMax = 100;

absl::Status ValidateSuspension(const v1::SuspendCardRequest& request) {
  absl::Status status =
      Known(events::v1::SuspensionReason_IsValid, request.reason(), refusals::SuspensionReasonMissing());
  return status.ok() ? ValidateText(request.case_name(), "case_name", kCaseCharactersMax) : status;
}

absl::Status ValidateLifting(const v1::LiftSuspensionRequest& request) {
  // Who is not there has no documents, and is told the first of the two.
  absl::Status status = request.person_present() ? ValidateDocuments(request.documents()) : absl::OkStatus();
  return status.ok() ? ValidateText(request.police_receipt(), "police_receipt", kReceiptCharactersMax) : status;
}

absl::Status ValidateRevocation(const v1::RevokeCardRequest& request) {
  return Known(events::v1::RevocationGround_IsValid, request.ground(), refusals::GroundMissing());
}

void FillSuspended(const Prepared& prepared, const NumberedName& name, int64_t now_micros,
                   v1::SuspendCardResponse* response) {
  const rows::v1::Card* card = FindCard(prepared.state.file(), name.number);
  if (card == nullptr) return;
  FillStatus(name.resident, *card, now_micros, &prepared.position, response->mutable_status());
  const rows::v1::Suspension& suspension = card->suspension();
  response->set_was_suspended(prepared.already);
  *response->mutable_effect_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(suspension.since_micros());
  response->set_effect_position(eventsourcing::FormatPosition(
      {prepared.position.partition, suspension.sequence(), suspension.index()}));
}

}  // namespace

Reactor* CardService::SuspendCard(Context* rpc_call, const v1::SuspendCardRequest* request,
                                  v1::SuspendCardResponse* response) {
  const UnaryCall call(context_, rpc_call, "SuspendCard", *request);
  const auto name = ValidateCardName(request->name());
  auto asked = serving::CheckAskedOf(context_, *rpc_call, "SuspendCard", *request, ResidentOf(name),
                                     ValidateSuspension(*request), NeedsClerk(request->actor()));
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  // Admitted when other calls are refused for load.
  asked->urgent = true;
  serving::SendAndAnswer(
      context_, call, *asked, name->resident,
      card::SuspendCard{name->number, request->reason(), request->case_name(), request->actor()}, response,
      [context = context_, name = *name](const Prepared& prepared, v1::SuspendCardResponse* answer) {
        FillSuspended(prepared, name, context->now(), answer);
      });
  return call.reactor();
}

Reactor* CardService::ReportLoss(Context* call, const v1::ReportLossRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "ReportLoss", *request,
                   ValidateText(request->police_receipt(), "police_receipt", kReceiptCharactersMax), response,
                   [&](uint32_t card) {
                     return card::ReportLoss{card, request->police_receipt(), request->lost_at_home(),
                                             request->actor()};
                   });
}

Reactor* CardService::ReportFound(Context* call, const v1::ReportFoundRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "ReportFound", *request, absl::OkStatus(), response, [&](uint32_t card) {
    return card::ReportFound{card, request->actor()};
  });
}

Reactor* CardService::LiftSuspension(Context* call, const v1::LiftSuspensionRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "LiftSuspension", *request, ValidateLifting(*request), response,
                   [&](uint32_t card) {
                     return card::LiftSuspension{card,
                                                 request->person_present(),
                                                 EnumsOf<events::v1::Document>(request->documents()),
                                                 request->police_receipt(),
                                                 request->lost_at_home(),
                                                 request->actor()};
                   });
}

Reactor* CardService::RevokeCard(Context* call, const v1::RevokeCardRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "RevokeCard", *request, ValidateRevocation(*request), response,
                   [&](uint32_t card) {
                     return card::RevokeCard{card, request->ground(), request->actor()};
                   });
}

Reactor* CardService::ReturnCard(Context* call, const v1::ReturnCardRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "ReturnCard", *request, absl::OkStatus(), response, [&](uint32_t card) {
    return card::ReturnCard{card, request->actor()};
  });
}

}  // namespace mynumber::card
