// Who looked at what, or tried to: kept by the month, and destroyed when its period is over (docs/decisions/0027).

#include <utility>

#include "services/issuance/domain/decide.h"

namespace mynumber::issuance {

using eventsourcing::DecideContext;
using events::v1::IssuanceEvent;
using rows::v1::ResidentState;

namespace {

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

bool IsOfAccessRecord(const IssuanceEvent& event) {
  return event.has_number_disclosed() || event.has_looked_up() || event.has_attempts_refused();
}

}  // namespace

Events DecideAccess(const RecordLookUp& command, const DecideContext& context) {
  IssuanceEvent event;
  *event.mutable_looked_up() = command.looked_up;
  event.mutable_looked_up()->set_authority_id(std::string(context.subject.view()));
  return One(std::move(event));
}

Events DecideAccess(const RecordAttempts& command, const DecideContext& context) {
  IssuanceEvent event;
  *event.mutable_attempts_refused() = command.refused;
  event.mutable_attempts_refused()->set_authority_id(std::string(context.subject.view()));
  return One(std::move(event));
}

Events DecideAccess(const ResidentState& state, const EraseAccessRecord&, const DecideContext& context) {
  const int64_t due_micros = state.access_record().erase_micros();
  if (due_micros == 0 || context.time_micros < due_micros) return Already();
  IssuanceEvent event;
  event.mutable_access_record_erased()->set_due_micros(due_micros);
  return One(std::move(event));
}

eventsourcing::EventOf<IssuanceEvent> Issuance::Place(IssuanceEvent event, const DecideContext& context) const {
  // A nation's registrations need no calendar.
  if (!IsOfAccessRecord(event)) return {context.subject, std::move(event)};
  const calendar::Day today = calendar::DayInTokyo(context.time_micros);
  const calendar::Day next_month(absl::CivilMonth(today) + 1);
  const int64_t erase_micros = calendar::StartOfDayMicros(next_month) + access_retention_days * kDayMicros;
  if (event.has_number_disclosed()) {
    event.mutable_number_disclosed()->set_resident(std::string(context.subject.view()));
    event.mutable_number_disclosed()->set_erase_micros(erase_micros);
  } else if (event.has_looked_up()) {
    event.mutable_looked_up()->set_erase_micros(erase_micros);
  } else {
    event.mutable_attempts_refused()->set_erase_micros(erase_micros);
  }
  return {keyed.access_record(context.subject, absl::CivilMonth(today)), std::move(event)};
}

}  // namespace mynumber::issuance
