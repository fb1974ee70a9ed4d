// A card in the holder's hands: changes, moves, validity, PINs, certificates (domain.md C.3 to C.5).

#include <algorithm>

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
using calendar::ToDay;
using events::v1::CardEvent;
using rows::v1::Card;

bool IsLocked(const Card& card, events::v1::Pin pin) {
  return std::find(card.locked_pins().begin(), card.locked_pins().end(), pin) != card.locked_pins().end();
}

events::v1::CardEvent Extended(uint32_t card, const Validity& validity, const type::Actor& actor) {
  CardEvent event;
  auto* extended = event.mutable_validity_extended();
  extended->set_card(card);
  *extended->mutable_valid_until() = ToDate(validity.until);
  extended->set_limit(validity.limit);
  *extended->mutable_actor() = actor;
  return event;
}

}  // namespace

// Late ones are taken, too: a card that says what is not so helps nobody.
Outcome DecideOf(const Matter& matter, const RecordChange& command) {
  auto card = CheckCard(matter, CardCommand::kRecordChange, command.card, command.actor);
  if (!card.ok()) return card.status();
  const bool is_name = command.change == events::v1::CARD_CHANGE_NAME;
  const bool waits = is_name ? (*card)->has_name_changed_date() : (*card)->has_address_changed_date();
  if (!waits) return refusals::NoSuchChange();
  const Day changed = *ToDay(command.changed_date);
  if (changed > matter.Today()) return refusals::DateInTheFuture("changed_date");
  CardEvent event;
  auto* recorded = event.mutable_card_change_recorded();
  recorded->set_card(command.card);
  recorded->set_change(command.change);
  *recorded->mutable_changed_date() = command.changed_date;
  const auto late_days = matter.Today() - calendar::LimitDay(changed, kChangeDays);
  recorded->set_late_days(static_cast<uint32_t>(std::max<int64_t>(0, late_days)));
  *recorded->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const ContinueUse& command) {
  auto card = CheckCard(matter, CardCommand::kContinueUse, command.card, command.actor);
  if (!card.ok()) return card.status();
  const auto continue_by = ToDay((*card)->continue_by());
  if (!continue_by) return refusals::ContinuationNotNeeded();
  const Day notified = *ToDay(command.move_in_notified_date);
  const bool was_in_time = notified <= calendar::LimitDay(*ToDay(command.moved_date), kMoveInDays) &&
                           notified <= calendar::LimitDay(*ToDay(command.declared_move_out_date), kMoveOutDays);
  if (notified > matter.Today()) return refusals::DateInTheFuture("move_in_notified_date");
  if (!was_in_time) return refusals::MoveInNotifiedTooLate();
  const Day last = std::min(*continue_by, calendar::LimitDay(notified, kContinuationDays));
  if (matter.Today() > last) return refusals::ContinuationTooLate();
  if (!command.pin_entered) return refusals::PinNotEntered();
  CardEvent event;
  event.mutable_use_continued()->set_card(command.card);
  *event.mutable_use_continued()->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

// Never by itself when the permission is given (domain.md C.3).
Outcome DecideOf(const Matter& matter, const ExtendValidity& command) {
  auto card = CheckCard(matter, CardCommand::kExtendValidity, command.card, command.actor);
  if (!card.ok()) return card.status();
  const auto limit = (*card)->limit();
  const bool ends_with_stay = limit == events::v1::VALIDITY_LIMIT_PERIOD_OF_STAY ||
                              limit == events::v1::VALIDITY_LIMIT_PENDING_PERMISSION;
  if (!ends_with_stay) return refusals::ExtensionNotNeeded();
  const Day until = *ToDay((*card)->valid_until());
  if (!command.new_period_of_stay_end) {
    if ((*card)->was_extended_pending()) return refusals::ExtensionUsedAlready();
    constexpr int kPendingMonths = 2;
    return matter.One(Extended(
        command.card,
        {calendar::LimitDayAfterMonths(until, kPendingMonths), events::v1::VALIDITY_LIMIT_PENDING_PERMISSION},
        command.actor));
  }
  const Validity validity = ExtendedValidity(matter.file.person(), *ToDay((*card)->made_date()),
                                             *ToDay((*card)->received_date()), *ToDay(*command.new_period_of_stay_end));
  if (validity.until <= until) return refusals::ExtensionNotNeeded();
  return matter.One(Extended(command.card, validity, command.actor));
}

Outcome DecideOf(const Matter& matter, const RegisterHealthInsurance& command) {
  auto card = CheckCard(matter, CardCommand::kRegisterHealthInsurance, command.card, command.actor);
  if (!card.ok()) return card.status();
  if ((*card)->is_health_insurance_card()) return DecidedEvents();
  CardEvent event;
  event.mutable_health_insurance_registered()->set_card(command.card);
  event.mutable_health_insurance_registered()->set_channel(ChannelOf(command.actor.authority()));
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const LockPin& command) {
  auto card = CheckCard(matter, CardCommand::kLockPin, command.card, command.actor);
  if (!card.ok()) return card.status();
  if (IsLocked(**card, command.pin)) return DecidedEvents();
  CardEvent event;
  event.mutable_pin_locked()->set_card(command.card);
  event.mutable_pin_locked()->set_pin(command.pin);
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const UnlockPin& command) {
  auto card = CheckCard(matter, CardCommand::kUnlockPin, command.card, command.actor);
  if (!card.ok()) return card.status();
  if (!IsLocked(**card, command.pin)) return refusals::PinNotLocked();
  absl::Status status = CheckIdentity(matter, command.documents, /*is_agent=*/false);
  if (!status.ok()) return status;
  CardEvent event;
  event.mutable_pin_unlocked()->set_card(command.card);
  event.mutable_pin_unlocked()->set_pin(command.pin);
  *event.mutable_pin_unlocked()->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const IssueCertificate& command) {
  auto card = CheckCard(matter, CardCommand::kIssueCertificate, command.card, command.actor);
  if (!card.ok()) return card.status();
  const events::v1::Person& person = matter.file.person();
  const bool is_signature = command.certificate == events::v1::CERTIFICATE_SIGNATURE;
  if (is_signature && !MayHaveSignatureCertificate(person, matter.Today())) {
    return refusals::SignatureCertificateNotForHolder();
  }
  for (const auto& one : (*card)->certificates()) {
    const bool counts =
        !one.is_revoked() && calendar::DayNumber(one.validity().valid_until()) >= calendar::DayNumber(matter.Today());
    if (one.validity().certificate() == command.certificate && counts) return refusals::CertificateValidAlready();
  }
  CardEvent event;
  auto* issued = event.mutable_certificate_issued();
  issued->set_card(command.card);
  issued->mutable_validity()->set_certificate(command.certificate);
  *issued->mutable_validity()->mutable_valid_until() =
      ToDate(CertificateValidUntil(person, matter.Today(), *ToDay((*card)->valid_until())));
  *issued->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const RevokeCertificate& command) {
  auto card = CheckCard(matter, CardCommand::kRevokeCertificate, command.card, command.actor);
  if (!card.ok()) return card.status();
  if (!HasCertificate(**card, command.certificate)) return refusals::CertificateNotValid();
  return matter.One(CertificateEnded(command.card, command.certificate, command.actor));
}

Outcome DecideOf(const Matter& matter, const SetCodeWord& command) {
  absl::Status status = CheckOffice(matter, command.actor);
  if (!status.ok()) return status;
  if (matter.file.code_word_hash() == command.code_word_hash) return DecidedEvents();
  CardEvent event;
  event.mutable_code_word_set()->set_code_word_hash(command.code_word_hash);
  *event.mutable_code_word_set()->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

}  // namespace mynumber::card
