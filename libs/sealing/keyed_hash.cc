#include "libs/sealing/keyed_hash.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <cstring>

namespace mynumber::sealing {

// As in running_hash.cc: and EVP could not keep the two states in plain memory that threads share.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace {

constexpr size_t kBlockBytes = 64;

void StartPadded(const uint8_t (&key)[kBlockBytes], uint8_t pad, SHA256_CTX* state) {
  uint8_t padded[kBlockBytes];
  for (size_t i = 0; i < kBlockBytes; ++i) padded[i] = key[i] ^ pad;
  SHA256_Init(state);
  SHA256_Update(state, padded, kBlockBytes);
  OPENSSL_cleanse(padded, sizeof padded);
}

void Start(std::string_view key, SHA256_CTX* inner, SHA256_CTX* outer) {
  uint8_t block[kBlockBytes] = {};
  if (key.size() > kBlockBytes) {
    const Digest digest = Sha256(key);
    std::memcpy(block, digest.data(), digest.size());
  } else {
    std::memcpy(block, key.data(), key.size());
  }
  StartPadded(block, 0x36, inner);
  StartPadded(block, 0x5c, outer);
  OPENSSL_cleanse(block, sizeof block);
}

Digest Finish(SHA256_CTX* inner, SHA256_CTX* outer) {
  Digest digest;
  SHA256_Final(digest.data(), inner);
  SHA256_Update(outer, digest.data(), digest.size());
  SHA256_Final(digest.data(), outer);
  return digest;
}

size_t WriteLength(size_t length, uint8_t* out) {
  const uint32_t big_endian = __builtin_bswap32(static_cast<uint32_t>(length));
  std::memcpy(out, &big_endian, sizeof big_endian);
  return sizeof big_endian;
}

}  // namespace

Digest HmacSha256(std::string_view key, std::string_view bytes) {
  SHA256_CTX inner, outer;
  Start(key, &inner, &outer);
  SHA256_Update(&inner, bytes.data(), bytes.size());
  // SHA256_Final wipes what it is given.
  return Finish(&inner, &outer);
}

KeyedHash::KeyedHash(std::string_view key, std::string_view label) {
  static_assert(sizeof(State) == sizeof(SHA256_CTX));
  Digest derived = HmacSha256(key, label);
  SHA256_CTX inner, outer;
  Start({reinterpret_cast<const char*>(derived.data()), derived.size()}, &inner, &outer);
  std::memcpy(&inner_, &inner, sizeof inner);
  std::memcpy(&outer_, &outer, sizeof outer);
  OPENSSL_cleanse(&inner, sizeof inner);
  OPENSSL_cleanse(&outer, sizeof outer);
  OPENSSL_cleanse(derived.data(), derived.size());
}

KeyedHash::~KeyedHash() {
  OPENSSL_cleanse(&inner_, sizeof inner_);
  OPENSSL_cleanse(&outer_, sizeof outer_);
}

Digest KeyedHash::HashParts(std::initializer_list<std::string_view> parts) const {
  SHA256_CTX inner, outer;
  std::memcpy(&inner, &inner_, sizeof inner);
  std::memcpy(&outer, &outer_, sizeof outer);
  // Short parts are gathered: each call of the hash costs more than its bytes.
  uint8_t gathered[256];
  size_t used = 0;
  for (std::string_view part : parts) {
    if (used + sizeof(uint32_t) + part.size() > sizeof gathered) {
      SHA256_Update(&inner, gathered, used);
      used = 0;
    }
    used += WriteLength(part.size(), gathered + used);
    if (used + part.size() > sizeof gathered) {
      SHA256_Update(&inner, gathered, used);
      SHA256_Update(&inner, part.data(), part.size());
      used = 0;
    } else {
      std::memcpy(gathered + used, part.data(), part.size());
      used += part.size();
    }
  }
  SHA256_Update(&inner, gathered, used);
  return Finish(&inner, &outer);
}

std::array<uint8_t, 16> KeyedHash::FirstHalf(const Digest& digest) {
  std::array<uint8_t, 16> half;
  std::memcpy(half.data(), digest.data(), half.size());
  return half;
}

}  // namespace mynumber::sealing
