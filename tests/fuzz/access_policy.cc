// The policy file, as an operator may have written it.

#include <string>
#include <vector>

#include "google/protobuf/stubs/logging.h"
#include "libs/access/known_methods.h"
#include "libs/access/matrix.h"
#include "libs/access/policy.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {
namespace {

using access::Decision;
using access::Policy;

void HoldsOfDecision(const Policy& policy, access::Role role, const std::string& method) {
  const Decision decision = policy.DecideRole(role, method);
  Holds(decision.allowed == (decision.scope != access::Scope::kNone), "whoever may call has a scope, and nobody else");
  Holds(decision.allowed == (decision.reason == access::Reason::kGranted), "whoever may call has a grant");
  const access::RoleLimits& limits = policy.LimitsOf(role);
  if (!decision.allowed) return;
  Holds(limits.of_identity.calls_per_second() > 0 && limits.of_clerk.calls_per_second() > 0,
        "nobody may call without limits");
  Holds(!decision.purposes_required ||
            (limits.of_identity.disclosures_per_hour() > 0 && limits.of_clerk.disclosures_per_hour() > 0),
        "nobody sees numbers without limits");
  Holds(decision.scope != access::Scope::kOwn || role == access::Role::kMunicipality,
        "only municipalities have residents of their own");
}

}  // namespace
}  // namespace mynumber::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber;  // NOLINT: several rooms
  static const std::vector<std::string> methods = [] {
    google::protobuf::SetLogHandler(nullptr);
    return access::KnownMethods();
  }();
  const std::string text(fuzz::InputOf(data, size));
  const auto policy = access::Policy::Parse(text, methods);
  if (!policy.ok()) {
    fuzz::Holds(absl::IsInvalidArgument(policy.status()) &&
                    policy.status().message().find("wrong in line ") != absl::string_view::npos,
                "what is wrong with a policy is said with its line");
    return 0;
  }
  for (size_t role = 0; role < access::kRoles; ++role) {
    for (const std::string& method : methods) fuzz::HoldsOfDecision(*policy, static_cast<access::Role>(role), method);
    const auto unknown = policy->DecideRole(static_cast<access::Role>(role), "/mynumber.none.v1.None/Call");
    fuzz::Holds(!unknown.allowed, "nothing unlisted is allowed");
  }
  fuzz::Holds(!MatrixOf(*policy, methods).empty(), "a policy can be reviewed as a table");
  return 0;
}
