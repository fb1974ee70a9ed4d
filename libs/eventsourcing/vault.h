#ifndef MYNUMBER_LIBS_EVENTSOURCING_VAULT_H_
#define MYNUMBER_LIBS_EVENTSOURCING_VAULT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::eventsourcing {

// A subject's data key as it is used and as it is stored.
struct SubjectKey {
  std::array<uint8_t, 16> id{};
  std::array<uint8_t, 32> secret{};
  uint32_t master_version = 0;
  std::array<uint8_t, 40> wrapped{};

  std::string_view id_view() const {
    return {reinterpret_cast<const char*>(id.data()), id.size()};
  }
  std::string_view wrapped_view() const {
    return {reinterpret_cast<const char*>(wrapped.data()), wrapped.size()};
  }
};

// Seals what a subject's events and rows say (P7). One for each thread: not thread-safe.
class Vault {
 public:
  virtual ~Vault() = default;

  // A fresh key, wrapped by the newest master key.
  virtual SubjectKey NewKey() = 0;
  // `key` with id, master_version and wrapped set: fills in the secret. NOT_FOUND: that master key is not here.
  // DATA_LOSS: the wrapping does not fit.
  virtual absl::Status Unwrap(SubjectKey* key) = 0;
  // The version of the newest master key: it wraps whatever NewKey makes.
  virtual uint32_t NewestMaster() const = 0;
  // A key with its secret, whichever master key wrapped it: by the newest from now on. The same bytes whoever does it.
  virtual void Rewrap(SubjectKey* key) = 0;
  // Appends the sealed bytes to `out`.
  virtual void Seal(const SubjectKey& key, std::string_view associated, std::string_view plain,
                    std::string* out) = 0;
  // DATA_LOSS: changed, or sealed for something else.
  virtual absl::Status Open(const SubjectKey& key, std::string_view associated,
                            std::string_view sealed, std::string* plain) = 0;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_VAULT_H_
