// Loss: a suspension is taken at every hour, in every state that is not final, and lifted at the office alone (P5;
// domain.md C.7, H.2).

#include "libs/calendar/date.h"
#include "services/card/domain/decide.h"
#include "services/card/domain/refusals.h"
#include "services/card/domain/state_standing.h"

namespace mynumber::card {
namespace {

using events::v1::CardEvent;
using rows::v1::Card;

void AddSuspension(const Matter& matter, uint32_t card, events::v1::SuspensionReason reason,
                   const std::string& case_name, const type::Actor& actor, DecidedEvents* events) {
  CardEvent event;
  auto* suspended = event.mutable_card_suspended();
  suspended->set_card(card);
  suspended->set_reason(reason);
  suspended->set_channel(ChannelOf(actor.authority()));
  suspended->set_case_name(case_name);
  *suspended->mutable_actor() = actor;
  matter.Add(std::move(event), events);
}

bool WasLost(const Card& card) {
  const auto reason = card.suspension().suspended().reason();
  return reason == events::v1::SUSPENSION_REASON_LOST || reason == events::v1::SUSPENSION_REASON_STOLEN;
}

}  // namespace

Outcome DecideOf(const Matter& matter, const SuspendCard& command) {
  const Card* card = FindCard(matter.file, command.card);
  if (card == nullptr) return refusals::CardUnknown();
  // Any municipality: who has lost a card goes to the next counter.
  absl::Status status =
      CheckStep(CardCommand::kSuspendCard, StateOf(*card), ChannelOf(command.actor.authority()));
  if (!status.ok()) return status;
  DecidedEvents events;
  if (card->has_suspension()) return events;
  AddSuspension(matter, command.card, command.reason, command.case_name, command.actor, &events);
  return events;
}

Outcome DecideOf(const Matter& matter, const ReportLoss& command) {
  auto card = CheckCard(matter, CardCommand::kReportLoss, command.card, command.actor);
  if (!card.ok()) return card.status();
  DecidedEvents events;
  if (!(*card)->has_suspension()) {
    AddSuspension(matter, command.card, events::v1::SUSPENSION_REASON_LOST, "", command.actor, &events);
  }
  CardEvent event;
  auto* reported = event.mutable_loss_reported();
  reported->set_card(command.card);
  reported->set_police_receipt(command.police_receipt);
  reported->set_lost_at_home(command.lost_at_home);
  *reported->mutable_actor() = command.actor;
  matter.Add(std::move(event), &events);
  return events;
}

Outcome DecideOf(const Matter& matter, const ReportFound& command) {
  auto card = CheckCard(matter, CardCommand::kReportFound, command.card, command.actor);
  if (!card.ok()) return card.status();
  if ((*card)->suspension().found()) return DecidedEvents();
  CardEvent event;
  event.mutable_card_found()->set_card(command.card);
  event.mutable_card_found()->set_channel(ChannelOf(command.actor.authority()));
  *event.mutable_card_found()->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

// What holds after it is the safe reading of domain.md C.7: the signature certificate is to be issued anew, and the
// other one is the municipality's policy.
Outcome DecideOf(const Matter& matter, const LiftSuspension& command) {
  auto card = CheckCard(matter, CardCommand::kLiftSuspension, command.card, command.actor);
  if (!card.ok()) return card.status();
  if (!command.person_present) return refusals::PersonNotPresent();
  absl::Status status = CheckIdentity(matter, command.documents, /*is_agent=*/false);
  if (!status.ok()) return status;
  const bool has_receipt = !command.police_receipt.empty() || !(*card)->police_receipt().empty();
  if (WasLost(**card) && !has_receipt && !command.lost_at_home) return refusals::PoliceReceiptMissing();
  const bool stays_revoked = matter.Settings().authentication_certificate_stays_revoked();
  CardEvent event;
  auto* lifted = event.mutable_suspension_lifted();
  lifted->set_card(command.card);
  for (const auto document : command.documents) lifted->add_documents(document);
  lifted->set_police_receipt(command.police_receipt);
  lifted->set_lost_at_home(command.lost_at_home);
  lifted->set_authentication_certificate_revived(!stays_revoked);
  *lifted->mutable_actor() = command.actor;
  DecidedEvents events = matter.One(std::move(event));
  if (HasCertificate(**card, events::v1::CERTIFICATE_SIGNATURE)) {
    matter.Add(CertificateEnded(command.card, events::v1::CERTIFICATE_SIGNATURE, command.actor), &events);
  }
  if (stays_revoked && HasCertificate(**card, events::v1::CERTIFICATE_AUTHENTICATION)) {
    matter.Add(CertificateEnded(command.card, events::v1::CERTIFICATE_AUTHENTICATION, command.actor), &events);
  }
  return events;
}

Outcome DecideOf(const Matter& matter, const RevokeCard& command) {
  auto card = CheckCard(matter, CardCommand::kRevokeCard, command.card, command.actor);
  if (!card.ok()) return card.status();
  return matter.One(Revoked(command.card, command.ground, command.actor));
}

Outcome DecideOf(const Matter& matter, const ReturnCard& command) {
  auto card = CheckCard(matter, CardCommand::kReturnCard, command.card, command.actor);
  if (!card.ok()) return card.status();
  CardEvent event;
  event.mutable_card_returned()->set_card(command.card);
  *event.mutable_card_returned()->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

}  // namespace mynumber::card
