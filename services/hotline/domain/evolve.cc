#include <algorithm>

#include "services/hotline/domain/hotline_case.h"
#include "services/hotline/domain/state_case.h"

namespace mynumber::hotline {
namespace {

using events::v1::HotlineEvent;
using rows::v1::CaseState;
using rows::v1::Suspension;

void Add(const std::string& text, google::protobuf::RepeatedPtrField<std::string>* to) {
  if (std::find(to->begin(), to->end(), text) == to->end()) to->Add()->assign(text);
}

void Opened(const events::v1::CaseOpened& event, int64_t time_micros, CaseState* state) {
  *state->mutable_opened() = event;
  state->mutable_opened()->clear_note();
  state->set_opened_micros(time_micros);
  if (event.note().empty()) return;
  auto* note = state->add_notes();
  *note->mutable_actor() = event.actor();
  note->set_text(event.note());
  note->set_written_micros(time_micros);
}

void Found(const events::v1::CandidatesFound& event, CaseState* state) {
  *state->mutable_candidates() = event.candidates();
  state->clear_last_failure();
  for (const auto& card : event.cards_in_hand()) Add(card, state->mutable_cards_in_hand());
}

Suspension* Of(const std::string& card, CaseState* state) {
  for (Suspension& suspension : *state->mutable_suspensions()) {
    if (suspension.requested().card() == card) return &suspension;
  }
  return state->add_suspensions();
}

void Requested(const events::v1::SuspensionRequested& event, int64_t time_micros, Suspension* suspension) {
  suspension->Clear();
  *suspension->mutable_requested() = event;
  suspension->set_requested_micros(time_micros);
}

void Written(const events::v1::NoteAdded& event, int64_t time_micros, rows::v1::Note* note) {
  *note->mutable_actor() = event.actor();
  note->set_text(event.text());
  note->set_written_micros(time_micros);
}

// Of the event alone: whoever comes to it without the case's former key knows nothing else.
void Erased(const events::v1::CaseErased& event, int64_t time_micros, CaseState* state) {
  state->Clear();
  state->mutable_erased()->set_opened_micros(event.opened_micros());
  state->mutable_erased()->set_closed_micros(event.closed_micros());
  state->mutable_erased()->set_erased_micros(time_micros);
}

}  // namespace

void HotlineDomain::Evolve(const Event& event, const eventsourcing::EventMeta& meta, State* state) const {
  switch (event.event_case()) {
    case HotlineEvent::kCaseOpened:
      return Opened(event.case_opened(), meta.time_micros, state);
    case HotlineEvent::kCandidatesFound:
      return Found(event.candidates_found(), state);
    case HotlineEvent::kIdentificationFailed:
      state->set_failures(state->failures() + 1);
      return state->set_last_failure(event.identification_failed().failure());
    case HotlineEvent::kCallerIdentified:
      *state->mutable_identified() = event.caller_identified();
      return state->clear_last_failure();
    case HotlineEvent::kSuspensionRequested:
      return Requested(event.suspension_requested(), meta.time_micros, Of(event.suspension_requested().card(), state));
    case HotlineEvent::kSuspensionTookEffect: {
      const auto& effect = event.suspension_took_effect();
      *Of(effect.card(), state)->mutable_took_effect() = effect;
      return;
    }
    case HotlineEvent::kSuspensionRefused: {
      const auto& refused = event.suspension_refused();
      *Of(refused.card(), state)->mutable_refused() = refused;
      return;
    }
    case HotlineEvent::kPoliceReportRecorded: {
      auto* report = state->add_police_reports();
      report->set_receipt_number(event.police_report_recorded().receipt_number());
      return report->set_recorded_micros(meta.time_micros);
    }
    case HotlineEvent::kNoteAdded:
      return Written(event.note_added(), meta.time_micros, state->add_notes());
    case HotlineEvent::kCaseClosed:
      *state->mutable_closed() = event.case_closed();
      return state->set_closed_micros(meta.time_micros);
    case HotlineEvent::kCaseErased:
      return Erased(event.case_erased(), meta.time_micros, state);
    case HotlineEvent::EVENT_NOT_SET:
      return;
  }
}

std::string_view HotlineDomain::EventType(const Event& event) {
  const auto* field = HotlineEvent::descriptor()->FindFieldByNumber(event.event_case());
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}

}  // namespace mynumber::hotline
