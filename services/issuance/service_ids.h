#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_IDS_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_IDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/serving/pages.h"
#include "services/issuance/service_context.h"

namespace mynumber::issuance {

// Adds ids until there are `count`: of the rows `prefix` + id of one partition behind the cursor, which moves along.
// False if the partition has no more.
absl::StatusOr<bool> NextIds(const ServiceContext& context, const std::string& prefix, size_t count,
                             serving::PartitionCursor* cursor, std::vector<SubjectId>* ids);

// One page of the residents whose rows are `prefix` + id, one partition after the other. `next_page_token` stays empty
// after the last. Refuses a token that no answer gave.
absl::Status ReadIds(const ServiceContext& context, const std::string& prefix, const std::string& page_token,
                     int32_t page_size, std::vector<SubjectId>* ids, std::string* next_page_token);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_IDS_H_
