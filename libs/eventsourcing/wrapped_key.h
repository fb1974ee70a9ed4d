#ifndef MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_
#define MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_

#include <algorithm>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/eventsourcing/vault.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"

namespace mynumber::eventsourcing {

// Still wrapped; nothing if it is none.
inline std::optional<SubjectKey> ToSubjectKey(const eventlog::v1::WrappedKey& wrapped) {
  SubjectKey key;
  if (wrapped.key_id().size() != key.id.size() || wrapped.wrapped().size() != key.wrapped.size()) return std::nullopt;
  std::copy(wrapped.key_id().begin(), wrapped.key_id().end(), key.id.begin());
  std::copy(wrapped.wrapped().begin(), wrapped.wrapped().end(), key.wrapped.begin());
  key.master_version = wrapped.master_version();
  return key;
}

// By key id, still wrapped.
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

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_
