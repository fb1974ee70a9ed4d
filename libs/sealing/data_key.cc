#include "libs/sealing/data_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cassert>
#include <climits>
#include <cstring>

#include "libs/sealing/require.h"

namespace mynumber::sealing {
namespace {

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}
uint8_t* Bytes(std::string* text, size_t at) {
  return reinterpret_cast<uint8_t*>(text->data() + at);
}

// GCM through EVP's parameters: its older control calls translate into these at each call.
void ReadTag(EVP_CIPHER_CTX* context, uint8_t* tag) {
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, kTagBytes),
      OSSL_PARAM_construct_end()};
  Require(EVP_CIPHER_CTX_get_params(context, params) == 1, "reading a tag");
}

void WriteTag(EVP_CIPHER_CTX* context, const uint8_t* tag) {
  uint8_t copy[kTagBytes];
  std::memcpy(copy, tag, kTagBytes);
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, copy, kTagBytes),
      OSSL_PARAM_construct_end()};
  Require(EVP_CIPHER_CTX_set_params(context, params) == 1, "setting a tag");
}

}  // namespace

void Sealer::Free::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

Sealer::Direction::~Direction() { OPENSSL_cleanse(key.data(), key.size()); }

Sealer::Sealer() {
  // Fetched once: EVP_aes_256_gcm() is looked up again at each set-up.
  EVP_CIPHER* const gcm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  Require(gcm != nullptr, "finding AES-256-GCM");
  for (Direction* direction : {&seal_, &open_}) {
    direction->context.reset(EVP_CIPHER_CTX_new());
    Require(direction->context != nullptr, "making a cipher context");
    Require(EVP_CipherInit_ex2(direction->context.get(), gcm, nullptr, nullptr, direction == &seal_,
                               nullptr) == 1,
            "setting up AES-256-GCM");
  }
  EVP_CIPHER_free(gcm);
}

void Sealer::Start(Direction* direction, const KeyBytes& key, const uint8_t* nonce,
                   std::string_view associated_data) {
  assert(associated_data.size() <= INT_MAX && "associated data of more than 2 GiB");
  const bool same_key = direction->has_key && direction->key == key;
  Require(EVP_CipherInit_ex2(direction->context.get(), nullptr, same_key ? nullptr : key.data(),
                             nonce, direction == &seal_, nullptr) == 1,
          "setting a data key");
  direction->key = key;
  direction->has_key = true;
  if (associated_data.empty()) return;
  int size = 0;
  Require(EVP_CipherUpdate(direction->context.get(), nullptr, &size, Bytes(associated_data),
                           static_cast<int>(associated_data.size())) == 1,
          "taking associated data");
}

void Sealer::Seal(const KeyBytes& key, const Nonce& nonce, std::string_view associated_data,
                  std::string_view plain, std::string* out) {
  assert(plain.size() <= INT_MAX && "a text of more than 2 GiB");
  const size_t begin = out->size();
  out->resize(begin + kSealBytes + plain.size());
  std::memcpy(out->data() + begin, nonce.data(), kNonceBytes);
  uint8_t* const cipher = Bytes(out, begin + kNonceBytes);
  EVP_CIPHER_CTX* const context = seal_.context.get();
  Start(&seal_, key, nonce.data(), associated_data);
  int size = 0;
  if (!plain.empty()) {
    Require(EVP_EncryptUpdate(context, cipher, &size, Bytes(plain),
                              static_cast<int>(plain.size())) == 1,
            "sealing");
  }
  Require(EVP_EncryptFinal_ex(context, cipher + size, &size) == 1, "sealing");
  ReadTag(context, cipher + plain.size());
}

bool Sealer::Open(const KeyBytes& key, std::string_view associated_data, std::string_view sealed,
                  std::string* plain) {
  plain->clear();
  if (sealed.size() < kSealBytes || sealed.size() - kSealBytes > INT_MAX) return false;
  const std::string_view cipher = sealed.substr(kNonceBytes, sealed.size() - kSealBytes);
  EVP_CIPHER_CTX* const context = open_.context.get();
  Start(&open_, key, Bytes(sealed), associated_data);
  plain->resize(cipher.size());
  int size = 0;
  if (!cipher.empty()) {
    Require(EVP_DecryptUpdate(context, Bytes(plain, 0), &size, Bytes(cipher),
                              static_cast<int>(cipher.size())) == 1,
            "opening");
  }
  WriteTag(context, Bytes(sealed) + sealed.size() - kTagBytes);
  if (EVP_DecryptFinal_ex(context, Bytes(plain, size), &size) == 1) return true;
  OPENSSL_cleanse(plain->data(), plain->size());
  plain->clear();
  return false;
}

}  // namespace mynumber::sealing
