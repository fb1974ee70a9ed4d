#ifndef MYNUMBER_LIBS_SERVING_CALLER_H_
#define MYNUMBER_LIBS_SERVING_CALLER_H_

// Who asks, and under which request id: the same rules in every service. The first thing that is wrong, as a refusal.

#include <string_view>
#include <type_traits>
#include <utility>

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

// Who asks; of a request that has no actor, nobody.
template <class Request, class = void>
struct HasActor : std::false_type {};
template <class Request>
struct HasActor<Request, std::void_t<decltype(std::declval<const Request&>().actor())>> : std::true_type {};
inline const type::Actor& ActorOf(const type::Actor& actor) { return actor; }
template <class Request>
const type::Actor& ActorOf(const Request& request) {
  if constexpr (HasActor<Request>::value) {
    return request.actor();
  } else {
    return type::Actor::default_instance();
  }
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_CALLER_H_
