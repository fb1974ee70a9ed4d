#include "libs/sealing/master_keys.h"

#include <openssl/crypto.h>

#include <cassert>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace mynumber::sealing {
namespace {

// RFC 3394 section 2.2.1 for four blocks of key data, on a kept context: OpenSSL's own key wrap
// takes four times as long, since it does not use AES-NI.
constexpr int kBlocks = 4;
constexpr int kPasses = 6;
constexpr uint8_t kInitialValue[8] = {0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6};

void WrapBlocks(BlockCipher* cipher, const KeyBytes& key, uint8_t* wrapped) {
  uint8_t block[16];
  std::memcpy(block, kInitialValue, 8);
  std::memcpy(wrapped + 8, key.data(), key.size());
  for (int step = 1; step <= kBlocks * kPasses; ++step) {
    uint8_t* const part = wrapped + 8 + 8 * ((step - 1) % kBlocks);
    std::memcpy(block + 8, part, 8);
    cipher->Encrypt(block, block);
    block[7] ^= static_cast<uint8_t>(step);
    std::memcpy(part, block + 8, 8);
  }
  std::memcpy(wrapped, block, 8);
}

// False if the initial value does not come back: another key, or changed bytes.
bool UnwrapBlocks(BlockCipher* cipher, std::string_view wrapped, KeyBytes* key) {
  uint8_t block[16];
  std::memcpy(block, wrapped.data(), 8);
  std::memcpy(key->data(), wrapped.data() + 8, key->size());
  for (int step = kBlocks * kPasses; step >= 1; --step) {
    uint8_t* const part = key->data() + 8 * ((step - 1) % kBlocks);
    block[7] ^= static_cast<uint8_t>(step);
    std::memcpy(block + 8, part, 8);
    cipher->Decrypt(block, block);
    std::memcpy(part, block + 8, 8);
  }
  const bool genuine = CRYPTO_memcmp(block, kInitialValue, 8) == 0;
  OPENSSL_cleanse(block, sizeof block);
  return genuine;
}

}  // namespace

void MasterKeys::Add(uint32_t version, std::string_view key) {
  assert(version > 0 && key.size() == sizeof(KeyBytes) &&
         "a master key has 32 bytes and a version from 1");
  const bool added = ciphers_.emplace(version, BlockCipher(key)).second;
  assert(added && "two master keys of one version");
  (void)added;
}

WrappedKey MasterKeys::Wrap(const KeyBytes& key) {
  assert(!ciphers_.empty() && "no master key to wrap with");
  WrappedKey wrapped;
  wrapped.master_version = ciphers_.rbegin()->first;
  WrapBlocks(&ciphers_.rbegin()->second, key, wrapped.bytes.data());
  return wrapped;
}

absl::StatusOr<KeyBytes> MasterKeys::Unwrap(uint32_t master_version, std::string_view wrapped) {
  const auto cipher = ciphers_.find(master_version);
  if (cipher == ciphers_.end()) {
    return absl::NotFoundError(
        absl::StrCat("The keyring has no master key of version ", master_version,
                     ": load the keyring that has it; if it was destroyed, what it "
                     "wrapped is gone for good."));
  }
  KeyBytes key{};
  if (wrapped.size() == kWrappedKeyBytes && UnwrapBlocks(&cipher->second, wrapped, &key))
    return key;
  OPENSSL_cleanse(key.data(), key.size());
  return absl::DataLossError(
      absl::StrCat("A wrapped data key does not open under master key version ", master_version,
                   ": it is damaged, or the keyring is that of another cluster."));
}

}  // namespace mynumber::sealing
