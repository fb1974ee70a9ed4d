#include "libs/identifiers/card_serial_permutation.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <string>
#include <unordered_set>

#include "libs/identifiers/decimal_digits.h"
#include "libs/sealing/block_cipher.h"

namespace mynumber::identifiers {
namespace {

std::string Digits(uint64_t value, int count) {
  std::string digits(static_cast<size_t>(count), '0');
  WriteDecimal(value, count, digits.data());
  return digits;
}

class CardSerialPermutationTest : public testing::Test {
 protected:
  sealing::BlockCipher aes_{std::string(32, 'a')};
  CardSerialPermutation cards_{{&sealing::BlockCipher::Call, &aes_}};
};

TEST_F(CardSerialPermutationTest, IsFf1OverCodeCardAndZeros) {
  const FeistelPermutation ff1({&sealing::BlockCipher::Call, &aes_}, 10, 19);
  EXPECT_EQ(cards_.SerialFor("0123456789", 7).Body(), ff1.Encrypt("0123456789007000000"));
  EXPECT_EQ(cards_.SerialFor("9999999999", 999).Body(), ff1.Encrypt("9999999999999000000"));
}

TEST_F(CardSerialPermutationTest, AnInventedSerialHasNoHome) {
  const FeistelPermutation ff1({&sealing::BlockCipher::Call, &aes_}, 10, 19);
  // One that decrypts to everything but the last zero.
  EXPECT_FALSE(cards_.HomeOf(CardSerial::FromBody(ff1.Encrypt("0123456789007000001"))));
  EXPECT_FALSE(cards_.HomeOf(CardSerial::FromBody(ff1.Encrypt("0123456789007100000"))));
  for (uint64_t i = 0; i < 100'000; ++i) {
    ASSERT_FALSE(cards_.HomeOf(CardSerial::FromBody(Digits(i, 11) + "00000000")));
  }
  EXPECT_EQ(CardSerialPermutation::NeverIssued().code(), absl::StatusCode::kNotFound);
}

TEST_F(CardSerialPermutationTest, AnotherKeyKnowsNothingOfIt) {
  sealing::BlockCipher other(std::string(32, 'b'));
  const CardSerial serial = cards_.SerialFor("0123456789", 0);
  EXPECT_FALSE(CardSerialPermutation({&sealing::BlockCipher::Call, &other}).HomeOf(serial));
}

TEST_F(CardSerialPermutationTest, CardsOfNeighbouringCodesNeverMeet) {
  std::unordered_set<std::string> seen;
  for (uint64_t code = 0; code < 1000; ++code) {
    for (int card = 0; card < 100; ++card) {
      EXPECT_TRUE(seen.insert(std::string(cards_.SerialFor(Digits(code, 10), card).digits())).second);
    }
  }
}

RC_GTEST_FIXTURE_PROP(CardSerialPermutationTest, EverySerialIsWellFormedAndLeadsHome, ()) {
  const std::string code = Digits(*rc::gen::inRange<uint64_t>(0, 10'000'000'000), 10);
  const int card = *rc::gen::inRange(0, CardSerialPermutation::kCards);
  const CardSerial serial = cards_.SerialFor(code, card);
  RC_ASSERT(CardSerial::Judge(serial.digits()) == CardSerialVerdict::kValid);
  RC_ASSERT(cards_.HomeOf(serial) == std::optional(CardSerialHome{code, card}));
}

TEST_F(CardSerialPermutationTest, ACardOfFourDigitsIsABug) {
  EXPECT_DEATH(cards_.SerialFor("0123456789", 1000), "0 to 999");
  EXPECT_DEATH(cards_.SerialFor("012345678", 0), "ten free digits");
}

}  // namespace
}  // namespace mynumber::identifiers
