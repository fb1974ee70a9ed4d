#ifndef MYNUMBER_LIBS_TOKEN_TOKEN_KEY_H_
#define MYNUMBER_LIBS_TOKEN_TOKEN_KEY_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::token {

constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;

// An AES key that lies in a PKCS#11 token and never leaves it: the token seals and opens with it, AES-256-GCM. One
// thread at a time.
class TokenKey {
 public:
  virtual ~TokenKey() = default;

  // By its URI (RFC 7512), which names the token, the key, the module that speaks with the token, and the file with the
  // PIN, on its first line: "pkcs11:token=TOKEN;object=KEY?module-path=/usr/lib/...so&pin-source=/etc/...".
  //
  // INVALID_ARGUMENT: no such URI, or one that lacks a part. NOT_FOUND: no such token, or not exactly one such key in
  // it. PERMISSION_DENIED: it does not take the PIN. UNAVAILABLE: module, token or the PIN's file does not answer.
  // Each message is a sentence that says what to do, and holds no PIN.
  static absl::StatusOr<std::unique_ptr<TokenKey>> Find(const std::string& uri);

  // Makes the key that the URI names: 256 bits, for sealing and opening alone, and nobody gets it out of the token.
  // ALREADY_EXISTS: the token has one of this name. Otherwise as Find.
  static absl::Status Make(const std::string& uri);

  // Ciphertext and tag, bound to what is associated. `nonce`: kNonceBytes that were never used with this key.
  virtual absl::StatusOr<std::string> Seal(std::string_view nonce, std::string_view plain,
                                           std::string_view associated) = 0;
  // Into `plain` within its capacity, so that it leaves no copy behind. DATA_LOSS: another key sealed it, or it was
  // changed.
  virtual absl::Status Open(std::string_view nonce, std::string_view sealed, std::string_view associated,
                            std::string* plain) = 0;
};

}  // namespace mynumber::token

#endif  // MYNUMBER_LIBS_TOKEN_TOKEN_KEY_H_
