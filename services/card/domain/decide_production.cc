// From the approval to the hand-over at the counter (domain.md C.2).

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "services/card/domain/decide.h"
#include "services/card/domain/refusals.h"
#include "services/card/domain/state_standing.h"
#include "services/card/domain/state_validity.h"

namespace mynumber::card {
namespace {

using calendar::Day;
using calendar::ToDate;
using events::v1::CardEvent;
using rows::v1::Application;
using rows::v1::Card;

const Application* ApplicationOf(const Matter& matter, const Card& card) {
  return FindApplication(matter.file, card.ordered().application());
}

bool IsExpress(const Matter& matter, const Card& card) {
  const Application* application = ApplicationOf(matter, card);
  return application != nullptr &&
         application->submitted().express_ground() != events::v1::EXPRESS_GROUND_UNSPECIFIED;
}

// What an uncollected card's application is counted from.
type::Date KeepUntil(const Matter& matter, const Card& card) {
  const Day received = calendar::ToDay(card.received_date()).value_or(matter.Today());
  return ToDate(calendar::LimitDayAfterMonths(received, static_cast<int>(matter.Settings().keep_months())));
}

// A held card goes on its way from where it stands, whatever its state says.
absl::Status CheckStage(const Card& card, rows::v1::CardStage stage, absl::Status otherwise) {
  return card.stage() == stage ? absl::OkStatus() : std::move(otherwise);
}

bool Has(const std::vector<events::v1::Pin>& pins, events::v1::Pin pin) {
  return std::find(pins.begin(), pins.end(), pin) != pins.end();
}

// Every card has the two PINs of its own, and each certificate its one (domain.md C.4).
absl::Status CheckPins(const IssueCard& command, bool may_sign) {
  const bool wants_to_sign = may_sign && !command.without_signature_certificate;
  const bool sets_signature = Has(command.pins_set, events::v1::PIN_SIGNATURE);
  if (sets_signature && !may_sign) return refusals::SignatureCertificateNotForHolder();
  const bool all = Has(command.pins_set, events::v1::PIN_RESIDENT_REGISTER) &&
                   Has(command.pins_set, events::v1::PIN_SURFACE_INPUT) &&
                   Has(command.pins_set, events::v1::PIN_AUTHENTICATION) && sets_signature == wants_to_sign;
  return all ? absl::OkStatus() : refusals::PinsNotSet();
}

void AddCertificates(const Matter& matter, const Card& card, bool with_signature, events::v1::CardIssued* issued) {
  const Day until =
      CertificateValidUntil(matter.file.person(), matter.Today(), *calendar::ToDay(card.valid_until()));
  const auto add = [&](events::v1::Certificate certificate) {
    issued->add_certificates()->set_certificate(certificate);
    *issued->mutable_certificates()->rbegin()->mutable_valid_until() = ToDate(until);
  };
  add(events::v1::CERTIFICATE_AUTHENTICATION);
  if (with_signature) add(events::v1::CERTIFICATE_SIGNATURE);
}

// Nobody has two: the card whose place it takes ends in the same moment.
void EndReplaced(const Matter& matter, const Card& card, const type::Actor& actor, DecidedEvents* events) {
  for (const Card& other : matter.file.cards()) {
    if (other.ordered().card() == card.ordered().card() || IsFinal(other)) continue;
    matter.Add(Revoked(other.ordered().card(), events::v1::REVOCATION_GROUND_REPLACED_BY_ANOTHER, actor), events);
  }
}

}  // namespace

Outcome DecideOf(const Matter& matter, const OrderProduction& command) {
  const Application* application = FindApplication(matter.file, command.application);
  if (application == nullptr || application->stage() != rows::v1::APPLICATION_STAGE_APPROVED) return DecidedEvents();
  if (matter.file.cards_size() >= kCardsMax) return refusals::TooManyCards();
  const Day today = matter.Today();
  const Day received = calendar::ToDay(application->submitted().received_date()).value_or(today);
  const Validity validity = CardValidity(matter.file.person(), today, received);
  if (validity.until <= today) return refusals::ResidenceCardExpired();
  CardEvent event;
  auto* ordered = event.mutable_production_ordered();
  ordered->set_card(static_cast<uint32_t>(matter.file.cards_size()) + 1);
  ordered->set_application(command.application);
  ordered->set_serial(matter.given.serial_for(matter.file.ten_free_digits(), matter.file.cards_size()));
  ordered->set_batch(absl::StrCat(calendar::DayNumber(today), "-", matter.Partition()));
  *ordered->mutable_valid_until() = ToDate(validity.until);
  ordered->set_limit(validity.limit);
  *ordered->mutable_made_date() = ToDate(today);
  *ordered->mutable_person() = matter.file.person();
  return matter.One(std::move(event));
}

// The factory may say everything twice.
Outcome DecideOf(const Matter& matter, const RecordShipment& command) {
  const Card* known = FindCard(matter.file, command.card);
  if (known != nullptr && ChannelOf(command.actor.authority()) == events::v1::CHANNEL_FACTORY &&
      known->has_shipped_date() && calendar::DayNumber(known->shipped_date()) == calendar::DayNumber(command.day)) {
    return DecidedEvents();
  }
  auto card = CheckCard(matter, CardCommand::kRecordShipment, command.card, command.actor);
  absl::Status status = card.ok() ? CheckStage(**card, rows::v1::CARD_STAGE_IN_PRODUCTION,
                                               refusals::ProductionEndedOtherwise())
                                  : card.status();
  if (!status.ok()) return status;
  CardEvent event;
  event.mutable_card_shipped()->set_card(command.card);
  *event.mutable_card_shipped()->mutable_day() = command.day;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const RecordFailure& command) {
  const Card* known = FindCard(matter.file, command.card);
  if (known != nullptr && ChannelOf(command.actor.authority()) == events::v1::CHANNEL_FACTORY &&
      known->stage() == rows::v1::CARD_STAGE_FAILED && known->failure() == command.reason) {
    return DecidedEvents();
  }
  auto card = CheckCard(matter, CardCommand::kRecordFailure, command.card, command.actor);
  absl::Status status = card.ok() ? CheckStage(**card, rows::v1::CARD_STAGE_IN_PRODUCTION,
                                               refusals::ProductionEndedOtherwise())
                                  : card.status();
  if (!status.ok()) return status;
  CardEvent event;
  event.mutable_production_failed()->set_card(command.card);
  event.mutable_production_failed()->set_reason(command.reason);
  return matter.One(std::move(event));
}

// An express card: identity was checked, and PINs were chosen, when it was applied for (domain.md C.6).
Outcome DecideOf(const Matter& matter, const RecordDelivery& command) {
  const Card* known = FindCard(matter.file, command.card);
  if (known != nullptr && known->stage() == rows::v1::CARD_STAGE_IN_USE && IsExpress(matter, *known) &&
      ChannelOf(command.actor.authority()) == events::v1::CHANNEL_FACTORY) {
    return DecidedEvents();
  }
  auto card = CheckCard(matter, CardCommand::kRecordDelivery, command.card, command.actor);
  if (!card.ok()) return card.status();
  if (!IsExpress(matter, **card)) return refusals::ProductionEndedOtherwise();
  CardEvent event;
  auto* issued = event.mutable_card_issued();
  issued->set_card(command.card);
  *issued->mutable_actor() = command.actor;
  const bool may_sign = MayHaveSignatureCertificate(matter.file.person(), matter.Today());
  AddCertificates(matter, **card, may_sign, issued);
  DecidedEvents events = matter.One(std::move(event));
  EndReplaced(matter, **card, command.actor, &events);
  return events;
}

Outcome DecideOf(const Matter& matter, const RecordArrival& command) {
  auto card = CheckCard(matter, CardCommand::kRecordArrival, command.card, command.actor);
  if (!card.ok()) return card.status();
  absl::Status status = (*card)->stage() == rows::v1::CARD_STAGE_IN_PRODUCTION
                            ? refusals::CardInProduction()
                            : CheckStage(**card, rows::v1::CARD_STAGE_SHIPPED, refusals::CardArrivedAlready());
  if (!status.ok()) return status;
  CardEvent event;
  event.mutable_card_arrived()->set_card(command.card);
  *event.mutable_card_arrived()->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const SetUpCard& command) {
  auto card = CheckCard(matter, CardCommand::kSetUpCard, command.card, command.actor);
  if (!card.ok()) return card.status();
  CardEvent event;
  event.mutable_card_set_up()->set_card(command.card);
  *event.mutable_card_set_up()->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const SendIssueNotice& command) {
  auto card = CheckCard(matter, CardCommand::kSendIssueNotice, command.card, command.actor);
  if (!card.ok()) return card.status();
  CardEvent event;
  auto* sent = event.mutable_issue_notice_sent();
  sent->set_card(command.card);
  const int months = static_cast<int>(matter.Settings().pick_up_months());
  *sent->mutable_pick_up_by() = ToDate(calendar::LimitDayAfterMonths(matter.Today(), months));
  *sent->mutable_keep_until() = KeepUntil(matter, **card);
  *sent->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const RemindOfPickUp& command) {
  auto card = CheckCard(matter, CardCommand::kRemindOfPickUp, command.card, command.actor);
  if (!card.ok()) return card.status();
  const auto pick_up_by = calendar::ToDay((*card)->pick_up_by());
  if (pick_up_by && matter.Today() <= *pick_up_by) return refusals::HandOverPeriodOpen(*pick_up_by + 1);
  CardEvent event;
  auto* reminded = event.mutable_pick_up_reminded();
  reminded->set_card(command.card);
  const int months = static_cast<int>(matter.Settings().reminder_months());
  *reminded->mutable_pick_up_by() = ToDate(calendar::LimitDayAfterMonths(matter.Today(), months));
  *reminded->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

// A faulty card at any time; one that nobody came for, when all periods are over.
Outcome DecideOf(const Matter& matter, const DestroyCard& command) {
  auto card = CheckCard(matter, CardCommand::kDestroyCard, command.card, command.actor);
  if (!card.ok()) return card.status();
  if (command.ground == events::v1::DESTRUCTION_GROUND_UNCOLLECTED) {
    const auto from = DestroyableFrom(**card);
    if (!from) return refusals::IssueNoticeNotSent();
    if (matter.Today() < *from) return refusals::HandOverPeriodOpen(*from);
  }
  CardEvent event;
  auto* destroyed = event.mutable_card_destroyed();
  destroyed->set_card(command.card);
  destroyed->set_ground(command.ground);
  destroyed->set_record(command.record);
  *destroyed->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const IssueCard& command) {
  auto card = CheckCard(matter, CardCommand::kIssueCard, command.card, command.actor);
  if (!card.ok()) return card.status();
  if (calendar::DayNumber((*card)->valid_until()) < calendar::DayNumber(matter.Today())) return refusals::CardExpired();
  absl::Status status = CheckIdentity(matter, command.documents, command.to_agent);
  const bool may_sign = MayHaveSignatureCertificate(matter.file.person(), matter.Today());
  if (status.ok()) status = CheckPins(command, may_sign);
  if (!status.ok()) return status;
  CardEvent event;
  auto* issued = event.mutable_card_issued();
  issued->set_card(command.card);
  for (const auto document : command.documents) issued->add_documents(document);
  issued->set_to_agent(command.to_agent);
  for (const auto pin : command.pins_set) issued->add_pins_set(pin);
  *issued->mutable_actor() = command.actor;
  AddCertificates(matter, **card, Has(command.pins_set, events::v1::PIN_SIGNATURE), issued);
  DecidedEvents events = matter.One(std::move(event));
  EndReplaced(matter, **card, command.actor, &events);
  return events;
}

}  // namespace mynumber::card
