#ifndef MYNUMBER_SERVICES_ISSUANCE_DOMAIN_EXPLAIN_ERASURE_H_
#define MYNUMBER_SERVICES_ISSUANCE_DOMAIN_EXPLAIN_ERASURE_H_

#include <string>

#include "mynumber/issuance/v1/erasure.pb.h"

namespace mynumber::issuance {

// What a record's signature is over (erasure.proto).
std::string StatementOf(const v1::ErasureRecord& record);

// The event that a record of ours tells of, to be written once more.
events::v1::ResidentErased EventOf(const v1::ErasureRecord& record);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_DOMAIN_EXPLAIN_ERASURE_H_
