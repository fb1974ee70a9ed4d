#ifndef MYNUMBER_SERVICES_CARD_SERVICE_PHOTOS_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_PHOTOS_H_

#include <memory>
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
// bound to resident and digest, so that whoever destroys the key destroys the picture. Any thread.
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

 private:
  PhotoStore(std::string folder, const ServiceKeys* keys) : folder_(std::move(folder)), keys_(keys) {}
  std::string PathOf(const eventsourcing::SubjectId& resident, std::string_view digest) const;

  const std::string folder_;
  const ServiceKeys* keys_;
};

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_PHOTOS_H_
