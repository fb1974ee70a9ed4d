#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_ANSWERS_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_ANSWERS_H_

// State and rows into what callers see.

#include <string>
#include <string_view>

#include "libs/eventsourcing/position.h"
#include "libs/eventsourcing/subject.h"
#include "mynumber/issuance/rows/v1/rows.pb.h"
#include "mynumber/issuance/v1/issuance_service.pb.h"
#include "services/issuance/service_keys.h"

namespace mynumber::issuance {

std::string ResidentName(const eventsourcing::SubjectId& id);

// "********1234".
std::string MaskNumber(std::string_view number);

// The resident as it is in `state`, its number masked. `position` may be null.
void FillResident(const rows::v1::ResidentState& state, const eventsourcing::SubjectId& id,
                  const eventsourcing::Position* position, v1::Resident* resident);

// All that is known of an erasure, asked for or done.
void FillErasure(const rows::v1::ResidentState::Erasure& state, v1::Erasure* erasure);

// The resident as the answer to the registration with this request key told it, number and all: FillResident's
// argument.
rows::v1::ResidentState FirstAnswer(const ServiceKeys& keys, const rows::v1::ResidentState& state,
                                    std::string_view request_key);

// Masked for a list of people with the same name: the first character, and stars.
void FillCandidate(const rows::v1::ResidentState& state, const eventsourcing::SubjectId& id,
                   v1::ResidentCandidate* candidate);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_ANSWERS_H_
