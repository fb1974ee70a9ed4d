#include "services/mynumberctl/failure.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/rpc/problem.h"

namespace mynumber::mynumberctl {
namespace {

// After a connection was made, a call without the server's own word may or may not have been done.
ExitCode CodeOf(const absl::Status& status, const std::optional<rpc::Problem>& problem, bool writes) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kRefused;
    case absl::StatusCode::kUnavailable:
      if (problem && problem->reason != "OUTCOME_UNKNOWN") return ExitCode::kUnavailable;
      return writes ? ExitCode::kUnknown : ExitCode::kUnavailable;
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kAborted:
      return writes ? ExitCode::kUnknown : ExitCode::kUnavailable;
    case absl::StatusCode::kResourceExhausted:
      return problem ? ExitCode::kUnavailable : ExitCode::kRefused;  // else a message that is too large
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      // The server's own faults bring a Problem; without one gRPC lost the stream at a moment of its own.
      return writes && !problem ? ExitCode::kUnknown : ExitCode::kInternal;
    default:
      return ExitCode::kInternal;
  }
}

std::string SentenceWithout(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return "the connection to the server was lost";
    case absl::StatusCode::kDeadlineExceeded:
      return "no answer came in time: allow more with --timeout-seconds";
    case absl::StatusCode::kUnimplemented:
      return "the server does not know this call: its version and this client's do not fit together";
    case absl::StatusCode::kResourceExhausted:
      return "the request or its answer is too large for one message";
    default:
      return absl::StrCat("the server failed: ", std::string(status.message()), "; its log tells more");
  }
}

// Variable parts that a person needs to go on, as the names of people who look alike.
std::string Parts(const rpc::Problem& problem) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : problem.metadata) {
    if (key != "field" && problem.sentence.find(value) == std::string::npos)
      parts.push_back(absl::StrCat(key, " ", value));
  }
  return parts.empty() ? "" : absl::StrCat(" [", absl::StrJoin(parts, "; "), "]");
}

// What only this program's user has to know.
std::string HowToSay(const std::string& field) {
  if (field == "actor.clerk_id") return " Say it with --clerk, or once for all in MYNUMBER_CLERK.";
  if (field == "actor.authority") return " Say it with --authority, or once for all in MYNUMBER_AUTHORITY.";
  return "";
}

std::string Advice(ExitCode code, const rpc::Problem* problem, const Write* write) {
  if (code == ExitCode::kUnknown && write != nullptr && write->method.empty()) {
    return absl::StrCat("; whether it was done is not known: repeat it with --request-id ", write->request_id,
                        ", it is not done twice");
  }
  if (code == ExitCode::kUnknown && write != nullptr) {
    return absl::StrCat("; whether it was done is not known: ask `mynumberctl outcome ", write->request_id,
                        " --method ", write->method, "`");
  }
  if (code != ExitCode::kUnavailable) return "";
  const std::string wait = problem != nullptr && problem->retry_millis
                               ? absl::StrCat(" in ", (*problem->retry_millis + 999) / 1000, " s")
                               : "";
  if (write == nullptr) return absl::StrCat("; ask again", wait);
  return absl::StrCat("; nothing was done: repeat it", wait, " with --request-id ", write->request_id);
}

}  // namespace

Failure Explain(const absl::Status& status, const Write* write) {
  const auto problem = rpc::ProblemOf(status);
  Failure failure;
  failure.code = CodeOf(status, problem, write != nullptr);
  if (problem) {
    failure.reason = problem->reason;
    if (!problem->field_violations.empty()) failure.field = problem->field_violations[0].field;
    failure.sentence = problem->sentence + Parts(*problem) + HowToSay(failure.field);
  } else {
    failure.sentence = SentenceWithout(status);
  }
  const std::string advice = Advice(failure.code, problem ? &*problem : nullptr, write);
  if (!advice.empty() && failure.sentence.back() == '.') failure.sentence.pop_back();
  failure.sentence += advice;
  return failure;
}

Failure NoServer(const std::string& server) {
  return {ExitCode::kUnavailable, "", "",
          absl::StrCat("no server answers at ", server, ": start it with deploy/run, or name another with --server")};
}

std::string ToText(const Failure& failure) {
  if (failure.reason.empty()) return failure.sentence;
  return absl::StrCat(failure.sentence, " (", failure.reason, failure.field.empty() ? "" : ", field ", failure.field,
                      ")");
}

std::string ToJson(const Failure& failure) {
  nlohmann::ordered_json error = {{"exit_code", static_cast<int>(failure.code)}};
  if (!failure.reason.empty()) error["reason"] = failure.reason;
  if (!failure.field.empty()) error["field"] = failure.field;
  error["message"] = failure.sentence;
  return nlohmann::ordered_json{{"error", error}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace mynumber::mynumberctl
