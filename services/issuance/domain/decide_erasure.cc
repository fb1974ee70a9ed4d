// Erasing a resident: two persons, a legal ground, and a waiting period (P7; docs/decisions/0024).

#include "services/issuance/domain/decide.h"
#include "services/issuance/domain/refusals.h"

namespace mynumber::issuance {
namespace {

using eventsourcing::DecideContext;
using events::v1::IssuanceEvent;
using rows::v1::ResidentState;

// Longer than receipts are kept: nobody asks again for an answer that went.
constexpr int64_t kWaitingMicros = int64_t{30} * 24 * 3600 * 1'000'000;

// A removed Certificate of Residence is kept for so long (Enforcement Order of the Basic Resident Registration Act,
// art. 34).
constexpr int kRetentionYears = 150;

bool IsRetentionOver(const ResidentState& state, int64_t time_micros) {
  type::Date end = state.last_date();
  end.set_year(end.year() + kRetentionYears);
  const type::Date today = calendar::DateInTokyo(time_micros);
  const auto order = [](const type::Date& date) { return (date.year() * 100 + date.month()) * 100 + date.day(); };
  return order(end) < order(today);
}

bool Fits(const ResidentState& state, events::v1::ErasureGround ground, int64_t time_micros) {
  switch (ground) {
    case events::v1::ERASURE_GROUND_ORDERED:
      return true;
    case events::v1::ERASURE_GROUND_REGISTERED_WITHOUT_BASIS:
      return state.status() == ResidentState::STATUS_VOIDED;
    case events::v1::ERASURE_GROUND_RETENTION_ENDED: {
      const bool is_removed =
          state.status() == ResidentState::STATUS_DECEASED || state.status() == ResidentState::STATUS_DEPARTED;
      return is_removed && IsRetentionOver(state, time_micros);
    }
    default:
      return false;
  }
}

absl::Status Erasable(const ResidentState& state) {
  switch (state.status()) {
    case ResidentState::STATUS_UNSPECIFIED:
    case ResidentState::STATUS_ALIAS:
    case ResidentState::STATUS_ACCESS_RECORD:
      return refusals::ResidentUnknown();
    case ResidentState::STATUS_ERASED:
      return refusals::ResidentErased();
    default:
      return absl::OkStatus();
  }
}

bool IsSamePerson(const type::Actor& a, const type::Actor& b) {
  return a.authority() == b.authority() && a.clerk_id() == b.clerk_id();
}

}  // namespace

Events DecideErasure(const ResidentState& state, const RequestErasure& command, const DecideContext& context) {
  absl::Status status = Erasable(state);
  if (!status.ok()) return status;
  if (state.has_erasure()) {
    const auto& asked = state.erasure();
    const bool is_same = asked.ground() == command.ground && asked.reference() == command.reference &&
                         IsSamePerson(asked.requested_by(), command.actor);
    return is_same ? Already() : Events(refusals::ErasurePending());
  }
  if (!Fits(state, command.ground, context.time_micros)) return refusals::ErasureGroundDoesNotFit();
  IssuanceEvent event;
  auto* requested = event.mutable_erasure_requested();
  requested->set_ground(command.ground);
  requested->set_reference(command.reference);
  *requested->mutable_requested_by() = command.actor;
  return One(std::move(event));
}

Events DecideErasure(const ResidentState& state, const ApproveErasure& command, const DecideContext& context) {
  absl::Status status = Erasable(state);
  if (!status.ok()) return status;
  if (!state.has_erasure()) return refusals::ErasureNotRequested();
  if (state.erasure().due_micros() != 0) return Already();
  if (IsSamePerson(state.erasure().requested_by(), command.actor)) return refusals::ErasureNeedsSecondPerson();
  IssuanceEvent event;
  auto* approved = event.mutable_erasure_approved();
  *approved->mutable_approved_by() = command.actor;
  approved->set_due_micros(context.time_micros + kWaitingMicros);
  return One(std::move(event));
}

Events DecideErasure(const ResidentState& state, const WithdrawErasure& command, const DecideContext&) {
  absl::Status status = Erasable(state);
  if (!status.ok()) return status;
  if (!state.has_erasure()) return Already();
  IssuanceEvent event;
  event.mutable_erasure_withdrawn()->set_reason(command.reason);
  *event.mutable_erasure_withdrawn()->mutable_withdrawn_by() = command.actor;
  return One(std::move(event));
}

Events DecideErasure(const ResidentState& state, const EraseResident&, const DecideContext& context) {
  const auto& asked = state.erasure();
  const bool is_due = asked.due_micros() != 0 && asked.due_micros() <= context.time_micros;
  if (!Erasable(state).ok() || !is_due) return Already();
  if (!Fits(state, asked.ground(), context.time_micros)) return refusals::ErasureGroundDoesNotFit();
  IssuanceEvent event;
  auto* erased = event.mutable_resident_erased();
  erased->set_ground(asked.ground());
  erased->set_reference(asked.reference());
  *erased->mutable_requested_by() = asked.requested_by();
  *erased->mutable_approved_by() = asked.approved_by();
  erased->set_requested_micros(asked.requested_micros());
  erased->set_approved_micros(asked.approved_micros());
  return One(std::move(event));
}

// Two persons and thirty days stand behind the record, and the ground fitted then.
Events DecideErasure(const ResidentState& state, const EraseAgain& command, const DecideContext&) {
  if (state.status() == ResidentState::STATUS_ERASED) return Already();
  absl::Status status = Erasable(state);
  if (!status.ok()) return status;
  IssuanceEvent event;
  *event.mutable_resident_erased() = command.record;
  return One(std::move(event));
}

}  // namespace mynumber::issuance
