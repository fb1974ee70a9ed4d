#include "libs/sealing/data_key.h"

#include <gtest/gtest.h>

#include "libs/sealing/hex_for_tests.h"

namespace mynumber::sealing {
namespace {

struct Vector {
  const char *key, *nonce, *associated_data, *plain, *cipher, *tag;
};

// McGrew and Viega, "The Galois/Counter Mode of Operation", cases 13, 14 and 16: NIST's submission.
const Vector kVectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18",
     "d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b"
     "525"
     "b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828"
     "838"
     "c5f61e6393ba7a0abcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(SealerTest, PublishedVectorsInBothDirections) {
  Sealer sealer;
  for (int round = 0; round < 2; ++round) {  // the second time under contexts that have been used
    for (const Vector& vector : kVectors) {
      const auto key = ArrayFromHex<KeyBytes>(vector.key);
      const auto nonce = ArrayFromHex<Nonce>(vector.nonce);
      std::string sealed = "before";
      sealer.Seal(key, nonce, FromHex(vector.associated_data), FromHex(vector.plain), &sealed);
      EXPECT_EQ(sealed.substr(0, 6), "before");
      sealed.erase(0, 6);
      EXPECT_EQ(ToHex(sealed), std::string(vector.nonce) + vector.cipher + vector.tag);
      std::string plain = "replaced";
      EXPECT_TRUE(sealer.Open(key, FromHex(vector.associated_data), sealed, &plain));
      EXPECT_EQ(ToHex(plain), vector.plain);
    }
  }
}

class SealedTest : public testing::Test {
 protected:
  SealedTest() { sealer_.Seal(key_, nonce_, "residents/1", text_, &sealed_); }

  Sealer sealer_;
  const KeyBytes key_ = ArrayFromHex<KeyBytes>(std::string(64, '7'));
  const Nonce nonce_ = ArrayFromHex<Nonce>(std::string(24, '3'));
  const std::string text_ = "name and address of an invented person";
  std::string sealed_;
  std::string plain_;
};

TEST_F(SealedTest, IsLongerByNonceAndTagAndHidesTheText) {
  EXPECT_EQ(sealed_.size(), text_.size() + kSealBytes);
  EXPECT_EQ(sealed_.find("name"), std::string::npos);
  ASSERT_TRUE(sealer_.Open(key_, "residents/1", sealed_, &plain_));
  EXPECT_EQ(plain_, text_);
}

TEST_F(SealedTest, EveryChangedBitIsRefusedAndLeavesNothing) {
  for (size_t bit = 0; bit < sealed_.size() * 8; ++bit) {
    std::string changed = sealed_;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    EXPECT_FALSE(sealer_.Open(key_, "residents/1", changed, &plain_)) << bit;
    EXPECT_EQ(plain_, "");
  }
  EXPECT_TRUE(sealer_.Open(key_, "residents/1", sealed_, &plain_));
}

TEST_F(SealedTest, EveryShorterAndALongerTextIsRefused) {
  for (size_t length = 0; length < sealed_.size(); ++length) {
    EXPECT_FALSE(
        sealer_.Open(key_, "residents/1", std::string_view(sealed_).substr(0, length), &plain_));
  }
  EXPECT_FALSE(sealer_.Open(key_, "residents/1", sealed_ + '\0', &plain_));
}

TEST_F(SealedTest, AnotherKeyOrPlaceIsRefused) {
  KeyBytes other = key_;
  other[31] ^= 1;
  EXPECT_FALSE(sealer_.Open(other, "residents/1", sealed_, &plain_));
  EXPECT_FALSE(sealer_.Open(key_, "residents/2", sealed_, &plain_));
  EXPECT_FALSE(sealer_.Open(key_, "", sealed_, &plain_));
  EXPECT_TRUE(sealer_.Open(key_, "residents/1", sealed_, &plain_));
}

TEST_F(SealedTest, ChangingBetweenKeysAndKeepingOneGiveTheSame) {
  KeyBytes other = key_;
  other[0] ^= 1;
  std::string between, again;
  sealer_.Seal(other, nonce_, "", text_, &between);
  sealer_.Seal(key_, nonce_, "residents/1", text_, &again);
  EXPECT_EQ(again, sealed_);
  again.clear();
  sealer_.Seal(key_, nonce_, "residents/1", text_, &again);
  EXPECT_EQ(again, sealed_);
  ASSERT_TRUE(sealer_.Open(other, "", between, &plain_));
  EXPECT_EQ(plain_, text_);
}

}  // namespace
}  // namespace mynumber::sealing
