#ifndef MYNUMBER_SERVICES_STANDALONE_ACCESS_H_
#define MYNUMBER_SERVICES_STANDALONE_ACCESS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/access/live_policy.h"
#include "libs/serving/gate.h"

namespace mynumber::standalone {

// The access policy of this process, and the gate that holds calls against it.
class Access {
 public:
  // `policy_file`: empty for the policy that is built in. Errors are sentences for an operator.
  static absl::StatusOr<std::unique_ptr<Access>> Open(const std::string& policy_file);

  // Reads the file again if it has changed; one that is wrong changes nothing and is logged once. One thread.
  void Refresh();
  serving::Gate* gate() { return &gate_; }

 private:
  Access(std::string file, std::string text, access::Policy policy);

  const std::string file_;
  // As it was read last, right or wrong.
  std::string text_;
  access::LivePolicy policy_;
  serving::Gate gate_;
};

}  // namespace mynumber::standalone

#endif  // MYNUMBER_SERVICES_STANDALONE_ACCESS_H_
