// What number issuance and the notice service say, and days that pass: a card falls with its ground.

#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "services/card/domain/decide.h"
#include "services/card/domain/refusals.h"
#include "services/card/domain/state_standing.h"
#include "services/card/domain/state_validity.h"

namespace mynumber::card {
namespace {

using events::v1::CardEvent;
using events::v1::Person;
using rows::v1::Card;

// The person as they are now.
Person PersonAfter(const Person& before, const ChangeHolder& command) {
  if (command.change != events::v1::HOLDER_CHANGE_MOVED) return command.person;
  Person person = before;
  person.set_address(command.person.address());
  person.set_postal_code(command.person.postal_code());
  person.set_municipality_code(command.person.municipality_code());
  return person;
}

bool IsInHands(const Card& card) { return card.stage() == rows::v1::CARD_STAGE_IN_USE; }

// The signature certificate lapses with the name and the address (domain.md C.3); who moves on before use was continued
// has no card any more (C.5).
void EndWhatTheChangeEnds(const Matter& matter, const Person& after, DecidedEvents* events) {
  const Person& before = matter.file.person();
  const bool lapses = before.full_name() != after.full_name() || before.address() != after.address() ||
                      calendar::DayNumber(before.birth_date()) != calendar::DayNumber(after.birth_date());
  const bool moves_on = before.municipality_code() != after.municipality_code();
  for (const Card& card : matter.file.cards()) {
    if (!IsInHands(card)) continue;
    const uint32_t number = card.ordered().card();
    if (moves_on && card.has_continue_by()) {
      matter.Add(Revoked(number, events::v1::REVOCATION_GROUND_MOVED_AGAIN, type::Actor()), events);
    } else if (lapses && HasCertificate(card, events::v1::CERTIFICATE_SIGNATURE)) {
      matter.Add(CertificateEnded(number, events::v1::CERTIFICATE_SIGNATURE, type::Actor()), events);
    }
  }
}

// A form tells the period of stay as it is known when it is printed.
events::v1::PrintedPerson WithStay(const Matter& matter, events::v1::PrintedPerson printed) {
  const Person& person = matter.file.person();
  if (person.has_period_of_stay_end()) *printed.mutable_period_of_stay_end() = person.period_of_stay_end();
  return printed;
}

Outcome Passed(const Matter& matter, uint32_t card, const Due& due) {
  CardEvent event;
  auto* passed = event.mutable_deadline_passed();
  passed->set_card(card);
  passed->set_kind(due.kind);
  *passed->mutable_day() = calendar::ToDate(due.day);
  return matter.One(std::move(event));
}

}  // namespace

Outcome DecideOf(const Matter& matter, const RegisterHolder& command) {
  CardEvent event;
  auto* registered = event.mutable_holder_registered();
  *registered->mutable_person() = command.person;
  registered->set_ten_free_digits(command.ten_free_digits);
  registered->set_name_hash(command.name_hash);
  registered->set_kana_hash(command.kana_hash);
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const ChangeHolder& command) {
  CardEvent event;
  auto* changed = event.mutable_holder_changed();
  *changed->mutable_person() = PersonAfter(matter.file.person(), command);
  changed->set_change(command.change);
  if (command.day) *changed->mutable_day() = *command.day;
  changed->set_name_hash(command.name_hash);
  changed->set_kana_hash(command.kana_hash);
  DecidedEvents events;
  EndWhatTheChangeEnds(matter, changed->person(), &events);
  matter.Add(std::move(event), &events);
  return events;
}

Outcome DecideOf(const Matter& matter, const EndHolder& command) {
  CardEvent event;
  event.mutable_holder_gone()->set_departure(command.departure);
  DecidedEvents events = matter.One(std::move(event));
  switch (command.departure) {
    case events::v1::DEPARTURE_DEATH:
      RevokeAll(matter, events::v1::REVOCATION_GROUND_DEATH, &events);
      break;
    case events::v1::DEPARTURE_REGISTRATION_VOIDED:
      RevokeAll(matter, events::v1::REVOCATION_GROUND_REGISTRATION_VOIDED, &events);
      break;
    default:
      if (IsForeignResident(matter.file.person()) || !matter.given.nationals_abroad_keep_cards) {
        RevokeAll(matter, events::v1::REVOCATION_GROUND_LEFT_JAPAN, &events);
      }
  }
  return events;
}

Outcome DecideOf(const Matter& matter, const EndCards& command) {
  DecidedEvents events;
  RevokeAll(matter, command.ground, &events);
  return events;
}

// What a card is good for ends first, as events of their own: whoever follows the list for terminals must hear of it,
// and of the erasing itself nothing can be told that depends on the cards there were.
Outcome DecideOf(const Matter& matter, const EraseResident&) {
  DecidedEvents events;
  RevokeAll(matter, events::v1::REVOCATION_GROUND_RESIDENT_ERASED, &events);
  CardEvent event;
  event.mutable_resident_erased();
  matter.Add(std::move(event), &events);
  return events;
}

Outcome DecideOf(const Matter& matter, const PrintForm& command) {
  CardEvent event;
  event.mutable_form_printed()->set_form(command.form);
  *event.mutable_form_printed()->mutable_printed() = WithStay(matter, command.printed);
  return matter.One(std::move(event));
}

// The last form, if it is not out yet.
Outcome DecideOf(const Matter& matter, const ReprintForm& command) {
  const auto& forms = matter.file.forms();
  if (forms.empty() || forms.rbegin()->is_posted()) return DecidedEvents();
  CardEvent event;
  event.mutable_form_reprinted()->set_form(static_cast<uint32_t>(forms.size()));
  *event.mutable_form_reprinted()->mutable_printed() = WithStay(matter, command.printed);
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const PostForm& command) {
  const auto* form = FindForm(matter.file, command.form);
  if (form == nullptr || form->is_posted()) return DecidedEvents();
  CardEvent event;
  event.mutable_form_posted()->set_form(command.form);
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const MeetDeadline& command) {
  const Card* card = FindCard(matter.file, command.card);
  if (card == nullptr) return refusals::CardUnknown();
  for (const Due& due : DuesOf(*card)) {
    if (due.kind != command.kind || due.day >= matter.Today()) continue;
    if (due.kind == events::v1::DEADLINE_KIND_CONTINUATION) {
      return matter.One(Revoked(command.card, events::v1::REVOCATION_GROUND_NOT_CONTINUED, type::Actor()));
    }
    if (due.kind != events::v1::DEADLINE_KIND_EXPIRY) return Passed(matter, command.card, due);
    absl::Status status = CheckStep(CardCommand::kExpireCard, StateOf(*card), events::v1::CHANNEL_CLOCK);
    if (!status.ok()) return status;
    CardEvent event;
    event.mutable_card_expired()->set_card(command.card);
    return matter.One(std::move(event));
  }
  return DecidedEvents();
}

}  // namespace mynumber::card
