#include "libs/identifiers/application_id_permutation.h"

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

class ApplicationIdPermutationTest : public testing::Test {
 protected:
  sealing::BlockCipher aes_{std::string(32, 'a')};
  ApplicationIdPermutation ids_{{&sealing::BlockCipher::Call, &aes_}};
};

TEST_F(ApplicationIdPermutationTest, IsFf1OverCodeSerialAndZeros) {
  const FeistelPermutation ff1({&sealing::BlockCipher::Call, &aes_}, 10, 22);
  EXPECT_EQ(ids_.IdFor("0123456789", 7).Body(), ff1.Encrypt("0123456789007000000000"));
  EXPECT_EQ(ids_.IdFor("9999999999", 999).Body(), ff1.Encrypt("9999999999999000000000"));
}

TEST_F(ApplicationIdPermutationTest, AnInventedIdHasNoHome) {
  const FeistelPermutation ff1({&sealing::BlockCipher::Call, &aes_}, 10, 22);
  // One that decrypts to everything but the last zero.
  EXPECT_FALSE(ids_.HomeOf(ApplicationId::FromBody(ff1.Encrypt("0123456789007000000001"))));
  EXPECT_FALSE(ids_.HomeOf(ApplicationId::FromBody(ff1.Encrypt("0123456789007100000000"))));
  for (uint64_t i = 0; i < 100'000; ++i) {
    ASSERT_FALSE(ids_.HomeOf(ApplicationId::FromBody(Digits(i, 11) + "00000000000")));
  }
  EXPECT_EQ(ApplicationIdPermutation::NeverIssued().code(), absl::StatusCode::kNotFound);
}

TEST_F(ApplicationIdPermutationTest, AnotherKeyKnowsNothingOfIt) {
  sealing::BlockCipher other(std::string(32, 'b'));
  const ApplicationId id = ids_.IdFor("0123456789", 0);
  EXPECT_FALSE(ApplicationIdPermutation({&sealing::BlockCipher::Call, &other}).HomeOf(id));
}

TEST_F(ApplicationIdPermutationTest, SerialsOfNeighbouringCodesNeverMeet) {
  std::unordered_set<std::string> seen;
  for (uint64_t code = 0; code < 1000; ++code) {
    for (int serial = 0; serial < 100; ++serial) {
      EXPECT_TRUE(seen.insert(std::string(ids_.IdFor(Digits(code, 10), serial).digits())).second);
    }
  }
}

RC_GTEST_FIXTURE_PROP(ApplicationIdPermutationTest, EveryIdIsWellFormedAndLeadsHome, ()) {
  const std::string code = Digits(*rc::gen::inRange<uint64_t>(0, 10'000'000'000), 10);
  const int serial = *rc::gen::inRange(0, ApplicationIdPermutation::kSerials);
  const ApplicationId id = ids_.IdFor(code, serial);
  RC_ASSERT(ApplicationId::Judge(id.digits()) == ApplicationIdVerdict::kValid);
  RC_ASSERT(ids_.HomeOf(id) == std::optional(ApplicationIdHome{code, serial}));
}

TEST_F(ApplicationIdPermutationTest, ASerialOfFourDigitsIsABug) {
  EXPECT_DEATH(ids_.IdFor("0123456789", 1000), "0 to 999");
  EXPECT_DEATH(ids_.IdFor("012345678", 0), "ten free digits");
}

}  // namespace
}  // namespace mynumber::identifiers
