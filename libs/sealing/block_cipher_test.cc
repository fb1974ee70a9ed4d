#include "libs/sealing/block_cipher.h"

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "libs/sealing/hex_for_tests.h"

namespace mynumber::sealing {
namespace {

using Block = std::array<uint8_t, 16>;

// FIPS 197 appendix C.
TEST(BlockCipherTest, PublishedBlocksOfEachKeySize) {
  const std::string key =
      FromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const Block plain = ArrayFromHex<Block>("00112233445566778899aabbccddeeff");
  const std::pair<size_t, const char*> kCases[] = {{16, "69c4e0d86a7b0430d8cdb78070b4c55a"},
                                                   {24, "dda97ca4864cdfe06eaf70a0ec0d7191"},
                                                   {32, "8ea2b7ca516745bfeafc49904b496089"}};
  for (const auto& [key_bytes, expected] : kCases) {
    BlockCipher cipher(std::string_view(key).substr(0, key_bytes));
    Block block = plain;
    cipher.Encrypt(block.data(), block.data());
    EXPECT_EQ(ToHex(block), expected);
    // A context that kept something of the last block would show it now.
    Block again;
    BlockCipher::Call(&cipher, plain.data(), again.data());
    EXPECT_EQ(again, block);
    cipher.Decrypt(block.data(), block.data());
    EXPECT_EQ(block, plain);
  }
}

TEST(BlockCipherDeathTest, AKeyOfAnotherLengthIsABug) {
  EXPECT_DEATH(BlockCipher("short"), "16, 24 or 32");
}

}  // namespace
}  // namespace mynumber::sealing
