// What an event makes of one card.

#include <algorithm>

#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "services/card/domain/evolve.h"

namespace mynumber::card {
namespace {

using events::v1::CardEvent;
using rows::v1::Card;
using rows::v1::CardStage;

void Stand(CardStage stage, int64_t time_micros, Card* card) {
  card->set_stage(stage);
  card->set_stage_micros(time_micros);
}

// Nothing is due of a card that has ended, and no suspension need be lifted.
void End(CardStage stage, int64_t time_micros, Card* card) {
  Stand(stage, time_micros, card);
  card->clear_suspension();
  card->clear_continue_by();
  card->clear_name_changed_date();
  card->clear_address_changed_date();
}

void ForgetPassed(events::v1::DeadlineKind kind, Card* card) {
  auto* passed = card->mutable_passed();
  passed->erase(std::remove_if(passed->begin(), passed->end(), [&](const auto& one) { return one.kind() == kind; }),
                passed->end());
}

void Issued(const events::v1::CardIssued& event, int64_t time_micros, Card* card) {
  Stand(rows::v1::CARD_STAGE_IN_USE, time_micros, card);
  card->set_issued_micros(time_micros);
  card->clear_pick_up_by();
  for (const auto& validity : event.certificates()) *card->add_certificates()->mutable_validity() = validity;
}

void Suspended(const CardEvent& event, const eventsourcing::EventMeta& meta, Card* card) {
  rows::v1::Suspension* suspension = card->mutable_suspension();
  *suspension->mutable_suspended() = event.card_suspended();
  suspension->set_since_micros(meta.time_micros);
  suspension->set_sequence(meta.sequence);
  suspension->set_index(meta.index);
}

void Lifted(const events::v1::SuspensionLifted& event, Card* card) {
  card->clear_suspension();
  card->set_lifted_suspensions(card->lifted_suspensions() + 1);
  if (!event.police_receipt().empty()) card->set_police_receipt(event.police_receipt());
}

void Changed(events::v1::CardChange change, Card* card) {
  if (change == events::v1::CARD_CHANGE_NAME) card->clear_name_changed_date();
  if (change == events::v1::CARD_CHANGE_ADDRESS) card->clear_address_changed_date();
  ForgetPassed(events::v1::DEADLINE_KIND_CHANGE, card);
}

void CertificateMade(const events::v1::CertificateValidity& validity, Card* card) {
  for (auto& one : *card->mutable_certificates()) {
    if (one.validity().certificate() != validity.certificate()) continue;
    *one.mutable_validity() = validity;
    one.set_is_revoked(false);
    return;
  }
  *card->add_certificates()->mutable_validity() = validity;
}

void CertificateEnded(events::v1::Certificate certificate, Card* card) {
  for (auto& one : *card->mutable_certificates()) {
    if (one.validity().certificate() == certificate) one.set_is_revoked(true);
  }
}

void Unlocked(events::v1::Pin pin, Card* card) {
  auto* pins = card->mutable_locked_pins();
  pins->erase(std::remove(pins->begin(), pins->end(), pin), pins->end());
}

void Passed(const events::v1::DeadlinePassed& event, Card* card) {
  ForgetPassed(event.kind(), card);
  *card->add_passed() = event;
}

}  // namespace

void EvolveCard(const CardEvent& event, const eventsourcing::EventMeta& meta, Card* card) {
  const int64_t time = meta.time_micros;
  switch (event.event_case()) {
    case CardEvent::kProductionFailed:
      card->set_failure(event.production_failed().reason());
      return End(rows::v1::CARD_STAGE_FAILED, time, card);
    case CardEvent::kCardShipped:
      *card->mutable_shipped_date() = event.card_shipped().day();
      return Stand(rows::v1::CARD_STAGE_SHIPPED, time, card);
    case CardEvent::kCardArrived:
      return Stand(rows::v1::CARD_STAGE_ARRIVED, time, card);
    case CardEvent::kCardSetUp:
      return Stand(rows::v1::CARD_STAGE_SET_UP, time, card);
    case CardEvent::kIssueNoticeSent:
      *card->mutable_pick_up_by() = event.issue_notice_sent().pick_up_by();
      *card->mutable_keep_until() = event.issue_notice_sent().keep_until();
      return Stand(rows::v1::CARD_STAGE_NOTICE_SENT, time, card);
    case CardEvent::kPickUpReminded:
      *card->mutable_pick_up_by() = event.pick_up_reminded().pick_up_by();
      return Stand(rows::v1::CARD_STAGE_REMINDED, time, card);
    case CardEvent::kCardDestroyed:
      card->set_destroyed_ground(event.card_destroyed().ground());
      return End(rows::v1::CARD_STAGE_DESTROYED, time, card);
    case CardEvent::kCardIssued:
      return Issued(event.card_issued(), time, card);
    case CardEvent::kCardSuspended:
      return Suspended(event, meta, card);
    case CardEvent::kSuspensionLifted:
      return Lifted(event.suspension_lifted(), card);
    case CardEvent::kCardRevoked:
      card->set_revoked_ground(event.card_revoked().ground());
      return End(rows::v1::CARD_STAGE_REVOKED, time, card);
    case CardEvent::kCardExpired:
      return End(rows::v1::CARD_STAGE_EXPIRED, time, card);
    case CardEvent::kCardReturned:
      return End(rows::v1::CARD_STAGE_RETURNED, time, card);
    case CardEvent::kCardChangeRecorded:
      return Changed(event.card_change_recorded().change(), card);
    case CardEvent::kUseContinued:
      return card->clear_continue_by();
    case CardEvent::kValidityExtended:
      *card->mutable_valid_until() = event.validity_extended().valid_until();
      card->set_limit(event.validity_extended().limit());
      if (card->limit() == events::v1::VALIDITY_LIMIT_PENDING_PERMISSION) card->set_was_extended_pending(true);
      return;
    case CardEvent::kHealthInsuranceRegistered:
      return card->set_is_health_insurance_card(true);
    case CardEvent::kPinLocked:
      return card->add_locked_pins(event.pin_locked().pin());
    case CardEvent::kPinUnlocked:
      return Unlocked(event.pin_unlocked().pin(), card);
    case CardEvent::kCertificateIssued:
      return CertificateMade(event.certificate_issued().validity(), card);
    case CardEvent::kCertificateRevoked:
      return CertificateEnded(event.certificate_revoked().certificate(), card);
    case CardEvent::kLossReported:
      if (!event.loss_reported().police_receipt().empty()) {
        card->set_police_receipt(event.loss_reported().police_receipt());
      }
      return;
    case CardEvent::kCardFound:
      return card->mutable_suspension()->set_found(true);
    case CardEvent::kDeadlinePassed:
      return Passed(event.deadline_passed(), card);
    default:
      // Not of a card: evolve.cc, whose switch is without a default.
      return;
  }
}

void EvolveCardsOfChange(const events::v1::HolderChanged& event, const events::v1::Person& before, int64_t time_micros,
                         rows::v1::HolderFile* file) {
  const events::v1::Person& after = event.person();
  const type::Date day = event.has_day() ? event.day() : calendar::DateInTokyo(time_micros);
  const calendar::Day told = calendar::DayInTokyo(time_micros);
  for (Card& card : *file->mutable_cards()) {
    if (card.stage() != rows::v1::CARD_STAGE_IN_USE) continue;
    if (before.full_name() != after.full_name()) *card.mutable_name_changed_date() = day;
    if (before.address() != after.address()) *card.mutable_address_changed_date() = day;
    if (before.municipality_code() == after.municipality_code()) continue;
    *card.mutable_continue_by() = calendar::ToDate(calendar::LimitDay(told, kContinuationDays));
  }
}

}  // namespace mynumber::card
