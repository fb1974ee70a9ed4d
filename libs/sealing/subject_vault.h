#ifndef MYNUMBER_LIBS_SEALING_SUBJECT_VAULT_H_
#define MYNUMBER_LIBS_SEALING_SUBJECT_VAULT_H_

#include "libs/eventsourcing/vault.h"
#include "libs/sealing/chance.h"
#include "libs/sealing/data_key.h"
#include "libs/sealing/master_keys.h"

namespace mynumber::sealing {

// The engine's vault over AES-256-GCM and AES key wrap. One thread at a time.
class SubjectVault : public eventsourcing::Vault {
 public:
  explicit SubjectVault(MasterKeys masters) : masters_(std::move(masters)) {}

  eventsourcing::SubjectKey NewKey() override;
  absl::Status Unwrap(eventsourcing::SubjectKey* key) override;
  uint32_t NewestMaster() const override { return masters_.newest_version(); }
  void Rewrap(eventsourcing::SubjectKey* key) override;
  void Seal(const eventsourcing::SubjectKey& key, std::string_view associated, std::string_view plain,
            std::string* out) override;
  absl::Status Open(const eventsourcing::SubjectKey& key, std::string_view associated,
                    std::string_view sealed, std::string* plain) override;

 private:
  MasterKeys masters_;
  Sealer sealer_;
  Chance chance_;
};

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_SUBJECT_VAULT_H_
