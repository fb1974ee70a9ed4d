#ifndef MYNUMBER_LIBS_RPC_PROBLEM_H_
#define MYNUMBER_LIBS_RPC_PROBLEM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace google::rpc {
class Status;
}  // namespace google::rpc

// How a "no" travels: a Problem becomes an absl::Status that carries all of it, and the edge turns that into the
// google.rpc.Status that the client sees (AIP-193). No gRPC here, so that the pure domain may include it.
namespace mynumber::rpc {

struct FieldViolation {
  std::string field;  // path in the request, as "resident.birth_date"
  std::string description;
};

struct UnmetCondition {
  std::string type;  // as "STATE"
  std::string subject;
  std::string description;
};

struct NamedResource {
  std::string type;  // as "issuance.mynumber/Resident"
  std::string name;  // opaque
  std::string description;
};

// What went wrong and what to do. Nothing in it names or numbers a person.
struct Problem {
  absl::StatusCode code = absl::StatusCode::kUnknown;  // never kOk
  // An enumerator's name of the service's ErrorReason, as "BIRTH_DATE_MISSING".
  std::string reason;
  // As "issuance.mynumber".
  std::string domain;
  // Tells a clerk what to do.
  std::string sentence;
  // Each variable part of the sentence, for programs; ordered by key after a journey.
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<FieldViolation> field_violations;
  std::vector<UnmetCondition> unmet_conditions;
  std::optional<NamedResource> resource;
  // When it makes sense to try again.
  std::optional<int64_t> retry_millis;
};

bool operator==(const Problem& a, const Problem& b);

// An error whose code and message are the problem's, with the rest as a payload. Aborts if the code is kOk or the
// reason is empty.
absl::Status ToStatus(const Problem& problem);

// The problem that `status` carries; none if it is OK or was not made by ToStatus, FromRpc or FromGrpc.
std::optional<Problem> ProblemOf(const absl::Status& status);

// What the client sees, for answers that stand in a stream one for each row. There is always an ErrorInfo: without a
// Problem its reason is the code's name and its domain "mynumber". The message of INTERNAL, UNKNOWN and DATA_LOSS
// without a Problem may tell of our inside, so the client gets another one. At most some 3 KiB: violations, conditions
// and metadata that do not fit are left out, the last ones first.
google::rpc::Status ToRpc(const absl::Status& status);

// On the client's side: carries the Problem if there is an ErrorInfo.
absl::Status FromRpc(const google::rpc::Status& status);

}  // namespace mynumber::rpc

#endif  // MYNUMBER_LIBS_RPC_PROBLEM_H_
