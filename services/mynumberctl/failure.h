#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_FAILURE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_FAILURE_H_

#include <string>

#include "absl/status/status.h"
#include "services/mynumberctl/exit_code.h"

namespace mynumber::mynumberctl {

// What a failed call means for whoever asked.
struct Failure {
  ExitCode code = ExitCode::kInternal;
  std::string reason;    // of the server's ErrorInfo, else empty
  std::string field;     // the first one named, else empty
  std::string sentence;  // with what to do
};

// A writing call, so that a retry or a question may follow.
struct Write {
  std::string method;  // empty: nobody tells later what became of it, and the same request may be sent again
  std::string request_id;
};

// Explains a status that is not OK (rpc::FromGrpc or FromRpc made it). `write`: the call that failed, null if it only
// reads: then a lost answer is no unknown outcome.
Failure Explain(const absl::Status& status, const Write* write);

// No connection was ever made to `server`: nothing was sent.
Failure NoServer(const std::string& server);

// Text for people, "sentence (REASON, field)", or one JSON object, each on one line.
std::string ToText(const Failure& failure);
std::string ToJson(const Failure& failure);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_FAILURE_H_
