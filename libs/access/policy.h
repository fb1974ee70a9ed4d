#ifndef MYNUMBER_LIBS_ACCESS_POLICY_H_
#define MYNUMBER_LIBS_ACCESS_POLICY_H_

// Who may call what: a policy file, checked whole, and asked for every call.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "libs/access/identity.h"
#include "mynumber/access/v1/policy.pb.h"

namespace mynumber::access {

// As v1::Scope says it; kNone: refused.
enum class Scope : uint8_t { kNone, kAll, kOwn, kOwnActs };

// Why a call is allowed or not; for audit records and a metric's label. Closed.
enum class Reason : uint8_t {
  kGranted,
  kNotGranted,     // the role has no grant of this method
  kUnknownMethod,  // no role has: the policy does not name it, or there is no such method
};
// "granted", "not_granted", "unknown_method".
std::string_view NameOf(Reason reason);

// What the policy says of one call.
struct Decision {
  bool allowed = false;
  Scope scope = Scope::kNone;
  // Only if allowed; what they ask of the caller is in policy.proto.
  bool purposes_required = false;
  bool is_look_up = false;
  bool exempt_from_limits = false;
  Reason reason = Reason::kUnknownMethod;
};

// How much an identity of a role, and a clerk of it, may ask for.
struct RoleLimits {
  v1::Limits of_identity;
  // Unless the policy says it, as much as the identity.
  v1::Limits of_clerk;
};

// Does not change once it is parsed; any number of threads at once. Movable.
class Policy {
 public:
  // `text` is v1::Policy in protobuf text; `known_methods` are all that there are, as "package.Service/Method"
  // (KnownMethods()). INVALID_ARGUMENT with one sentence, which names the line and the role or the method, about the
  // first thing that is wrong: a field or word that policy.proto does not have, a role that is none or stands twice, no
  // limits or such as its grants can do nothing with, a grant without methods or scope, a method that there is not or
  // that the role has already, a scope that the role cannot have.
  static absl::StatusOr<Policy> Parse(std::string_view text, absl::Span<const std::string> known_methods);

  // `full_method` as gRPC has it: "/package.Service/Method", or without the first slash. Never allocates or waits.
  // What is not granted is refused.
  Decision Decide(const Identity& identity, std::string_view full_method) const {
    return DecideRole(identity.role(), full_method);
  }
  Decision DecideRole(Role role, std::string_view full_method) const;

  // All 0 for a role that the policy does not name; it has no grant either.
  const RoleLimits& LimitsOf(Role role) const { return limits_[static_cast<size_t>(role)]; }

  // What is odd, though not wrong, a sentence each: methods that nobody may call, and roles that may call nothing. To
  // be logged at start.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  friend class PolicyReader;
  using Grants = std::array<Decision, kRoles>;

  absl::flat_hash_map<std::string, Grants> grants_;
  std::array<RoleLimits, kRoles> limits_;
  std::vector<std::string> warnings_;
};

}  // namespace mynumber::access

#endif  // MYNUMBER_LIBS_ACCESS_POLICY_H_
