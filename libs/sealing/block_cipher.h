#ifndef MYNUMBER_LIBS_SEALING_BLOCK_CIPHER_H_
#define MYNUMBER_LIBS_SEALING_BLOCK_CIPHER_H_

#include <cstdint>
#include <memory>
#include <string_view>

struct evp_cipher_ctx_st;

namespace mynumber::sealing {

// AES on single blocks under one key, AES-NI through EVP. A building block for constructions that
// are proven to need no more (FF1, key wrap): it hides nothing when used on data directly. Keeps a
// context of OpenSSL's: one thread at a time. Making one takes about a microsecond.
class BlockCipher {
 public:
  // 16, 24 or 32 bytes; anything else aborts. 32 everywhere but in published test vectors.
  explicit BlockCipher(std::string_view key);
  BlockCipher(BlockCipher&&) = default;
  BlockCipher& operator=(BlockCipher&&) = default;

  // in and out may be the same.
  void Encrypt(const uint8_t in[16], uint8_t out[16]);
  void Decrypt(const uint8_t in[16], uint8_t out[16]);

  // Encrypt as a function and a context, the form in which libs/identifiers takes a cipher:
  //   identifiers::BlockCipher{&sealing::BlockCipher::Call, &cipher}
  static void Call(void* block_cipher, const uint8_t in[16], uint8_t out[16]);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_cipher_ctx_st, Free>;
  static Context MakeContext(std::string_view key, bool encrypt);

  Context encrypt_;
  Context decrypt_;
};

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_BLOCK_CIPHER_H_
