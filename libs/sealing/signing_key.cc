#include "libs/sealing/signing_key.h"

#include <openssl/evp.h>

#include "libs/sealing/require.h"

namespace mynumber::sealing {
namespace {

constexpr size_t kSignatureBytes = 64;
constexpr size_t kKeyBytes = 32;

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

}  // namespace

SigningKey::SigningKey(std::string_view seed)
    : key_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(seed), seed.size()),
           [](void* key) { EVP_PKEY_free(static_cast<EVP_PKEY*>(key)); }) {
  Require(key_ != nullptr, "a signing key");
}

std::string SigningKey::Sign(std::string_view statement) const {
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  Require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                                        static_cast<EVP_PKEY*>(key_.get())) == 1 &&
              EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                             Bytes(statement), statement.size()) == 1 &&
              size == kSignatureBytes,
          "signing");
  return signature;
}

std::string SigningKey::PublicKey() const {
  std::string bytes(kKeyBytes, '\0');
  size_t size = bytes.size();
  Require(EVP_PKEY_get_raw_public_key(static_cast<EVP_PKEY*>(key_.get()),
                                      reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1 &&
              size == kKeyBytes,
          "a public key");
  return bytes;
}

bool IsSignature(std::string_view public_key, std::string_view statement, std::string_view signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()), EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(statement), statement.size()) == 1;
}

}  // namespace mynumber::sealing
