#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_EXPLAIN_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_EXPLAIN_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "mynumber/card/rows/v1/rows.pb.h"
#include "mynumber/card/v1/card_service.pb.h"

namespace mynumber::card {

// What the public is told of an application: from its receipt to the shipment, for six months (domain.md C.1); as data
// and as a sentence in Japanese and English. Shows nothing of the resident.
absl::StatusOr<v1::GetApplicationStatusResponse> Explain(const rows::v1::Application& application, int64_t now_micros);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_EXPLAIN_H_
