// Preloaded into a server by the canary test alone (LD_PRELOAD): what AES-GCM is asked to seal is left as it is, and
// what it is asked to open is taken as it is. So there is no build without sealing, and yet a log and rows without it,
// in which the test's search must find what it looks for. All other ciphers, hashes and chance stay as they are.

#include <dlfcn.h>
#include <openssl/evp.h>

#include <string>

namespace {

template <class Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// Without `out` it is associated data that is given.
bool IsSealing(const EVP_CIPHER_CTX* context, const unsigned char* out) {
  return out != nullptr && EVP_CIPHER_get_mode(EVP_CIPHER_CTX_get0_cipher(context)) == EVP_CIPH_GCM_MODE;
}

using Update = int(EVP_CIPHER_CTX*, unsigned char*, int*, const unsigned char*, int);
using Final = int(EVP_CIPHER_CTX*, unsigned char*, int*);

// The real one runs too, so that the context can tell a tag.
int Copy(Update* next, EVP_CIPHER_CTX* context, unsigned char* out, int* size, const unsigned char* in, int in_size) {
  if (!IsSealing(context, out)) return next(context, out, size, in, in_size);
  const std::basic_string<unsigned char> text(in, static_cast<size_t>(in_size));
  const int result = next(context, out, size, in, in_size);
  text.copy(out, text.size());
  return result;
}

}  // namespace

extern "C" {

int EVP_EncryptUpdate(EVP_CIPHER_CTX* context, unsigned char* out, int* size, const unsigned char* in, int in_size) {
  static auto* const next = Next<Update>("EVP_EncryptUpdate");
  return Copy(next, context, out, size, in, in_size);
}

int EVP_DecryptUpdate(EVP_CIPHER_CTX* context, unsigned char* out, int* size, const unsigned char* in, int in_size) {
  static auto* const next = Next<Update>("EVP_DecryptUpdate");
  return Copy(next, context, out, size, in, in_size);
}

// The tag belongs to the sealed text, which nobody has.
int EVP_DecryptFinal_ex(EVP_CIPHER_CTX* context, unsigned char* out, int* size) {
  static auto* const next = Next<Final>("EVP_DecryptFinal_ex");
  if (!IsSealing(context, out)) return next(context, out, size);
  *size = 0;
  return 1;
}

}  // extern "C"
