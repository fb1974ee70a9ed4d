#include "libs/sealing/seeded_chance.h"

#include <openssl/evp.h>

#include <cstring>
#include <memory>
#include <string_view>

#include "libs/sealing/require.h"
#include "libs/sealing/running_hash.h"

namespace mynumber::sealing {

// The key stream of AES-256-CTR under SHA-256 of the seed.
FillRandom SeededRandom(uint64_t seed) {
  const uint64_t big_endian = __builtin_bswap64(seed);
  const Digest key = Sha256({reinterpret_cast<const char*>(&big_endian), sizeof big_endian});
  const uint8_t counter[16] = {};
  const std::shared_ptr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  Require(context != nullptr, "making a cipher context");
  Require(EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, key.data(), counter) == 1,
          "setting a seed");
  return [context](uint8_t* bytes, size_t size) {
    int written = 0;
    std::memset(bytes, 0, size);
    Require(EVP_EncryptUpdate(context.get(), bytes, &written, bytes, static_cast<int>(size)) == 1,
            "drawing seeded bytes");
  };
}

}  // namespace mynumber::sealing
