#ifndef MYNUMBER_LIBS_SERVING_GATE_H_
#define MYNUMBER_LIBS_SERVING_GATE_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "libs/access/identity.h"
#include "libs/access/limits.h"
#include "libs/access/live_policy.h"
#include "libs/runtime/process.h"
#include "libs/serving/attempts.h"
#include "libs/serving/refusals.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::serving {

// Who is let in, and for what: the identity at the other end of each call, held against the policy and its limits. One
// for a process; any thread.
//
// The identity is the certificate's. Without one (plain text, which is for loopback alone) `actor.authority` is
// believed, and a request that names none is let in: all of those are the operator's, or everybody's. Calls within this
// process come from a service.
class Gate {
 public:
  // `policy` outlives it. `steady`: micros of a clock that is never set.
  explicit Gate(const access::LivePolicy* policy, runtime::Now steady = runtime::SteadyMicros);

  // OK, or a refusal in the service's words: NOT_IDENTIFIED, METHOD_NOT_ALLOWED, AUTHORITY_NOT_YOURS (a service's
  // certificate vouches for whomever it names), LIMIT_REACHED. `method`: "package.Service/Method". Each request of a
  // stream is asked for; `is_first` is false for all but the first. `look_ups`: what it looks up, if it does that.
  absl::Status Admit(const Refusals& words, const grpc::ServerContextBase& call, std::string_view method,
                     const type::Actor& actor, bool is_first = true, uint32_t look_ups = 1);

  // Notes what the call was refused, for the auditor: unless it may simply be sent again, or it was we who failed.
  // `refusal`: as the caller is told it, by `words`.
  void NoteRefused(const Refusals& words, const grpc::ServerContextBase& call, std::string_view method,
                   const type::Actor& actor, const absl::Status& refusal);
  RefusedAttempts* attempts() { return &attempts_; }

  // Of calls that have no actor. A call of another process without a certificate is let in.
  absl::Status AdmitConnection(const Refusals& words, const grpc::ServerContextBase& call, std::string_view method);

 private:
  absl::Status TakeFromLimits(const Refusals& words, const access::Policy& policy, const access::Identity& identity,
                              const type::Actor& actor, const access::Taken& taken);

  const access::LivePolicy* const policy_;
  const runtime::Now steady_;
  access::Limits identities_;
  access::Limits clerks_;
  RefusedAttempts attempts_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_GATE_H_
