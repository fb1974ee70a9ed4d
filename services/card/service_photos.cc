#include "services/card/service_photos.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "libs/calendar/date.h"
#include "libs/sealing/running_hash.h"
#include "libs/whole_file/whole_file.h"
#include "services/card/domain/refusals.h"

namespace mynumber::card {
namespace {

using eventsourcing::SubjectId;
using eventsourcing::SubjectKey;

constexpr size_t kResidentBytes = 16;
constexpr int kYoungSeconds = 24 * 3600;

absl::Status Failed(const std::string& folder) {
  return absl::UnavailableError(absl::StrCat("a photograph could not be put into ", folder, " (",
                                             std::strerror(errno), "): see to its rights and the space on the disk"));
}

bool IsOld(const std::string& path) {
  struct stat seen;
  return stat(path.c_str(), &seen) == 0 && S_ISREG(seen.st_mode) && std::time(nullptr) - seen.st_mtime > kYoungSeconds;
}

// Kept again, from now on.
bool Renew(const std::string& path) { return utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0; }

std::string AssociatedData(const SubjectId& resident, std::string_view digest) {
  return std::string("photo").append(resident.view()).append(digest);
}

absl::Status RefusalOf(photo::PhotoVerdict verdict) {
  switch (verdict) {
    case photo::PhotoVerdict::kValid:
      return absl::OkStatus();
    case photo::PhotoVerdict::kNotJpeg:
      return refusals::PhotoNotJpeg();
    case photo::PhotoVerdict::kTooSmall:
      return refusals::PhotoTooSmall();
    case photo::PhotoVerdict::kTooLarge:
      return refusals::PhotoTooLarge();
    case photo::PhotoVerdict::kNotRgb:
      return refusals::PhotoNotRgb();
    case photo::PhotoVerdict::kTooFewPixels:
      return refusals::PhotoTooFewPixels();
    case photo::PhotoVerdict::kTooManyPixels:
      return refusals::PhotoTooManyPixels();
    case photo::PhotoVerdict::kCutOff:
    case photo::PhotoVerdict::kDamaged:
    case photo::PhotoVerdict::kTooManyScans:
      return refusals::PhotoDamaged();
    case photo::PhotoVerdict::kTakenInTheFuture:
      return refusals::PhotoInTheFuture();
    case photo::PhotoVerdict::kTooOld:
      return refusals::PhotoTooOld();
  }
  return refusals::PhotoDamaged();
}

}  // namespace

std::string PhotoDigest(std::string_view jpeg) {
  const sealing::Digest digest = sealing::Sha256(jpeg);
  return {digest.begin(), digest.end()};
}

absl::StatusOr<events::v1::Photo> JudgePhoto(std::string_view jpeg, calendar::Day today) {
  photo::PhotoFacts facts;
  const absl::Status refusal = RefusalOf(photo::Judge(jpeg, today, &facts));
  if (!refusal.ok()) return refusal;
  events::v1::Photo photo;
  photo.set_digest(PhotoDigest(jpeg));
  photo.set_size_bytes(static_cast<uint32_t>(jpeg.size()));
  photo.set_width_pixels(static_cast<uint32_t>(facts.width_pixels));
  photo.set_height_pixels(static_cast<uint32_t>(facts.height_pixels));
  if (facts.taken) *photo.mutable_taken_date() = calendar::ToDate(*facts.taken);
  return photo;
}

absl::StatusOr<std::unique_ptr<PhotoStore>> PhotoStore::Open(const std::string& folder, const ServiceKeys* keys) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const bool is_usable = !error && chmod(folder.c_str(), 0700) == 0 && whole_file::SyncFolder(folder);
  if (!is_usable) return absl::UnavailableError(absl::StrCat("cannot make a folder for photographs at ", folder));
  return std::unique_ptr<PhotoStore>(new PhotoStore(folder, keys));
}

std::string PhotoStore::PathOf(const SubjectId& resident, std::string_view digest) const {
  return absl::StrCat(folder_, "/", keys_->PhotoFileName(resident, digest));
}

absl::Status PhotoStore::Keep(const SubjectId& resident, const SubjectKey& key, eventsourcing::Vault* vault,
                              std::string_view digest, std::string_view jpeg) const {
  std::lock_guard<std::mutex> lock(keeping_);
  // What is there and can be opened is the same picture.
  if (Find(resident, key, vault, digest).ok() && Renew(PathOf(resident, digest))) {
    return whole_file::SyncFolder(folder_) ? absl::OkStatus() : Failed(folder_);
  }
  std::string sealed;
  vault->Seal(key, AssociatedData(resident, digest), jpeg, &sealed);
  sealed.insert(0, resident.view());
  return whole_file::Put(folder_, keys_->PhotoFileName(resident, digest), sealed) ? absl::OkStatus() : Failed(folder_);
}

absl::StatusOr<std::string> PhotoStore::Find(const SubjectId& resident, const SubjectKey& key,
                                             eventsourcing::Vault* vault, std::string_view digest) const {
  std::ifstream file(PathOf(resident, digest), std::ios::binary);
  if (!file) return refusals::PhotoLost();
  const std::string kept{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string_view view(kept);
  if (view.substr(0, kResidentBytes) != resident.view()) return refusals::PhotoLost();
  std::string jpeg;
  absl::Status status = vault->Open(key, AssociatedData(resident, digest), view.substr(kResidentBytes), &jpeg);
  if (!status.ok() || PhotoDigest(jpeg) != digest) return refusals::PhotoLost();
  return jpeg;
}

size_t PhotoStore::Sweep(const IsOfUse& is_of_use, size_t files_max) {
  if (!swept_) swept_.reset(opendir(folder_.c_str()));
  if (!swept_) return 0;
  size_t deleted = 0;
  for (size_t seen = 0; seen < files_max; ++seen) {
    const dirent* entry = readdir(swept_.get());
    if (entry == nullptr) {
      swept_.reset();
      break;
    }
    if (SweepOne(entry->d_name, is_of_use)) ++deleted;
  }
  return deleted;
}

bool PhotoStore::SweepOne(const std::string& name, const IsOfUse& is_of_use) const {
  const std::string path = absl::StrCat(folder_, "/", name);
  if (!IsOld(path)) return false;
  // What a crash left behind has this name still.
  if (name.rfind(whole_file::kBegun, 0) != 0) {
    std::string resident(kResidentBytes, '\0');
    std::ifstream file(path, std::ios::binary);
    if (!file.read(resident.data(), static_cast<std::streamsize>(kResidentBytes))) return false;
    if (is_of_use(SubjectId::FromBytes(resident), name)) return false;
  }
  std::lock_guard<std::mutex> lock(keeping_);
  return IsOld(path) && unlink(path.c_str()) == 0;
}

}  // namespace mynumber::card
