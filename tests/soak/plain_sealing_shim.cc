// Preloaded into a server by the canary test and the bench alone (LD_PRELOAD): what AES-GCM is asked to seal or to open
// is copied, and nothing else is done. So there is no build without sealing, and yet a log and rows without it, in
// which the test's search must find what it looks for, and a load without its cost. All other ciphers, hashes and
// chance stay as they are. In plain text only: TLS uses the same functions.

#include <dlfcn.h>
#include <openssl/evp.h>

#include <cstring>

namespace {

template <class Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool IsSealing(const EVP_CIPHER_CTX* context) {
  const EVP_CIPHER* const cipher = EVP_CIPHER_CTX_get0_cipher(context);
  return cipher != nullptr && EVP_CIPHER_get_mode(cipher) == EVP_CIPH_GCM_MODE;
}

// Without `out` it is associated data that is given.
int Copy(unsigned char* out, int* size, const unsigned char* in, int in_size) {
  if (out != nullptr) std::memcpy(out, in, static_cast<size_t>(in_size));
  *size = in_size;
  return 1;
}

int End(int* size) {
  *size = 0;
  return 1;
}

}  // namespace

extern "C" {

int EVP_CipherInit_ex2(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, const unsigned char* key,
                       const unsigned char* nonce, int encrypts, const OSSL_PARAM* params) {
  static auto* const next = Next<decltype(EVP_CipherInit_ex2)>("EVP_CipherInit_ex2");
  // A new key or nonce for what is never used.
  if (cipher == nullptr && IsSealing(context)) return 1;
  return next(context, cipher, key, nonce, encrypts, params);
}

int EVP_CipherUpdate(EVP_CIPHER_CTX* context, unsigned char* out, int* size, const unsigned char* in, int in_size) {
  static auto* const next = Next<decltype(EVP_CipherUpdate)>("EVP_CipherUpdate");
  return IsSealing(context) ? Copy(out, size, in, in_size) : next(context, out, size, in, in_size);
}

int EVP_EncryptUpdate(EVP_CIPHER_CTX* context, unsigned char* out, int* size, const unsigned char* in, int in_size) {
  static auto* const next = Next<decltype(EVP_EncryptUpdate)>("EVP_EncryptUpdate");
  return IsSealing(context) ? Copy(out, size, in, in_size) : next(context, out, size, in, in_size);
}

int EVP_DecryptUpdate(EVP_CIPHER_CTX* context, unsigned char* out, int* size, const unsigned char* in, int in_size) {
  static auto* const next = Next<decltype(EVP_DecryptUpdate)>("EVP_DecryptUpdate");
  return IsSealing(context) ? Copy(out, size, in, in_size) : next(context, out, size, in, in_size);
}

int EVP_EncryptFinal_ex(EVP_CIPHER_CTX* context, unsigned char* out, int* size) {
  static auto* const next = Next<decltype(EVP_EncryptFinal_ex)>("EVP_EncryptFinal_ex");
  return IsSealing(context) ? End(size) : next(context, out, size);
}

int EVP_DecryptFinal_ex(EVP_CIPHER_CTX* context, unsigned char* out, int* size) {
  static auto* const next = Next<decltype(EVP_DecryptFinal_ex)>("EVP_DecryptFinal_ex");
  return IsSealing(context) ? End(size) : next(context, out, size);
}

// Tags: what stands in their place is never looked at.
int EVP_CIPHER_CTX_get_params(EVP_CIPHER_CTX* context, OSSL_PARAM params[]) {
  static auto* const next = Next<decltype(EVP_CIPHER_CTX_get_params)>("EVP_CIPHER_CTX_get_params");
  return IsSealing(context) ? 1 : next(context, params);
}

int EVP_CIPHER_CTX_set_params(EVP_CIPHER_CTX* context, const OSSL_PARAM params[]) {
  static auto* const next = Next<decltype(EVP_CIPHER_CTX_set_params)>("EVP_CIPHER_CTX_set_params");
  return IsSealing(context) ? 1 : next(context, params);
}

}  // extern "C"
