#ifndef MYNUMBER_LIBS_SEALING_MASTER_KEYS_H_
#define MYNUMBER_LIBS_SEALING_MASTER_KEYS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/sealing/block_cipher.h"
#include "libs/sealing/data_key.h"

namespace mynumber::sealing {

constexpr size_t kWrappedKeyBytes = 40;

// A data key as it is stored: readable for whoever has this version of the master key.
struct WrappedKey {
  uint32_t master_version;
  std::array<uint8_t, kWrappedKeyBytes> bytes;
};

// The master keys by version: wrap data keys by AES-256 key wrap (RFC 3394). New keys are wrapped
// by the newest version; old versions only unwrap, until they are destroyed and with them all that
// only they wrapped (P7). Keeps cipher contexts: one thread at a time, one object for each
// partition loop.
class MasterKeys {
 public:
  // 32 bytes; a version that is already there, or 0, aborts.
  void Add(uint32_t version, std::string_view key);

  // 0 if there is none, then Wrap aborts.
  uint32_t newest_version() const { return ciphers_.empty() ? 0 : ciphers_.rbegin()->first; }

  // Under the newest version.
  WrappedKey Wrap(const KeyBytes& key);

  // NOT_FOUND: no such version here. DATA_LOSS: not wrapped by this version, or changed since.
  absl::StatusOr<KeyBytes> Unwrap(uint32_t master_version, std::string_view wrapped);

 private:
  std::map<uint32_t, BlockCipher> ciphers_;
};

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_MASTER_KEYS_H_
