#ifndef MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_
#define MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/eventsourcing/vault.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"

namespace mynumber::eventsourcing {

// Whether of this key the id is all that there is.
inline bool IsDestroyed(const SubjectKey& key) { return key.master_version == 0; }

// Still wrapped; nothing if it is none.
inline std::optional<SubjectKey> ToSubjectKey(const eventlog::v1::WrappedKey& wrapped) {
  SubjectKey key;
  if (wrapped.key_id().size() == key.id.size() && wrapped.master_version() == 0) {
    std::copy(wrapped.key_id().begin(), wrapped.key_id().end(), key.id.begin());
    return key;
  }
  if (wrapped.key_id().size() != key.id.size() || wrapped.wrapped().size() != key.wrapped.size()) return std::nullopt;
  std::copy(wrapped.key_id().begin(), wrapped.key_id().end(), key.id.begin());
  std::copy(wrapped.wrapped().begin(), wrapped.wrapped().end(), key.wrapped.begin());
  key.master_version = wrapped.master_version();
  return key;
}

// As a log and a file hold it.
inline void ToWrapped(const SubjectKey& key, eventlog::v1::WrappedKey* wrapped) {
  wrapped->set_key_id(std::string(key.id_view()));
  wrapped->set_master_version(key.master_version);
  wrapped->set_wrapped(std::string(key.wrapped_view()));
}

// Of a key that is kept from now on: its secret, and wrapped by the newest master key whichever it was. Errors as of
// Vault::Unwrap.
inline absl::Status UnwrapToKeep(Vault* vault, SubjectKey* key) {
  absl::Status status = vault->Unwrap(key);
  if (status.ok() && key->master_version != vault->NewestMaster()) vault->Rewrap(key);
  return status;
}

// By key id, still wrapped; destroyed ones, too.
using KeyMap = absl::flat_hash_map<std::string, SubjectKey>;

// Of a batch's key block as PartitionLog::ReadKeyBlock gives it; a batch that brought none has no keys.
inline absl::StatusOr<KeyMap> ReadKeys(const absl::StatusOr<std::string>& bytes) {
  KeyMap keys;
  if (absl::IsNotFound(bytes.status())) return keys;
  if (!bytes.ok()) return bytes.status();
  eventlog::v1::KeyBlock block;
  if (!block.ParseFromString(*bytes)) return absl::DataLossError("a key block cannot be read");
  for (const eventlog::v1::WrappedKey& wrapped : block.keys()) {
    if (auto key = ToSubjectKey(wrapped)) keys[wrapped.key_id()] = *key;
  }
  return keys;
}

inline absl::Status DataKeyMissing() {
  return absl::DataLossError(
      "the data key of an event is missing, and no record says that it was destroyed: restore the key table from a "
      "backup");
}

// The keys that one batch brought along, read when the first of them is asked for.
class BatchKeys {
 public:
  using Read = std::function<absl::StatusOr<std::string>()>;

  // `read` must live as long as this.
  BatchKeys(const KeyBlockRef& block, const Read* read) : block_(block), read_(read) {}

  const KeyBlockRef& block() const { return block_; }
  // Still wrapped, or destroyed. DATA_LOSS: the batch brought no such key.
  absl::StatusOr<SubjectKey> Find(const std::string& key_id) {
    if (keys_.empty()) {
      auto read = ReadKeys((*read_)());
      if (!read.ok()) return read.status();
      keys_ = *std::move(read);
    }
    const auto found = keys_.find(key_id);
    if (found == keys_.end()) return DataKeyMissing();
    return found->second;
  }

 private:
  KeyBlockRef block_;
  const Read* read_;
  KeyMap keys_;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_
