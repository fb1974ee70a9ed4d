#include <type_traits>
#include <utility>

#include "services/hotline/domain/hotline_case.h"
#include "services/hotline/domain/refusals.h"
#include "services/hotline/domain/state_case.h"

namespace mynumber::hotline {
namespace {

using events::v1::HotlineEvent;
using rows::v1::CaseState;
using Outcome = absl::StatusOr<std::vector<HotlineEvent>>;

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

std::vector<HotlineEvent> Nothing() { return {}; }

absl::Status MustBeOpen(const CaseState& state) {
  if (!state.has_opened()) return refusals::CaseUnknown();
  return state.has_closed() ? refusals::CaseClosed() : absl::OkStatus();
}

Outcome Decide(const CaseState& state, const OpenCase& command) {
  if (state.has_opened()) return Nothing();
  HotlineEvent event;
  *event.mutable_case_opened() = command.opened;
  return std::vector<HotlineEvent>{event};
}

HotlineEvent Failed(const type::Actor& actor, events::v1::IdentificationFailure failure, const std::string& resident) {
  HotlineEvent event;
  *event.mutable_identification_failed()->mutable_actor() = actor;
  event.mutable_identification_failed()->set_failure(failure);
  event.mutable_identification_failed()->set_resident(resident);
  return event;
}

Outcome Decide(const CaseState& state, const RecordSearch& command) {
  absl::Status status = MustBeOpen(state);
  if (!status.ok()) return status;
  const bool by_serial = command.search == events::v1::SEARCH_KIND_CARD_SERIAL;
  const bool has_card = HasCardInHand(state.opened().caller_kind());
  if (has_card && !by_serial) return refusals::SerialNeeded();
  if (!has_card && IsBlocked(state)) return refusals::IdentificationBlocked(kFailuresMax);
  if (command.candidates.empty()) {
    return std::vector<HotlineEvent>{Failed(command.actor, events::v1::IDENTIFICATION_FAILURE_NOBODY_FOUND, "")};
  }
  HotlineEvent event;
  auto* found = event.mutable_candidates_found();
  *found->mutable_actor() = command.actor;
  found->set_search(command.search);
  for (const auto& candidate : command.candidates) *found->add_candidates() = candidate;
  for (const auto& card : command.cards_in_hand) found->add_cards_in_hand(card);
  return std::vector<HotlineEvent>{event};
}

events::v1::IdentificationFailure FailureOf(const RecordClaim& command) {
  if (!command.birth_date_matches) return events::v1::IDENTIFICATION_FAILURE_BIRTH_DATE;
  if (!command.address_matches) return events::v1::IDENTIFICATION_FAILURE_ADDRESS;
  if (command.has_code_word && !command.code_word_matches) return events::v1::IDENTIFICATION_FAILURE_CODE_WORD;
  return events::v1::IDENTIFICATION_FAILURE_UNSPECIFIED;
}

// Whether the words were right is told by the event alone: a case that is blocked refuses right and wrong ones alike.
Outcome Decide(const CaseState& state, const RecordClaim& command) {
  absl::Status status = MustBeOpen(state);
  if (!status.ok()) return status;
  if (HasCardInHand(state.opened().caller_kind())) return refusals::SerialNeeded();
  if (IsBlocked(state)) return refusals::IdentificationBlocked(kFailuresMax);
  const auto* candidate = FindCandidate(state, command.resident);
  if (candidate == nullptr) return refusals::NotACandidate();
  const auto failure = FailureOf(command);
  if (failure != events::v1::IDENTIFICATION_FAILURE_UNSPECIFIED) {
    return std::vector<HotlineEvent>{Failed(command.actor, failure, command.resident)};
  }
  HotlineEvent event;
  auto* identified = event.mutable_caller_identified();
  *identified->mutable_actor() = command.actor;
  identified->set_resident(command.resident);
  *identified->mutable_cards() = candidate->cards();
  identified->set_by_code_word(command.has_code_word);
  return std::vector<HotlineEvent>{event};
}

// One that took effect may be asked for once more: the card may have been lifted in the meantime.
Outcome Decide(const CaseState& state, const RequestSuspension& command) {
  absl::Status status = MaySuspend(state, command.requested.card());
  if (!status.ok()) return status;
  const auto* earlier = FindSuspension(state, command.requested.card());
  if (earlier != nullptr && IsPending(*earlier)) return Nothing();
  HotlineEvent event;
  *event.mutable_suspension_requested() = command.requested;
  return std::vector<HotlineEvent>{event};
}

// The first answer counts; a closed case takes it, too.
bool IsWaitedFor(const CaseState& state, const std::string& card) {
  const auto* suspension = FindSuspension(state, card);
  return suspension != nullptr && IsPending(*suspension);
}

Outcome Decide(const CaseState& state, const RecordEffect& command) {
  if (!IsWaitedFor(state, command.took_effect.card())) return Nothing();
  HotlineEvent event;
  *event.mutable_suspension_took_effect() = command.took_effect;
  return std::vector<HotlineEvent>{event};
}

Outcome Decide(const CaseState& state, const RecordRefusal& command) {
  if (!IsWaitedFor(state, command.refused.card())) return Nothing();
  HotlineEvent event;
  *event.mutable_suspension_refused() = command.refused;
  return std::vector<HotlineEvent>{event};
}

Outcome Decide(const CaseState& state, const RecordPoliceReport& command) {
  absl::Status status = MustBeOpen(state);
  if (!status.ok()) return status;
  for (const auto& report : state.police_reports()) {
    if (report.receipt_number() == command.receipt_number) return Nothing();
  }
  if (state.police_reports_size() >= kNotesMax) return refusals::TooManyNotes(kNotesMax);
  HotlineEvent event;
  *event.mutable_police_report_recorded()->mutable_actor() = command.actor;
  event.mutable_police_report_recorded()->set_receipt_number(command.receipt_number);
  return std::vector<HotlineEvent>{event};
}

Outcome Decide(const CaseState& state, const AddNote& command) {
  absl::Status status = MustBeOpen(state);
  if (!status.ok()) return status;
  if (state.notes_size() >= kNotesMax) return refusals::TooManyNotes(kNotesMax);
  HotlineEvent event;
  *event.mutable_note_added()->mutable_actor() = command.actor;
  event.mutable_note_added()->set_text(command.text);
  return std::vector<HotlineEvent>{event};
}

Outcome Close(const CaseState& state, const CloseCase& command, int64_t erase_micros) {
  absl::Status status = MustBeOpen(state);
  if (!status.ok()) return status;
  if (AnyPending(state)) return refusals::SuspensionPending();
  HotlineEvent event;
  *event.mutable_case_closed()->mutable_actor() = command.actor;
  event.mutable_case_closed()->set_erase_micros(erase_micros);
  return std::vector<HotlineEvent>{event};
}

Outcome Erase(const CaseState& state, int64_t time_micros) {
  const int64_t due_micros = state.closed().erase_micros();
  if (due_micros == 0 || time_micros < due_micros) return Nothing();
  HotlineEvent event;
  event.mutable_case_erased()->set_opened_micros(state.opened_micros());
  event.mutable_case_erased()->set_closed_micros(state.closed_micros());
  return std::vector<HotlineEvent>{event};
}

// What nobody asked for in a call: the card service's answers, and what the calendar brings.
template <class One>
constexpr bool kIsInside = std::is_same_v<One, RecordEffect> || std::is_same_v<One, RecordRefusal> ||
                           std::is_same_v<One, EraseCase>;

}  // namespace

absl::StatusOr<std::vector<HotlineEvent>> HotlineDomain::Decide(const State& state, const Command& command,
                                                                const eventsourcing::DecideContext& context) const {
  const auto decide = [&](const auto& one) -> Outcome {
    using One = std::decay_t<decltype(one)>;
    if (state.has_erased()) return kIsInside<One> ? Outcome(Nothing()) : Outcome(refusals::CaseErased());
    if constexpr (std::is_same_v<One, CloseCase>) {
      return Close(state, one, context.time_micros + int64_t{case_retention_days} * kDayMicros);
    } else if constexpr (std::is_same_v<One, EraseCase>) {
      return Erase(state, context.time_micros);
    } else {
      return hotline::Decide(state, one);
    }
  };
  return std::visit(decide, command);
}

}  // namespace mynumber::hotline
