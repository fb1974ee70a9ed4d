#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_VERIFY_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_VERIFY_H_

#include "libs/serving/verify.h"
#include "services/issuance/domain/resident.h"
#include "services/issuance/service_keys.h"

namespace mynumber::issuance {

// Counts residents, numbers, duplicates and bad check digits (P1) in one fresh fold. `keys` outlives it.
serving::OwnChecks<Issuance> CheckNumbers(const ServiceKeys* keys);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_VERIFY_H_
