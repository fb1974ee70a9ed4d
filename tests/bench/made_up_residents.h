#ifndef MYNUMBER_TESTS_BENCH_MADE_UP_RESIDENTS_H_
#define MYNUMBER_TESTS_BENCH_MADE_UP_RESIDENTS_H_

#include <cstdint>

#include "mynumber/issuance/v1/issuance_service.pb.h"

namespace mynumber::bench {

// Resident `index` of a made-up nation: the same for the same index, distinct and valid for all up to 10^9. Writes over
// all of `row`.
void MakeUpResident(uint64_t index, issuance::v1::RegisterResidentRequest* row);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_MADE_UP_RESIDENTS_H_
