#ifndef MYNUMBER_LIBS_SERVING_CALLER_H_
#define MYNUMBER_LIBS_SERVING_CALLER_H_

// Who asks, and under which request id: the same rules in every service. The first thing that is wrong, as a refusal.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/identifiers/request_id.h"
#include "libs/serving/refusals.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::serving {

absl::StatusOr<identifiers::RequestId> ValidateRequestId(const Refusals& refusals, std::string_view request_id);
// `clerk_required`: what is asked for is done in the name of a clerk.
absl::Status ValidateActor(const Refusals& refusals, const type::Actor& actor, bool clerk_required);
// The code of the municipality that asks; empty if the authority is another.
std::string_view MunicipalityOf(const type::Actor& actor);

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_CALLER_H_
