// From the factory's parcel to the hand-over at the counter.

#include "services/card/service.h"
#include "services/card/service_asked.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;

constexpr int kRecordCharactersMax = 200;

absl::Status ValidateDestruction(const v1::DestroyCardRequest& request) {
  absl::Status status = Known(events::v1::DestructionGround_IsValid, request.ground(), refusals::GroundMissing());
  if (status.ok() && request.record().empty()) status = refusals::RecordMissing();
  return status.ok() ? ValidateText(request.record(), "record", kRecordCharactersMax) : status;
}

absl::Status ValidateHandOver(const v1::IssueCardRequest& request) {
  absl::Status status = ValidateDocuments(request.documents());
  return status.ok() ? ValidatePins(request.pins_set()) : status;
}

}  // namespace

Reactor* CardService::RecordArrival(Context* call, const v1::RecordArrivalRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "RecordArrival", *request, absl::OkStatus(), response, [&](uint32_t card) {
    return card::RecordArrival{card, request->actor()};
  });
}

Reactor* CardService::SetUpCard(Context* call, const v1::SetUpCardRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "SetUpCard", *request, absl::OkStatus(), response, [&](uint32_t card) {
    return card::SetUpCard{card, request->actor()};
  });
}

Reactor* CardService::SendIssueNotice(Context* call, const v1::SendIssueNoticeRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "SendIssueNotice", *request, absl::OkStatus(), response, [&](uint32_t card) {
    return card::SendIssueNotice{card, request->actor()};
  });
}

Reactor* CardService::RemindOfPickUp(Context* call, const v1::RemindOfPickUpRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "RemindOfPickUp", *request, absl::OkStatus(), response, [&](uint32_t card) {
    return card::RemindOfPickUp{card, request->actor()};
  });
}

Reactor* CardService::DestroyCard(Context* call, const v1::DestroyCardRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "DestroyCard", *request, ValidateDestruction(*request), response,
                   [&](uint32_t card) {
                     return card::DestroyCard{card, request->ground(), request->record(), request->actor()};
                   });
}

Reactor* CardService::IssueCard(Context* call, const v1::IssueCardRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "IssueCard", *request, ValidateHandOver(*request), response, [&](uint32_t card) {
    return card::IssueCard{card,
                           EnumsOf<events::v1::Document>(request->documents()),
                           request->to_agent(),
                           EnumsOf<events::v1::Pin>(request->pins_set()),
                           request->without_signature_certificate(),
                           request->actor()};
  });
}

}  // namespace mynumber::card
