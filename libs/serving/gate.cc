#include "libs/serving/gate.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "libs/log/log.h"
#include "libs/rpc/problem.h"
#include "libs/rpc/tls.h"
#include "libs/serving/caller.h"

namespace mynumber::serving {
namespace {

using access::Identity;
using access::Role;

// Room for every municipality and all others, and for the clerks that ask within an hour.
constexpr size_t kIdentitiesMax = 2'000;
constexpr size_t kClerksMax = 50'000;
constexpr std::string_view kLimitReached = "LIMIT_REACHED";
// What gRPC 1.51 says of a call that came through no socket.
constexpr std::string_view kWithinProcess = "unknown";

bool IsService(const Identity& identity) {
  switch (identity.role()) {
    case Role::kIssuanceService:
    case Role::kNoticeService:
    case Role::kCardService:
    case Role::kHotlineService:
    case Role::kStandaloneService:
      return true;
    default:
      return false;
  }
}

// Nothing: nobody says. An error: whoever it is has no name that could be one.
absl::StatusOr<std::optional<Identity>> IdentityOf(const grpc::ServerContextBase& call, const type::Actor& actor) {
  const auto uri = rpc::PeerUri(call);
  if (uri.ok()) {
    auto identity = Identity::FromUriNames({std::string(*uri)});
    if (!identity.ok()) return identity.status();
    return std::optional<Identity>(*identity);
  }
  if (!absl::IsNotFound(uri.status())) return uri.status();
  if (call.peer() == kWithinProcess) {
    return std::optional<Identity>(*Identity::FromAuthority(NameOf(Role::kStandaloneService)));
  }
  // A word that is none is refused by whoever validates the actor.
  auto identity = Identity::FromAuthority(actor.authority());
  return identity.ok() ? std::optional<Identity>(*identity) : std::nullopt;
}

// Who it was, for the record; of a service, for whom it speaks.
std::string AuthorityOf(const grpc::ServerContextBase& call, const type::Actor& actor) {
  auto identity = IdentityOf(call, actor);
  if (!identity.ok() || !identity->has_value()) return kUnidentified;
  if (IsService(**identity)) {
    auto spoken_for = Identity::FromAuthority(actor.authority());
    if (spoken_for.ok()) return std::string(spoken_for->authority());
  }
  return std::string((*identity)->authority());
}

// Of what comes again by itself nothing is to be learnt.
bool IsAttempt(const absl::Status& refusal, std::string_view reason) {
  switch (refusal.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return false;
    case absl::StatusCode::kResourceExhausted:
      return reason == kLimitReached;
    default:
      return true;
  }
}

int64_t MillisOf(int64_t micros) {
  constexpr int64_t kHourMillis = 3'600'000;
  return std::min(kHourMillis, micros / 1000 + 1);
}

}  // namespace

Gate::Gate(const access::LivePolicy* policy, runtime::Now steady)
    : policy_(policy), steady_(std::move(steady)), identities_(kIdentitiesMax), clerks_(kClerksMax) {}

absl::Status Gate::Admit(const Refusals& words, const grpc::ServerContextBase& call, std::string_view method,
                         const type::Actor& actor, bool is_first, uint32_t look_ups) {
  const auto identity = IdentityOf(call, actor);
  if (!identity.ok()) return words.NotIdentified();
  if (!identity->has_value()) return absl::OkStatus();
  const Identity& who = **identity;
  const auto policy = policy_->Now();
  const access::Decision decision = policy->Decide(who, method);
  if (!decision.allowed) {
    log::Warn("call_refused", {{"authority", who.authority()}, {"method", method}, {"why", NameOf(decision.reason)}});
    return words.MethodNotAllowed();
  }
  const bool speaks_for_itself = actor.authority().empty() || who.authority() == actor.authority();
  if (!speaks_for_itself && !IsService(who)) {
    log::Warn("call_refused", {{"authority", who.authority()}, {"method", method}, {"why", "names another authority"}});
    return words.AuthorityNotYours();
  }
  if (decision.exempt_from_limits || IsService(who)) return absl::OkStatus();
  access::Taken taken;
  taken.calls = is_first ? 1 : 0;
  taken.disclosures = decision.purposes_required ? 1 : 0;
  taken.look_ups = decision.is_look_up ? look_ups : 0;
  return TakeFromLimits(words, *policy, who, actor, taken);
}

void Gate::NoteRefused(const Refusals& words, const grpc::ServerContextBase& call, std::string_view method,
                       const type::Actor& actor, const absl::Status& refusal) {
  const auto problem = rpc::ProblemOf(refusal);
  if (!problem || !IsAttempt(refusal, problem->reason)) return;
  AttemptKind kind;
  // What is no id may be anything that somebody typed.
  if (ValidateActor(words, actor, /*clerk_required=*/true).ok()) kind.clerk_id = actor.clerk_id();
  kind.service = std::string(words.domain.substr(0, words.domain.find('.')));
  kind.method = std::string(method);
  kind.reason = problem->reason;
  attempts_.Note(AuthorityOf(call, actor), std::move(kind), runtime::WallMicros());
}

absl::Status Gate::AdmitConnection(const Refusals& words, const grpc::ServerContextBase& call,
                                   std::string_view method) {
  return Admit(words, call, method, type::Actor::default_instance());
}

absl::Status Gate::TakeFromLimits(const Refusals& words, const access::Policy& policy, const Identity& identity,
                                  const type::Actor& actor, const access::Taken& taken) {
  const access::RoleLimits& limits = policy.LimitsOf(identity.role());
  const int64_t now_micros = steady_();
  int64_t wait_micros = 0;
  if (!actor.clerk_id().empty()) {
    const std::string clerk = absl::StrCat(std::string(identity.authority()), " ", actor.clerk_id());
    wait_micros = clerks_.Take(clerk, limits.of_clerk, taken, now_micros);
  }
  if (wait_micros == 0) wait_micros = identities_.Take(identity.authority(), limits.of_identity, taken, now_micros);
  return wait_micros == 0 ? absl::OkStatus() : words.LimitReached(MillisOf(wait_micros));
}

}  // namespace mynumber::serving
