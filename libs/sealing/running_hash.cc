#include "libs/sealing/running_hash.h"

#include <openssl/sha.h>

#include <algorithm>

namespace mynumber::sealing {

// The low-level calls are deprecated in favour of EVP, whose look-ups cost three times the hash of
// a record.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

Digest Chain(const Digest& previous, std::string_view bytes) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, previous.data(), previous.size());
  SHA256_Update(&state, bytes.data(), bytes.size());
  Digest digest;
  SHA256_Final(digest.data(), &state);
  return digest;
}

std::string ChainBytes(std::string_view previous, std::string_view bytes) {
  Digest from{};
  std::copy_n(previous.begin(), std::min(previous.size(), from.size()), from.begin());
  const Digest next = Chain(from, bytes);
  return {next.begin(), next.end()};
}

Digest Sha256(std::string_view bytes) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, bytes.data(), bytes.size());
  Digest digest;
  SHA256_Final(digest.data(), &state);
  return digest;
}

}  // namespace mynumber::sealing
