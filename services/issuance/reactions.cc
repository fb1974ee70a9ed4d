// What days that pass mean here. Number issuance is the first of the services, and reacts to none.

#include "services/issuance/domain/resident.h"

namespace mynumber::issuance {

// There is no other deadline than kErasureDue.
Command Issuance::WhenDue(const eventsourcing::Deadline&) const { return EraseResident{}; }

}  // namespace mynumber::issuance
