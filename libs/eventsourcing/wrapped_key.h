#ifndef MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_
#define MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
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

inline absl::Status DataKeyMissing() {
  return absl::DataLossError(
      "the data key of an event is missing, and no record says that it was destroyed: restore the key table from a "
      "backup");
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_WRAPPED_KEY_H_
