#include "libs/projection/rocks_status.h"

#include "absl/strings/str_cat.h"

namespace mynumber::projection {

absl::Status FromRocks(const rocksdb::Status& status, std::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(std::string(what), ": ", status.ToString());
  const bool full = status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit;
  return full ? absl::ResourceExhaustedError(text) : absl::UnavailableError(text);
}

absl::Status FromFailedOpen(const rocksdb::Status& status, const std::string& folder, std::string_view what) {
  if (status.IsIOError() && status.ToString().find(folder + "/LOCK: ") != std::string::npos) {
    return absl::FailedPreconditionError(
        absl::StrCat("another process uses ", folder, ": stop it first, or start with another --data"));
  }
  const absl::Status plain = FromRocks(status, what);
  if (!absl::IsResourceExhausted(plain)) return plain;
  return absl::ResourceExhaustedError(
      absl::StrCat("the disk of ", folder, " is full: make room there, then start again"));
}

}  // namespace mynumber::projection
