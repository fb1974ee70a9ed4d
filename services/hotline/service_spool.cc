#include "services/hotline/service_spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/wrapped_key.h"
#include "libs/log/log.h"
#include "libs/whole_file/whole_file.h"

namespace mynumber::hotline {
namespace {

constexpr char kWhole[] = ".sealed";
constexpr char kBegun[] = ".begun";
constexpr char kUnreadable[] = ".unreadable";

absl::Status Failed(const char* what) {
  return absl::UnavailableError(absl::StrCat("the spool cannot ", what, ": ", std::generic_category().message(errno)));
}

absl::Status SyncFolder(const std::string& folder) {
  return whole_file::SyncFolder(folder) ? absl::OkStatus() : Failed("sync its folder");
}

absl::StatusOr<rows::v1::SpooledSuspension> Unseal(const std::string& bytes, const std::string& name,
                                                   eventsourcing::Vault* vault) {
  rows::v1::SpoolFile file;
  rows::v1::SpooledSuspension suspension;
  if (!file.ParseFromString(bytes)) return absl::DataLossError("it is cut off or changed");
  auto key = eventsourcing::ToSubjectKey(file.key());
  if (!key) return absl::DataLossError("it has no key");
  absl::Status status = vault->Unwrap(&*key);
  std::string plain;
  if (status.ok()) status = vault->Open(*key, name, file.sealed(), &plain);
  if (!status.ok()) return status;
  if (!suspension.ParseFromString(plain)) return absl::DataLossError("it is no suspension");
  return suspension;
}

}  // namespace

Spool::Spool(std::string folder, size_t files_max, Step step)
    : folder_(std::move(folder)), files_max_(files_max), step_(std::move(step)) {}

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(const std::string& folder, size_t files_max, Step step) {
  std::unique_ptr<Spool> spool(new Spool(folder, files_max, std::move(step)));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", folder, ": ", error.message()));
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (absl::EndsWith(name, kWhole)) spool->names_.insert(name);
    // Nobody was told that it is kept.
    if (absl::EndsWith(name, kBegun)) unlink(entry.path().c_str());
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot look into ", folder, ": ", error.message()));
  absl::Status status = SyncFolder(folder);
  if (status.ok()) status = SyncFolder(std::filesystem::path(folder).parent_path().string());
  if (!status.ok()) return status;
  return spool;
}

absl::Status Spool::Keep(const rows::v1::SpooledSuspension& suspension, eventsourcing::Vault* vault) {
  const std::string name = absl::StrCat(absl::BytesToHexString(suspension.request_id()), kWhole);
  const eventsourcing::SubjectKey key = vault->NewKey();
  rows::v1::SpoolFile file;
  eventsourcing::ToWrapped(key, file.mutable_key());
  vault->Seal(key, name, suspension.SerializeAsString(), file.mutable_sealed());
  std::lock_guard<std::mutex> lock(mutex_);
  if (names_.count(name) > 0) return absl::OkStatus();
  if (names_.size() >= files_max_) return absl::ResourceExhaustedError("the spool is full");
  absl::Status status = Write(name, file.SerializeAsString());
  if (status.ok()) names_.insert(name);
  return status;
}

absl::Status Spool::Write(const std::string& name, const std::string& bytes) {
  const std::string path = absl::StrCat(folder_, "/", name), begun = absl::StrCat(path, kBegun);
  absl::Status status;
  {
    const whole_file::OpenFile file(
        open(begun.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.get() < 0 || !whole_file::WriteAll(file.get(), bytes)) status = Failed("write");
    if (status.ok()) status = After(SpoolStep::kWritten);
    if (status.ok() && fsync(file.get()) != 0) status = Failed("sync");
    if (status.ok()) status = After(SpoolStep::kFileSynced);
  }
  if (status.ok() && rename(begun.c_str(), path.c_str()) != 0) status = Failed("rename");
  if (status.ok()) status = After(SpoolStep::kRenamed);
  if (status.ok()) status = SyncFolder(folder_);
  if (status.ok()) status = After(SpoolStep::kFolderSynced);
  if (status.ok()) return status;
  unlink(begun.c_str());
  unlink(path.c_str());
  return status;
}

std::vector<Spool::Kept> Spool::Read(size_t count_max, const std::string& after, eventsourcing::Vault* vault) {
  std::vector<std::string> names;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto begin = names_.upper_bound(after);
    names.assign(begin, names_.end());
    names.insert(names.end(), names_.begin(), begin);
    if (names.size() > count_max) names.resize(count_max);
  }
  std::vector<Kept> kept;
  for (const std::string& name : names) {
    std::ifstream file(absl::StrCat(folder_, "/", name), std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    auto suspension = Unseal(bytes.str(), name, vault);
    if (suspension.ok()) {
      kept.push_back({name, *std::move(suspension)});
    } else if (!absl::IsUnavailable(suspension.status())) {
      log::Error("spool_file_unreadable", {{"file", name}, {"why", std::string(suspension.status().message())}});
      PutAside(name);
    }
  }
  return kept;
}

void Spool::PutAside(const std::string& name) {
  std::lock_guard<std::mutex> lock(mutex_);
  const std::string path = absl::StrCat(folder_, "/", name);
  if (rename(path.c_str(), absl::StrCat(path, kUnreadable).c_str()) == 0) names_.erase(name);
}

absl::Status Spool::Remove(const std::string& name) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (unlink(absl::StrCat(folder_, "/", name).c_str()) != 0 && errno != ENOENT) return Failed("remove a file");
  names_.erase(name);
  // A file that comes back after a crash is asked for once more, and changes nothing.
  return absl::OkStatus();
}

size_t Spool::size() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return names_.size();
}

}  // namespace mynumber::hotline
