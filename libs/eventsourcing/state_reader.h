#ifndef MYNUMBER_LIBS_EVENTSOURCING_STATE_READER_H_
#define MYNUMBER_LIBS_EVENTSOURCING_STATE_READER_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/eventsourcing/rows.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/eventsourcing/vault.h"
#include "libs/eventsourcing/wrapped_key.h"

namespace mynumber::eventsourcing {

// Reads an aggregate's row outside of its loop. False, and `state` untouched, if it is unknown. `key`, if given,
// becomes the subject's data key, for its other sealed rows.
template <class State>
absl::StatusOr<bool> ReadState(const Rows& rows, const SubjectId& subject, Vault* vault, State* state,
                               SubjectKey* key = nullptr) {
  std::string value;
  absl::StatusOr<bool> found = rows.Get(StateKey(subject), &value);
  if (!found.ok() || !*found) return found;
  auto row = DecodeStateRow(value);
  if (!row.ok()) return row.status();
  if (IsDestroyed(row->key)) return DataKeyMissing();
  absl::Status status = vault->Unwrap(&row->key);
  if (!status.ok()) return status;
  std::string plain;
  status = vault->Open(row->key, StateAssociatedData(subject), row->sealed, &plain);
  if (!status.ok()) return status;
  if (!state->ParseFromString(plain)) return absl::DataLossError("a state row cannot be read");
  if (key != nullptr) *key = row->key;
  return true;
}

// What was said of a subject's erasing; nothing if there was none.
inline absl::StatusOr<std::optional<eventlog::v1::ErasedSubject>> ReadErased(const Rows& rows,
                                                                             const SubjectId& subject) {
  std::optional<eventlog::v1::ErasedSubject> erased;
  std::string value;
  absl::StatusOr<bool> found = rows.Get(ErasedKey(subject), &value);
  if (!found.ok()) return found.status();
  if (!*found || erased.emplace().ParseFromString(value)) return erased;
  return absl::DataLossError("the row of an erased subject cannot be read");
}

// Opens the value of a row that was projected as kPutSealed.
inline absl::Status OpenSealedRow(std::string_view row_key, std::string_view value, const SubjectKey& key,
                                  Vault* vault, std::string* plain) {
  if (value.size() < 16) return absl::DataLossError("a sealed row is too short");
  return vault->Open(key, row_key, value.substr(16), plain);
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_STATE_READER_H_
