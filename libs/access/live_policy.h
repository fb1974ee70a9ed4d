#ifndef MYNUMBER_LIBS_ACCESS_LIVE_POLICY_H_
#define MYNUMBER_LIBS_ACCESS_LIVE_POLICY_H_

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libs/access/policy.h"

namespace mynumber::access {

// The policy that holds now, and that can be exchanged while calls are decided by it. Any thread.
class LivePolicy {
 public:
  // `known_methods` as for Policy::Parse, for later ones too.
  LivePolicy(Policy policy, std::vector<std::string> known_methods)
      : known_methods_(std::move(known_methods)), policy_(std::make_shared<const Policy>(std::move(policy))) {}

  // Decide one call by one of them: the next may be another.
  std::shared_ptr<const Policy> Now() const { return std::atomic_load(&policy_); }

  // The text of a file takes the place of the policy; if it is wrong, nothing changes, and the error is that of
  // Policy::Parse.
  absl::Status Reload(std::string_view text) {
    auto policy = Policy::Parse(text, known_methods_);
    if (!policy.ok()) return policy.status();
    std::atomic_store(&policy_, std::make_shared<const Policy>(*std::move(policy)));
    return absl::OkStatus();
  }

 private:
  const std::vector<std::string> known_methods_;
  std::shared_ptr<const Policy> policy_;
};

}  // namespace mynumber::access

#endif  // MYNUMBER_LIBS_ACCESS_LIVE_POLICY_H_
