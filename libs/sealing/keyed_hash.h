#ifndef MYNUMBER_LIBS_SEALING_KEYED_HASH_H_
#define MYNUMBER_LIBS_SEALING_KEYED_HASH_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "libs/sealing/running_hash.h"

namespace mynumber::sealing {

// HMAC-SHA256 (RFC 2104) of bytes under a key of any length.
Digest HmacSha256(std::string_view key, std::string_view bytes);

// Looks up and compares personal data without keeping it: HMAC-SHA256 under HMAC-SHA256(key,
// label), so that hashes of different labels tell nothing about each other. Parts are hashed each
// behind its length (4 bytes, big-endian): ("ab", "c") and ("a", "bc") differ. Any number of
// threads may use one object.
class KeyedHash {
 public:
  // The label names the use for ever, for example "name lookup".
  KeyedHash(std::string_view key, std::string_view label);
  ~KeyedHash();
  KeyedHash(const KeyedHash&) = default;
  KeyedHash& operator=(const KeyedHash&) = default;

  // std::string_view or what turns into one, for each part.
  template <typename... Parts>
  Digest Hash32(const Parts&... parts) const {
    return HashParts({std::string_view(parts)...});
  }

  // The first 16 bytes: what resource ids and row keys are made of.
  template <typename... Parts>
  std::array<uint8_t, 16> Hash16(const Parts&... parts) const {
    return FirstHalf(HashParts({std::string_view(parts)...}));
  }

 private:
  Digest HashParts(std::initializer_list<std::string_view> parts) const;
  static std::array<uint8_t, 16> FirstHalf(const Digest& digest);

  // The hash's states behind the padded key: half of HMAC's work is done once.
  // OpenSSL's SHA256_CTX, kept out of this header.
  struct State {
    alignas(8) uint8_t bytes[112];
  };
  State inner_;
  State outer_;
};

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_KEYED_HASH_H_
