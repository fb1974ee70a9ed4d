#include "services/standalone/access.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "libs/access/built_in_policy.h"
#include "libs/access/known_methods.h"
#include "libs/log/log.h"

namespace mynumber::standalone {
namespace {

absl::StatusOr<std::string> ReadText(const std::string& file) {
  if (file.empty()) return std::string(access::BuiltInPolicy());
  std::ostringstream text;
  std::ifstream stream(file);
  text << stream.rdbuf();
  if (stream && !text.str().empty()) return text.str();
  return absl::FailedPreconditionError(
      absl::StrCat("no access policy can be read from ", file, ": name the right one by --policy"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Access>> Access::Open(const std::string& policy_file) {
  auto text = ReadText(policy_file);
  if (!text.ok()) return text.status();
  auto policy = access::Policy::Parse(*text, access::KnownMethods());
  if (!policy.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(policy_file, ": ", std::string(policy.status().message())));
  }
  for (const std::string& warning : policy->warnings()) log::Warn("policy_is_odd", {{"what", warning}});
  return std::unique_ptr<Access>(new Access(policy_file, *std::move(text), *std::move(policy)));
}

Access::Access(std::string file, std::string text, access::Policy policy)
    : file_(std::move(file)),
      text_(std::move(text)),
      policy_(std::move(policy), access::KnownMethods()),
      gate_(&policy_) {}

void Access::Refresh() {
  if (file_.empty()) return;
  auto text = ReadText(file_);
  if (!text.ok() || *text == text_) return;
  text_ = *std::move(text);
  const absl::Status status = policy_.Reload(text_);
  if (status.ok()) {
    log::Info("policy_read_again", {{"file", file_}});
  } else {
    log::Error("policy_is_wrong", {{"file", file_}, {"why", status.message()}, {"still_in_use", "the former one"}});
  }
}

}  // namespace mynumber::standalone
