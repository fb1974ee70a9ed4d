// A card in the holder's hands: changes, moves, validity, PINs, certificates.

#include "services/card/service.h"
#include "services/card/service_asked.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;

absl::Status ValidateChange(const v1::RecordChangeRequest& request) {
  absl::Status status = Known(events::v1::CardChange_IsValid, request.change(), refusals::ChangeMissing());
  return status.ok() ? ValidateDate(request.changed_date(), "changed_date") : status;
}

absl::Status ValidateMove(const v1::ContinueUseRequest& request) {
  absl::Status status = ValidateDate(request.declared_move_out_date(), "declared_move_out_date");
  if (status.ok()) status = ValidateDate(request.moved_date(), "moved_date");
  return status.ok() ? ValidateDate(request.move_in_notified_date(), "move_in_notified_date") : status;
}

absl::Status ValidateExtension(const v1::ExtendValidityRequest& request) {
  return request.has_new_period_of_stay_end() ? ValidateDate(request.new_period_of_stay_end(), "new_period_of_stay_end")
                                              : absl::OkStatus();
}

absl::Status ValidatePin(events::v1::Pin pin) {
  return Known(events::v1::Pin_IsValid, pin, refusals::PinMissing());
}

absl::Status ValidateCertificate(events::v1::Certificate certificate) {
  return Known(events::v1::Certificate_IsValid, certificate, refusals::CertificateMissing());
}

absl::Status ValidateUnlocking(const v1::UnlockPinRequest& request) {
  absl::Status status = ValidatePin(request.pin());
  return status.ok() ? ValidateDocuments(request.documents()) : status;
}

}  // namespace

Reactor* CardService::RecordChange(Context* call, const v1::RecordChangeRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "RecordChange", *request, ValidateChange(*request), response, [&](uint32_t card) {
    return card::RecordChange{card, request->change(), request->changed_date(), request->actor()};
  });
}

Reactor* CardService::ContinueUse(Context* call, const v1::ContinueUseRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "ContinueUse", *request, ValidateMove(*request), response, [&](uint32_t card) {
    return card::ContinueUse{card,
                             request->declared_move_out_date(),
                             request->moved_date(),
                             request->move_in_notified_date(),
                             request->pin_entered(),
                             request->actor()};
  });
}

Reactor* CardService::ExtendValidity(Context* call, const v1::ExtendValidityRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "ExtendValidity", *request, ValidateExtension(*request), response,
                   [&](uint32_t card) {
                     card::ExtendValidity extension{card, std::nullopt, request->actor()};
                     if (request->has_new_period_of_stay_end()) {
                       extension.new_period_of_stay_end = request->new_period_of_stay_end();
                     }
                     return extension;
                   });
}

Reactor* CardService::RegisterHealthInsurance(Context* call, const v1::RegisterHealthInsuranceRequest* request,
                                              v1::Card* response) {
  return WriteCard(context_, call, "RegisterHealthInsurance", *request, absl::OkStatus(), response,
                   [&](uint32_t card) {
                     return card::RegisterHealthInsurance{card, request->actor()};
                   });
}

Reactor* CardService::LockPin(Context* call, const v1::LockPinRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "LockPin", *request, ValidatePin(request->pin()), response, [&](uint32_t card) {
    return card::LockPin{card, request->pin(), request->actor()};
  });
}

Reactor* CardService::UnlockPin(Context* call, const v1::UnlockPinRequest* request, v1::Card* response) {
  return WriteCard(context_, call, "UnlockPin", *request, ValidateUnlocking(*request), response, [&](uint32_t card) {
    return card::UnlockPin{card, request->pin(), EnumsOf<events::v1::Document>(request->documents()),
                           request->actor()};
  });
}

Reactor* CardService::IssueCertificate(Context* call, const v1::IssueCertificateRequest* request,
                                       v1::Card* response) {
  return WriteCard(context_, call, "IssueCertificate", *request, ValidateCertificate(request->certificate()),
                   response, [&](uint32_t card) {
                     return card::IssueCertificate{card, request->certificate(), request->actor()};
                   });
}

Reactor* CardService::RevokeCertificate(Context* call, const v1::RevokeCertificateRequest* request,
                                        v1::Card* response) {
  return WriteCard(context_, call, "RevokeCertificate", *request, ValidateCertificate(request->certificate()),
                   response, [&](uint32_t card) {
                     return card::RevokeCertificate{card, request->certificate(), request->actor()};
                   });
}

Reactor* CardService::SetCodeWord(Context* rpc_call, const v1::SetCodeWordRequest* request,
                                  v1::SetCodeWordResponse* response) {
  const UnaryCall call(context_, rpc_call, "SetCodeWord", *request);
  const auto resident = ValidateResidentName(request->resident(), "resident");
  auto asked = serving::CheckAskedOf(context_, *rpc_call, "SetCodeWord", *request, resident,
                                     ValidateCodeWord(request->code_word()), true);
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  serving::SendAndAnswer(
      context_, call, *asked, *resident,
      card::SetCodeWord{context_->own.keys->CodeWordHash(*resident, request->code_word()), request->actor()}, response,
      [](const Prepared& prepared, v1::SetCodeWordResponse* answer) {
        answer->set_position(eventsourcing::FormatPosition(prepared.position));
      });
  return call.reactor();
}

}  // namespace mynumber::card
