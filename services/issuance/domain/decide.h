#ifndef MYNUMBER_SERVICES_ISSUANCE_DOMAIN_DECIDE_H_
#define MYNUMBER_SERVICES_ISSUANCE_DOMAIN_DECIDE_H_

// What all decisions about a resident share; private to decide*.cc.

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/issuance/domain/resident.h"

namespace mynumber::issuance {

using Events = absl::StatusOr<std::vector<events::v1::IssuanceEvent>>;

// Nothing to write: it is so already.
inline Events Already() { return std::vector<events::v1::IssuanceEvent>{}; }

inline Events One(events::v1::IssuanceEvent event) {
  std::vector<events::v1::IssuanceEvent> events;
  events.push_back(std::move(event));
  return events;
}

// decide_erasure.cc
Events DecideErasure(const rows::v1::ResidentState& state, const RequestErasure& command,
                     const eventsourcing::DecideContext& context);
Events DecideErasure(const rows::v1::ResidentState& state, const ApproveErasure& command,
                     const eventsourcing::DecideContext& context);
Events DecideErasure(const rows::v1::ResidentState& state, const WithdrawErasure& command,
                     const eventsourcing::DecideContext& context);
Events DecideErasure(const rows::v1::ResidentState& state, const EraseResident& command,
                     const eventsourcing::DecideContext& context);
Events DecideErasure(const rows::v1::ResidentState& state, const EraseAgain& command,
                     const eventsourcing::DecideContext& context);

// decide_access.cc
Events DecideAccess(const RecordLookUp& command, const eventsourcing::DecideContext& context);
Events DecideAccess(const RecordAttempts& command, const eventsourcing::DecideContext& context);
Events DecideAccess(const rows::v1::ResidentState& state, const EraseAccessRecord& command,
                    const eventsourcing::DecideContext& context);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_DOMAIN_DECIDE_H_
