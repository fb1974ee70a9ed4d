#ifndef MYNUMBER_LIBS_IDENTIFIERS_FEISTEL_PERMUTATION_H_
#define MYNUMBER_LIBS_IDENTIFIERS_FEISTEL_PERMUTATION_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace mynumber::identifiers {

// A block cipher of 16 bytes under a fixed key: this room sees no cryptographic library, so the
// caller brings one (libs/sealing). `context` is the caller's and must outlive every user; in and
// out may overlap.
struct BlockCipher {
  void (*encrypt)(void* context, const uint8_t in[16], uint8_t out[16]);
  void* context;
};

// FF1 of NIST SP 800-38G: a keyed permutation of all texts of `length` numerals. As many threads
// may use one object as may use its cipher at once. Ten block encryptions a call, whatever the
// tweak; no allocation on integers.
class FeistelPermutation {
 public:
  // A text as two integers: its first floor(length/2) numerals, and the rest.
  struct Halves {
    uint64_t first;
    uint64_t second;
  };

  // radix 2 to 36; radix^length >= 1,000,000 (a smaller space can be searched), and half a text
  // must fit 64 bits: up to 36 decimal digits, 24 numerals of radix 36. Anything else aborts.
  FeistelPermutation(BlockCipher cipher, int radix, int length, std::string_view tweak = {});

  // Each half below radix^(its numerals).
  Halves Encrypt(Halves plain) const;
  Halves Decrypt(Halves cipher) const;

  // The same on `length` characters 0-9, a-z below the radix; anything else aborts.
  std::string Encrypt(std::string_view plain) const;
  std::string Decrypt(std::string_view cipher) const;

 private:
  uint64_t Round(int round, uint64_t half) const;
  Halves Split(std::string_view text) const;
  std::string Join(Halves halves) const;

  BlockCipher cipher_;
  int radix_;
  int length_;
  int half_bytes_;       // b of the standard: bytes of the longer half as a number
  bool wide_;            // whether d of the standard is 12 bytes of a round's block, not 8
  uint64_t modulus_[2];  // radix^u and radix^v: what rounds of even and odd number are taken by
  uint64_t state_[2];    // the chain over P and all blocks of Q but for the round and the half,
                         // big-endian words
};

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_FEISTEL_PERMUTATION_H_
