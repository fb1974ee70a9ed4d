#ifndef MYNUMBER_SERVICES_CARD_SERVICE_PHOTOS_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_PHOTOS_H_

#include <dirent.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/subject.h"
#include "libs/eventsourcing/vault.h"
#include "libs/photo/photo.h"
#include "mynumber/card/events/v1/events.pb.h"
#include "services/card/service_keys.h"

namespace mynumber::card {

// SHA-256, 32 bytes.
std::string PhotoDigest(std::string_view jpeg);

// OK and what the event says of it, or the refusal. Takes up to a second, and memory: see photo::Judge.
absl::StatusOr<events::v1::Photo> JudgePhoto(std::string_view jpeg, calendar::Day today);

// Photographs, apart from the events that name them by digest: one file each, sealed with the resident's data key and
// bound to resident and digest, so that whoever destroys the key destroys the picture. A file begins with the
// resident's id, 16 bytes, by which the sweep finds whose it is. Any thread.
class PhotoStore {
 public:
  // Makes the folder. UNAVAILABLE, as a sentence for an operator, if it cannot. `keys` must outlive the store.
  static absl::StatusOr<std::unique_ptr<PhotoStore>> Open(const std::string& folder, const ServiceKeys* keys);

  // On disk for good, its name too, when this returns OK. The same again changes nothing. `vault` is the calling
  // thread's, `key` the resident's, unwrapped. UNAVAILABLE: try again later.
  absl::Status Keep(const eventsourcing::SubjectId& resident, const eventsourcing::SubjectKey& key,
                    eventsourcing::Vault* vault, std::string_view digest, std::string_view jpeg) const;

  // PHOTO_LOST if the file is not there, or is not what was kept.
  absl::StatusOr<std::string> Find(const eventsourcing::SubjectId& resident, const eventsourcing::SubjectKey& key,
                                   eventsourcing::Vault* vault, std::string_view digest) const;

  // Whether the file of this name (ServiceKeys::PhotoFileName) may still be of use; true if that is not known now.
  using IsOfUse = std::function<bool(const eventsourcing::SubjectId& resident, std::string_view file_name)>;
  // Deletes what is of no use and was kept, or kept again, more than a day ago by the disk's clock: a photograph is
  // kept before its command is sent, so a younger one may still come to be named. Looks at `files_max` files at most
  // and goes on there the next time. Returns how many it deleted. One thread.
  size_t Sweep(const IsOfUse& is_of_use, size_t files_max);

 private:
  struct CloseFolder {
    void operator()(DIR* folder) const { closedir(folder); }
  };

  PhotoStore(std::string folder, const ServiceKeys* keys) : folder_(std::move(folder)), keys_(keys) {}
  bool SweepOne(const std::string& name, const IsOfUse& is_of_use) const;
  std::string PathOf(const eventsourcing::SubjectId& resident, std::string_view digest) const;

  const std::string folder_;
  const ServiceKeys* keys_;
  // What is being kept is not deleted meanwhile.
  mutable std::mutex keeping_;
  // Where the sweep is.
  std::unique_ptr<DIR, CloseFolder> swept_;
};

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_PHOTOS_H_
