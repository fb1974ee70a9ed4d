// What days that pass mean here. The hotline reacts to no other service.

#include "services/hotline/domain/hotline_case.h"

namespace mynumber::hotline {

// There is no other deadline than kCaseErasure.
Command HotlineDomain::WhenDue(const eventsourcing::Deadline&) const { return EraseCase{}; }

}  // namespace mynumber::hotline
