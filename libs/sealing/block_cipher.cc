#include "libs/sealing/block_cipher.h"

#include <openssl/evp.h>

#include <cassert>

#include "libs/sealing/require.h"

namespace mynumber::sealing {
namespace {

const EVP_CIPHER* CipherFor(size_t key_bytes) {
  switch (key_bytes) {
    case 16:
      return EVP_aes_128_ecb();
    case 24:
      return EVP_aes_192_ecb();
    case 32:
      return EVP_aes_256_ecb();
    default:
      assert(false && "an AES key has 16, 24 or 32 bytes");
      return nullptr;
  }
}

}  // namespace

void BlockCipher::Free::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

BlockCipher::Context BlockCipher::MakeContext(std::string_view key, bool encrypt) {
  Context context(EVP_CIPHER_CTX_new());
  Require(context != nullptr, "making a cipher context");
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  Require(EVP_CipherInit_ex(context.get(), CipherFor(key.size()), nullptr, bytes, nullptr,
                            encrypt) == 1,
          "setting an AES key");
  // Padding would hold each block back until the next.
  Require(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1, "setting a cipher without padding");
  return context;
}

BlockCipher::BlockCipher(std::string_view key)
    : encrypt_(MakeContext(key, true)), decrypt_(MakeContext(key, false)) {}

void BlockCipher::Encrypt(const uint8_t in[16], uint8_t out[16]) {
  int size = 0;
  Require(EVP_EncryptUpdate(encrypt_.get(), out, &size, in, 16) == 1 && size == 16,
          "encrypting a block");
}

void BlockCipher::Decrypt(const uint8_t in[16], uint8_t out[16]) {
  int size = 0;
  Require(EVP_DecryptUpdate(decrypt_.get(), out, &size, in, 16) == 1 && size == 16,
          "decrypting a block");
}

void BlockCipher::Call(void* block_cipher, const uint8_t in[16], uint8_t out[16]) {
  static_cast<BlockCipher*>(block_cipher)->Encrypt(in, out);
}

}  // namespace mynumber::sealing
