#include "libs/identifiers/feistel_permutation.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "libs/sealing/block_cipher.h"

namespace mynumber::identifiers {
namespace {

struct Vector {
  std::string source, key, tweak, plain, cipher;
  int radix;
};

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::vector<Vector> ReadVectors() {
  std::ifstream file("libs/identifiers/testdata/ff1_vectors.csv");
  std::vector<Vector> vectors;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string field[6];
    for (std::string& text : field) std::getline(fields, text, ',');
    vectors.push_back(
        {field[0], FromHex(field[1]), FromHex(field[3]), field[4], field[5], std::stoi(field[2])});
  }
  return vectors;
}

BlockCipher Argument(sealing::BlockCipher* cipher) { return {&sealing::BlockCipher::Call, cipher}; }

TEST(FeistelPermutationTest, NistsSamplesAndFourHundredOthersInBothDirections) {
  const auto vectors = ReadVectors();
  ASSERT_EQ(vectors.size(), 409u);
  for (const Vector& vector : vectors) {
    sealing::BlockCipher aes(vector.key);
    const FeistelPermutation ff1(Argument(&aes), vector.radix,
                                 static_cast<int>(vector.plain.size()), vector.tweak);
    EXPECT_EQ(ff1.Encrypt(vector.plain), vector.cipher) << vector.source;
    EXPECT_EQ(ff1.Decrypt(vector.cipher), vector.plain) << vector.source;
  }
}

TEST(FeistelPermutationTest, IntegersAndTextAreOne) {
  sealing::BlockCipher aes(std::string(32, 'k'));
  const FeistelPermutation ff1(Argument(&aes), 10, 22);
  const auto halves = ff1.Encrypt(FeistelPermutation::Halves{12345678901, 98765432109});
  const std::string text = ff1.Encrypt("1234567890198765432109");
  EXPECT_EQ(std::stoull(text.substr(0, 11)), halves.first);
  EXPECT_EQ(std::stoull(text.substr(11)), halves.second);
}

TEST(FeistelPermutationTest, AMillionTextsGoToAMillionTexts) {
  sealing::BlockCipher aes(std::string(32, 'k'));
  const FeistelPermutation ff1(Argument(&aes), 10, 6);
  std::vector<bool> seen(1'000'000);
  for (uint64_t i = 0; i < seen.size(); ++i) {
    const auto image = ff1.Encrypt(FeistelPermutation::Halves{i / 1000, i % 1000});
    ASSERT_FALSE(seen[image.first * 1000 + image.second]);
    seen[image.first * 1000 + image.second] = true;
  }
}

TEST(FeistelPermutationTest, TweaksOfEveryLengthGiveInversesOfTheirOwn) {
  sealing::BlockCipher aes(std::string(32, 'k'));
  std::set<std::string> images;
  const std::string plain = "01234567890123456789012345678901";
  for (int length = 0; length <= 64; ++length) {
    const FeistelPermutation ff1(Argument(&aes), 10, static_cast<int>(plain.size()),
                                 std::string(length, 't'));
    const std::string image = ff1.Encrypt(plain);
    EXPECT_EQ(ff1.Decrypt(image), plain);
    images.insert(image);
  }
  EXPECT_EQ(images.size(), 65u);
}

TEST(FeistelPermutationDeathTest, WhatTheStandardExcludesIsABug) {
  sealing::BlockCipher aes(std::string(32, 'k'));
  EXPECT_DEATH(FeistelPermutation(Argument(&aes), 10, 5), "space too small");
  EXPECT_DEATH(FeistelPermutation(Argument(&aes), 10, 38), "does not fit 64 bits");
  const FeistelPermutation ff1(Argument(&aes), 10, 6);
  EXPECT_DEATH(ff1.Encrypt("12345"), "another length");
  EXPECT_DEATH(ff1.Encrypt("12345a"), "no numeral");
  EXPECT_DEATH(ff1.Encrypt(FeistelPermutation::Halves{1000, 0}), "beyond its numerals");
}

}  // namespace
}  // namespace mynumber::identifiers
