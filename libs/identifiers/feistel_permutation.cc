#include "libs/identifiers/feistel_permutation.h"

#include <cassert>
#include <cstring>

namespace mynumber::identifiers {
namespace {

constexpr int kRounds = 10;

uint64_t LoadBigEndian(const uint8_t* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, 8);
  return __builtin_bswap64(word);
}

void StoreBigEndian(uint64_t word, uint8_t* bytes) {
  word = __builtin_bswap64(word);
  std::memcpy(bytes, &word, 8);
}

uint64_t Power(int radix, int exponent) {
  uint64_t power = 1;
  for (int i = 0; i < exponent; ++i) {
    // One bit is kept free, so that a sum of two residues fits.
    assert(power <= (uint64_t{1} << 63) / radix && "half a text does not fit 64 bits");
    power *= radix;
  }
  return power;
}

int BytesFor(uint64_t greatest) {
  int bytes = 0;
  for (; greatest != 0; greatest >>= 8) ++bytes;
  return bytes;
}

int NumeralValue(char numeral) { return numeral <= '9' ? numeral - '0' : numeral - 'a' + 10; }

}  // namespace

// State after the CBC-MAC of P and of every whole block of Q that comes before the round's number:
// since the last block alone differs between rounds, a round costs one encryption.
FeistelPermutation::FeistelPermutation(BlockCipher cipher, int radix, int length,
                                       std::string_view tweak)
    : cipher_(cipher), radix_(radix), length_(length) {
  assert(radix >= 2 && radix <= 36 && length >= 2 && "FF1 over a radix of 2 to 36");
  const int u = length / 2;
  const int v = length - u;
  modulus_[0] = Power(radix, u);
  modulus_[1] = Power(radix, v);
  assert(static_cast<unsigned __int128>(modulus_[0]) * modulus_[1] >= 1'000'000 &&
         "space too small");
  half_bytes_ = BytesFor(modulus_[1] - 1);
  wide_ = half_bytes_ > 4;

  const uint32_t tweak_length = static_cast<uint32_t>(tweak.size());
  uint8_t block[16] = {
      1, 2, 1, 0, 0, static_cast<uint8_t>(radix), kRounds, static_cast<uint8_t>(u)};
  for (int i = 0; i < 4; ++i) {
    block[8 + i] = static_cast<uint8_t>(static_cast<uint32_t>(length) >> (24 - 8 * i));
    block[12 + i] = static_cast<uint8_t>(tweak_length >> (24 - 8 * i));
  }
  cipher_.encrypt(cipher_.context, block, block);
  // Q = tweak, zeros up to 16*n - 1 - b, round, half. The tweak may reach into the last block.
  const size_t blocks = (tweak.size() + 1 + half_bytes_ + 15) / 16;
  for (size_t i = 0; i < tweak.size(); ++i) {
    block[i % 16] ^= static_cast<uint8_t>(tweak[i]);
    if (i % 16 == 15) cipher_.encrypt(cipher_.context, block, block);
  }
  if (tweak.size() / 16 + 1 < blocks) cipher_.encrypt(cipher_.context, block, block);
  state_[0] = LoadBigEndian(block);
  state_[1] = LoadBigEndian(block + 8);
}

// The round function: y of the standard, modulo this round's modulus.
uint64_t FeistelPermutation::Round(int round, uint64_t half) const {
  uint8_t block[16];
  uint64_t high = state_[0];
  uint64_t low = state_[1] ^ half;
  if (half_bytes_ == 8) {
    high ^= static_cast<uint64_t>(round);
  } else {
    low ^= static_cast<uint64_t>(round) << (8 * half_bytes_);
  }
  StoreBigEndian(high, block);
  StoreBigEndian(low, block + 8);
  cipher_.encrypt(cipher_.context, block, block);
  const uint64_t modulus = modulus_[round & 1];
  const uint64_t y = LoadBigEndian(block);
  if (!wide_) return y % modulus;
  const auto wide =
      static_cast<unsigned __int128>(y % modulus) << 32 | LoadBigEndian(block + 8) >> 32;
  return static_cast<uint64_t>(wide % modulus);
}

FeistelPermutation::Halves FeistelPermutation::Encrypt(Halves plain) const {
  assert(plain.first < modulus_[0] && plain.second < modulus_[1] && "a half beyond its numerals");
  uint64_t a = plain.first;
  uint64_t b = plain.second;
  for (int round = 0; round < kRounds; ++round) {
    const uint64_t modulus = modulus_[round & 1];
    uint64_t c = a + Round(round, b);
    if (c >= modulus) c -= modulus;
    a = b;
    b = c;
  }
  return {a, b};
}

FeistelPermutation::Halves FeistelPermutation::Decrypt(Halves cipher) const {
  assert(cipher.first < modulus_[0] && cipher.second < modulus_[1] && "a half beyond its numerals");
  uint64_t a = cipher.first;
  uint64_t b = cipher.second;
  for (int round = kRounds - 1; round >= 0; --round) {
    const uint64_t modulus = modulus_[round & 1];
    const uint64_t y = Round(round, a);
    const uint64_t c = b >= y ? b - y : b + modulus - y;
    b = a;
    a = c;
  }
  return {a, b};
}

FeistelPermutation::Halves FeistelPermutation::Split(std::string_view text) const {
  assert(text.size() == static_cast<size_t>(length_) && "a text of another length");
  uint64_t halves[2] = {0, 0};
  for (int i = 0; i < length_; ++i) {
    const int value = NumeralValue(text[i]);
    assert(value >= 0 && value < radix_ && "a character that is no numeral of this radix");
    uint64_t& half = halves[i < length_ / 2 ? 0 : 1];
    half = half * radix_ + static_cast<uint64_t>(value);
  }
  return {halves[0], halves[1]};
}

std::string FeistelPermutation::Join(Halves halves) const {
  std::string text(length_, '0');
  for (int i = length_ - 1; i >= 0; --i) {
    uint64_t& half = i < length_ / 2 ? halves.first : halves.second;
    text[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[half % radix_];
    half /= radix_;
  }
  return text;
}

std::string FeistelPermutation::Encrypt(std::string_view plain) const {
  return Join(Encrypt(Split(plain)));
}

std::string FeistelPermutation::Decrypt(std::string_view cipher) const {
  return Join(Decrypt(Split(cipher)));
}

}  // namespace mynumber::identifiers
