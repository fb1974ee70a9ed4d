#include "libs/access/policy.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"

namespace mynumber::access {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::TextFormat;

constexpr uint32_t kCallsMax = 1'000'000;

absl::Status Wrong(int line, absl::string_view sentence) {
  return absl::InvalidArgumentError(absl::StrCat("The access policy is wrong in line ", line + 1, ": ", sentence));
}

// Keeps the first thing that the parser finds.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (status_.ok()) status_ = Wrong(std::max(line, 0), absl::StrCat(message, " Compare it with policy.proto."));
  }
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

// Where a thing stands in the text, from 0; `otherwise` if that is not known, as of what follows the first in a list.
int LineOf(const TextFormat::ParseInfoTree* tree, const Descriptor* type, const char* field, int index,
           int otherwise) {
  if (tree == nullptr) return otherwise;
  const int line = tree->GetLocation(type->FindFieldByName(field), index).line;
  return line < 0 ? otherwise : line;
}
const TextFormat::ParseInfoTree* Within(const TextFormat::ParseInfoTree* tree, const Descriptor* type,
                                        const char* field, int index) {
  return tree == nullptr ? nullptr : tree->GetTreeForNested(type->FindFieldByName(field), index);
}

Scope ScopeOf(v1::Scope scope) {
  switch (scope) {
    case v1::SCOPE_ALL:
      return Scope::kAll;
    case v1::SCOPE_OWN:
      return Scope::kOwn;
    case v1::SCOPE_OWN_ACTS:
      return Scope::kOwnActs;
    default:
      return Scope::kNone;
  }
}

absl::Status CheckLimits(int line, const std::string& role, const v1::Limits& limits) {
  if (limits.calls_per_second() < 1 || limits.calls_per_second() > kCallsMax) {
    return Wrong(line, absl::StrCat("the role ", role, " needs calls_per_second from 1 to ", kCallsMax, "."));
  }
  if (limits.burst() < 1 || limits.burst() > kCallsMax) {
    return Wrong(line, absl::StrCat("the role ", role, " needs a burst from 1 to ", kCallsMax, "."));
  }
  return absl::OkStatus();
}

// What is wrong with a grant as a whole, as the end of a sentence; empty: nothing.
std::string FlawOf(const v1::Role& role, Role known, const v1::Grant& grant) {
  const v1::Limits& clerk = role.has_clerk_limits() ? role.clerk_limits() : role.limits();
  const std::string what = absl::StrCat(grant.service(), "/", absl::StrJoin(grant.methods(), ","));
  if (grant.methods().empty()) return absl::StrCat("is granted no method of ", grant.service(), ".");
  if (grant.scope() == v1::SCOPE_UNSPECIFIED) return absl::StrCat("has no scope for ", what, ".");
  if (grant.scope() == v1::SCOPE_OWN && known != Role::kMunicipality) {
    return absl::StrCat("is no municipality, so that SCOPE_OWN of ", what, " would be nothing.");
  }
  if (grant.purposes_required() && (role.limits().disclosures_per_hour() == 0 || clerk.disclosures_per_hour() == 0)) {
    return absl::StrCat("has no disclosures_per_hour in its limits, which ", what, " needs.");
  }
  if (grant.is_look_up() && (role.limits().look_ups_per_hour() == 0 || clerk.look_ups_per_hour() == 0)) {
    return absl::StrCat("has no look_ups_per_hour in its limits, which ", what, " needs.");
  }
  if (grant.exempt_from_limits() && (grant.is_look_up() || grant.purposes_required())) {
    return absl::StrCat("cannot have ", what, " both counted and exempt from limits.");
  }
  return "";
}

}  // namespace

// Reads one file into one policy.
class PolicyReader {
 public:
  explicit PolicyReader(absl::Span<const std::string> known_methods)
      : methods_(known_methods), known_(known_methods.begin(), known_methods.end()) {}

  absl::StatusOr<Policy> Read(std::string_view text) {
    FirstError error;
    TextFormat::ParseInfoTree tree;
    TextFormat::Parser parser;
    parser.RecordErrorsTo(&error);
    parser.WriteLocationsTo(&tree);
    google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
    v1::Policy file;
    if (!parser.Parse(&input, &file)) {
      return error.status().ok() ? Wrong(0, "it cannot be read.") : error.status();
    }
    for (int i = 0; i < file.roles_size(); ++i) {
      absl::Status status = AddRole(file.roles(i), LineOf(&tree, v1::Policy::descriptor(), "roles", i, 0),
                                    Within(&tree, v1::Policy::descriptor(), "roles", i));
      if (!status.ok()) return status;
    }
    if (file.roles_size() == 0) return Wrong(0, "it has no role, so that nobody could call anything.");
    Warn();
    return std::move(policy_);
  }

 private:
  absl::Status AddRole(const v1::Role& role, int line, const TextFormat::ParseInfoTree* tree) {
    const auto known = RoleOf(role.name());
    if (!known) return Wrong(line, absl::StrCat("there is no role \"", role.name(), "\"."));
    bool& is_there = is_there_[static_cast<size_t>(*known)];
    if (is_there) return Wrong(line, absl::StrCat("the role ", role.name(), " stands here a second time."));
    is_there = true;
    absl::Status status = AddLimits(role, *known, line);
    for (int i = 0; i < role.grants_size() && status.ok(); ++i) {
      status = AddGrant(role, *known, role.grants(i), LineOf(tree, v1::Role::descriptor(), "grants", i, line),
                        Within(tree, v1::Role::descriptor(), "grants", i));
    }
    if (role.grants().empty()) {
      policy_.warnings_.push_back(absl::StrCat("The role ", role.name(), " may call nothing."));
    }
    return status;
  }

  absl::Status AddLimits(const v1::Role& role, Role known, int line) {
    if (!role.has_limits()) return Wrong(line, absl::StrCat("the role ", role.name(), " has no limits."));
    absl::Status status = CheckLimits(line, role.name(), role.limits());
    if (status.ok() && role.has_clerk_limits()) status = CheckLimits(line, role.name(), role.clerk_limits());
    RoleLimits& limits = policy_.limits_[static_cast<size_t>(known)];
    limits.of_identity = role.limits();
    limits.of_clerk = role.has_clerk_limits() ? role.clerk_limits() : role.limits();
    return status;
  }

  absl::Status AddGrant(const v1::Role& role, Role known, const v1::Grant& grant, int line,
                        const TextFormat::ParseInfoTree* tree) {
    const std::string flaw = FlawOf(role, known, grant);
    if (!flaw.empty()) return Wrong(line, absl::StrCat("the role ", role.name(), " ", flaw));
    absl::Status status;
    for (int i = 0; i < grant.methods_size() && status.ok(); ++i) {
      status = AddMethod(role, known, grant, i, LineOf(tree, v1::Grant::descriptor(), "methods", i, line));
    }
    return status;
  }

  absl::Status AddMethod(const v1::Role& role, Role known, const v1::Grant& grant, int index, int line) {
    const std::string method = absl::StrCat(grant.service(), "/", grant.methods(index));
    if (!known_.contains(method)) {
      return Wrong(line,
                   absl::StrCat("the role ", role.name(), " is granted ", method, ", and there is no such method."));
    }
    Decision& decision = policy_.grants_[method][static_cast<size_t>(known)];
    if (decision.allowed) {
      return Wrong(line, absl::StrCat("the role ", role.name(), " is granted ", method, " a second time."));
    }
    decision = {true,
                ScopeOf(grant.scope()),
                grant.purposes_required(),
                grant.is_look_up(),
                grant.exempt_from_limits(),
                Reason::kGranted};
    return absl::OkStatus();
  }

  void Warn() {
    for (auto& [method, grants] : policy_.grants_) {
      for (Decision& decision : grants) {
        if (!decision.allowed) decision.reason = Reason::kNotGranted;
      }
    }
    for (const std::string& method : methods_) {
      if (!policy_.grants_.contains(method)) {
        policy_.warnings_.push_back(absl::StrCat("No role may call ", method, "."));
      }
    }
  }

  absl::Span<const std::string> methods_;
  absl::flat_hash_set<std::string> known_;
  std::array<bool, kRoles> is_there_{};
  Policy policy_;
};

std::string_view NameOf(Reason reason) {
  switch (reason) {
    case Reason::kGranted:
      return "granted";
    case Reason::kNotGranted:
      return "not_granted";
    case Reason::kUnknownMethod:
      break;
  }
  return "unknown_method";
}

absl::StatusOr<Policy> Policy::Parse(std::string_view text, absl::Span<const std::string> known_methods) {
  return PolicyReader(known_methods).Read(text);
}

Decision Policy::DecideRole(Role role, std::string_view full_method) const {
  if (!full_method.empty() && full_method.front() == '/') full_method.remove_prefix(1);
  const auto found = grants_.find(absl::string_view(full_method.data(), full_method.size()));
  return found == grants_.end() ? Decision() : found->second[static_cast<size_t>(role)];
}

}  // namespace mynumber::access
