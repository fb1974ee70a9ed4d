#ifndef MYNUMBER_TESTS_SIMULATION_PLAIN_VAULT_H_
#define MYNUMBER_TESTS_SIMULATION_PLAIN_VAULT_H_

#include <string>
#include <string_view>

#include "libs/eventsourcing/vault.h"
#include "tests/simulation/dice.h"

namespace mynumber::simulation {

// 64 bits of a text: quick, stable, and no cipher.
uint64_t Mix(std::string_view text, uint64_t start = 0);

// A ChainHash for tests: 32 bytes, as SHA-256 gives.
std::string PlainChain(std::string_view previous, std::string_view record);

// A vault that hides nothing, but notices another key, other associated data and changed bytes as a real one does.
class PlainVault : public eventsourcing::Vault {
 public:
  explicit PlainVault(uint64_t seed) : dice_(seed) {}

  eventsourcing::SubjectKey NewKey() override;
  absl::Status Unwrap(eventsourcing::SubjectKey* key) override;
  uint32_t NewestMaster() const override { return newest_master; }
  void Rewrap(eventsourcing::SubjectKey* key) override;
  void Seal(const eventsourcing::SubjectKey& key, std::string_view associated, std::string_view plain,
            std::string* out) override;
  absl::Status Open(const eventsourcing::SubjectKey& key, std::string_view associated, std::string_view sealed,
                    std::string* plain) override;

  // Master keys are there from the oldest to the newest.
  uint32_t oldest_master = 1;
  uint32_t newest_master = 1;

 private:
  Dice dice_;
};

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_PLAIN_VAULT_H_
