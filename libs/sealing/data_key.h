#ifndef MYNUMBER_LIBS_SEALING_DATA_KEY_H_
#define MYNUMBER_LIBS_SEALING_DATA_KEY_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_cipher_ctx_st;

namespace mynumber::sealing {

// A resident's data key, AES-256. Whoever destroys it, and every copy, makes the resident's data
// unreadable (P7).
using KeyBytes = std::array<uint8_t, 32>;

constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
// How much longer a sealed text is than the plain one: nonce, then ciphertext, then tag.
constexpr size_t kSealBytes = kNonceBytes + kTagBytes;

using Nonce = std::array<uint8_t, kNonceBytes>;

// Seals and opens with AES-256-GCM (NIST SP 800-38D). Keeps contexts, and in them the key last
// used: one thread at a time; one sealer for each partition loop. Texts of at most 2 GiB.
class Sealer {
 public:
  Sealer();

  // Appends nonce, ciphertext and tag to out. A nonce is never used twice under one key: with
  // random ones, below 2^32 texts a key. The associated data is not stored; opening needs the same
  // again.
  void Seal(const KeyBytes& key, const Nonce& nonce, std::string_view associated_data,
            std::string_view plain, std::string* out);

  // Replaces plain by the text. False, and plain empty, if key, associated data or a bit of sealed
  // is not that of the sealing.
  [[nodiscard]] bool Open(const KeyBytes& key, std::string_view associated_data,
                          std::string_view sealed, std::string* plain);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  // A context and the key in it: an event and a row under one key share the key's set-up.
  struct Direction {
    std::unique_ptr<evp_cipher_ctx_st, Free> context;
    KeyBytes key{};
    bool has_key = false;
    ~Direction();
  };
  void Start(Direction* direction, const KeyBytes& key, const uint8_t* nonce,
             std::string_view associated_data);

  Direction seal_;
  Direction open_;
};

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_DATA_KEY_H_
