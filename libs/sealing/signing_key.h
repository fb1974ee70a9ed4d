#ifndef MYNUMBER_LIBS_SEALING_SIGNING_KEY_H_
#define MYNUMBER_LIBS_SEALING_SIGNING_KEY_H_

#include <memory>
#include <string>
#include <string_view>

namespace mynumber::sealing {

// Signs statements that others keep and hold against us: Ed25519 (RFC 8032). Any number of threads may use one.
class SigningKey {
 public:
  // `seed`: 32 secret bytes.
  explicit SigningKey(std::string_view seed);

  // 64 bytes.
  std::string Sign(std::string_view statement) const;
  // 32 bytes, for everybody.
  std::string PublicKey() const;

 private:
  // OpenSSL's EVP_PKEY, kept out of this header.
  std::shared_ptr<void> key_;
};

// False for whatever is not a signature of the statement, of any size.
bool IsSignature(std::string_view public_key, std::string_view statement, std::string_view signature);

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_SIGNING_KEY_H_
