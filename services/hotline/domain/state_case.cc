#include "services/hotline/domain/state_case.h"

#include <algorithm>

#include "services/hotline/domain/hotline_case.h"
#include "services/hotline/domain/refusals.h"

namespace mynumber::hotline {

using rows::v1::CaseState;
using rows::v1::Suspension;

bool HasCardInHand(events::v1::CallerKind kind) {
  return kind == events::v1::CALLER_KIND_FINDER || kind == events::v1::CALLER_KIND_POLICE;
}

bool IsBlocked(const CaseState& state) { return state.failures() >= kFailuresMax; }

bool IsPending(const Suspension& suspension) { return !suspension.has_took_effect() && !suspension.has_refused(); }

bool AnyPending(const CaseState& state) {
  return std::any_of(state.suspensions().begin(), state.suspensions().end(), IsPending);
}

v1::Case::State StateOf(const CaseState& state) {
  if (!state.has_opened()) return v1::Case::STATE_UNSPECIFIED;
  if (state.has_closed()) return v1::Case::STATE_CLOSED;
  if (AnyPending(state)) return v1::Case::STATE_SUSPENSION_PENDING;
  const bool is_suspended = std::any_of(state.suspensions().begin(), state.suspensions().end(),
                                        [](const Suspension& one) { return one.has_took_effect(); });
  if (is_suspended) return v1::Case::STATE_SUSPENDED;
  return state.has_identified() ? v1::Case::STATE_IDENTIFIED : v1::Case::STATE_OPEN;
}

v1::Suspension::State StateOf(const Suspension& suspension) {
  if (suspension.has_took_effect()) return v1::Suspension::STATE_IN_EFFECT;
  return suspension.has_refused() ? v1::Suspension::STATE_REFUSED : v1::Suspension::STATE_NOT_YET_IN_EFFECT;
}

const Suspension* FindSuspension(const CaseState& state, std::string_view card) {
  for (const Suspension& suspension : state.suspensions()) {
    if (suspension.requested().card() == card) return &suspension;
  }
  return nullptr;
}

const events::v1::Candidate* FindCandidate(const CaseState& state, std::string_view resident) {
  for (const auto& candidate : state.candidates()) {
    if (candidate.resident() == resident) return &candidate;
  }
  return nullptr;
}

std::vector<std::string> CardsOf(const CaseState& state) {
  const auto& cards =
      HasCardInHand(state.opened().caller_kind()) ? state.cards_in_hand() : state.identified().cards();
  return {cards.begin(), cards.end()};
}

absl::Status MaySuspend(const CaseState& state, std::string_view card) {
  if (!state.has_opened()) return refusals::CaseUnknown();
  if (state.has_closed()) return refusals::CaseClosed();
  const std::vector<std::string> cards = CardsOf(state);
  if (std::find(cards.begin(), cards.end(), card) != cards.end()) {
    const bool is_full = state.suspensions_size() >= kSuspensionsMax && FindSuspension(state, card) == nullptr;
    return is_full ? refusals::TooManySuspensions(kSuspensionsMax) : absl::OkStatus();
  }
  if (HasCardInHand(state.opened().caller_kind())) return refusals::SerialNeeded();
  return state.has_identified() ? refusals::CardNotOfCaller() : refusals::CallerNotIdentified();
}

}  // namespace mynumber::hotline
