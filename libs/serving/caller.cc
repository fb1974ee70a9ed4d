#include "libs/serving/caller.h"

#include "libs/access/identity.h"

namespace mynumber::serving {
namespace {

constexpr std::string_view kMunicipality = "municipality/";

bool IsClerkCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '@' || c == '/';
}

}  // namespace

absl::StatusOr<identifiers::RequestId> ValidateRequestId(const Refusals& refusals, std::string_view request_id) {
  if (request_id.empty()) return refusals.RequestIdMissing();
  auto parsed = identifiers::ParseRequestId(request_id);
  if (!parsed) return refusals.RequestIdMalformed();
  return *parsed;
}

absl::Status ValidateActor(const Refusals& refusals, const type::Actor& actor, bool clerk_required) {
  if (actor.authority().empty()) return refusals.AuthorityMissing();
  if (!access::Identity::FromAuthority(actor.authority()).ok()) return refusals.AuthorityMalformed();
  if (actor.clerk_id().empty()) return clerk_required ? refusals.ClerkMissing() : absl::OkStatus();
  if (actor.clerk_id().size() > 64) return refusals.ClerkMalformed();
  for (char c : actor.clerk_id()) {
    if (!IsClerkCharacter(c)) return refusals.ClerkMalformed();
  }
  return absl::OkStatus();
}

std::string_view MunicipalityOf(const type::Actor& actor) {
  const std::string_view authority = actor.authority();
  if (authority.substr(0, kMunicipality.size()) != kMunicipality) return {};
  return authority.substr(kMunicipality.size());
}

}  // namespace mynumber::serving
