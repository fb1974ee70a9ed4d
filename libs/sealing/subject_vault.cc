#include "libs/sealing/subject_vault.h"

#include "absl/status/status.h"

namespace mynumber::sealing {

using eventsourcing::SubjectKey;

SubjectKey SubjectVault::NewKey() {
  SubjectKey key;
  key.id = chance_.Bytes<16>();
  key.secret = chance_.Bytes<32>();
  Rewrap(&key);
  return key;
}

absl::Status SubjectVault::Unwrap(SubjectKey* key) {
  absl::StatusOr<KeyBytes> secret = masters_.Unwrap(key->master_version, key->wrapped_view());
  if (!secret.ok()) return secret.status();
  key->secret = *secret;
  return absl::OkStatus();
}

void SubjectVault::Rewrap(SubjectKey* key) {
  const WrappedKey wrapped = masters_.Wrap(key->secret);
  key->master_version = wrapped.master_version;
  key->wrapped = wrapped.bytes;
}

void SubjectVault::Seal(const SubjectKey& key, std::string_view associated, std::string_view plain,
                        std::string* out) {
  sealer_.Seal(key.secret, chance_.Bytes<kNonceBytes>(), associated, plain, out);
}

absl::Status SubjectVault::Open(const SubjectKey& key, std::string_view associated,
                                std::string_view sealed, std::string* plain) {
  if (sealer_.Open(key.secret, associated, sealed, plain)) return absl::OkStatus();
  return absl::DataLossError("sealed data was changed, or sealed for something else");
}

}  // namespace mynumber::sealing
