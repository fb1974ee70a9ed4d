// What days that pass mean here. Number issuance is the first of the services, and reacts to none.

#include "services/issuance/domain/resident.h"
#include "services/issuance/projections/tables.h"

namespace mynumber::issuance {

Command Issuance::WhenDue(const eventsourcing::Deadline& deadline) const {
  return deadline.what == kAccessRecordDue ? Command(EraseAccessRecord{}) : Command(EraseResident{});
}

}  // namespace mynumber::issuance
