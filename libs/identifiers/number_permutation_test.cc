#include "libs/identifiers/number_permutation.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <unordered_set>

#include "libs/identifiers/decimal_digits.h"
#include "libs/sealing/block_cipher.h"

namespace mynumber::identifiers {
namespace {

std::string TenDigits(uint64_t value) {
  std::string digits(10, '0');
  WriteDecimal(value, 10, digits.data());
  return digits;
}

class NumberPermutationTest : public testing::Test {
 protected:
  sealing::BlockCipher aes_{std::string(32, 'k')};
  NumberPermutation numbers_{{&sealing::BlockCipher::Call, &aes_}};
};

TEST_F(NumberPermutationTest, IsFf1OverCodeAndGeneration) {
  const FeistelPermutation ff1({&sealing::BlockCipher::Call, &aes_}, 10, 11);
  EXPECT_EQ(numbers_.NumberFor("0123456789", 7).digits().substr(0, 11), ff1.Encrypt("01234567897"));
}

TEST_F(NumberPermutationTest, GenerationsOfNeighbouringCodesNeverMeet) {
  std::unordered_set<std::string> seen;
  for (uint64_t code = 0; code < 20'000; ++code) {
    for (int generation = 0; generation < NumberPermutation::kGenerations; ++generation) {
      EXPECT_TRUE(seen.insert(std::string(numbers_.NumberFor(TenDigits(code), generation).digits()))
                      .second);
    }
  }
}

TEST_F(NumberPermutationTest, EveryBodyHasAHomeThatLeadsBack) {
  for (uint64_t body : {0ull, 1ull, 12345678901ull, 99999999999ull}) {
    const IndividualNumber number = IndividualNumber::FromBody(body);
    const NumberHome home = numbers_.HomeOf(number);
    EXPECT_EQ(numbers_.NumberFor(home.ten_free_digits, home.generation), number);
  }
}

TEST_F(NumberPermutationTest, HomesOfReservedNumbersAreRecognised) {
  const NumberHome home = numbers_.HomeOf(IndividualNumber::FromBody(12345678901));
  EXPECT_TRUE(IsReserved(numbers_.NumberFor(home.ten_free_digits, home.generation)));
}

RC_GTEST_FIXTURE_PROP(NumberPermutationTest, EveryNumberIsLegalAndLeadsHome, ()) {
  const std::string code = TenDigits(*rc::gen::inRange<uint64_t>(0, 10'000'000'000));
  const int generation = *rc::gen::inRange(0, NumberPermutation::kGenerations);
  const IndividualNumber number = numbers_.NumberFor(code, generation);
  RC_ASSERT(IsReserved(number) ||
            IndividualNumber::Judge(number.digits()) == NumberVerdict::kValid);
  RC_ASSERT(numbers_.HomeOf(number) == (NumberHome{code, generation}));
}

RC_GTEST_FIXTURE_PROP(NumberPermutationTest, DistinctHomesHaveDistinctNumbers, ()) {
  const auto home =
      rc::gen::pair(rc::gen::inRange<uint64_t>(0, 10'000'000'000), rc::gen::inRange(0, 10));
  const auto one = *home;
  const auto other = *home;
  RC_PRE(one != other);
  RC_ASSERT(numbers_.NumberFor(TenDigits(one.first), one.second) !=
            numbers_.NumberFor(TenDigits(other.first), other.second));
}

TEST(NumberPermutationKeyTest, AnotherKeyGivesOtherNumbers) {
  sealing::BlockCipher one(std::string(32, 'k'));
  sealing::BlockCipher other(std::string(32, 'l'));
  EXPECT_NE(NumberPermutation({&sealing::BlockCipher::Call, &one}).NumberFor("0123456789", 0),
            NumberPermutation({&sealing::BlockCipher::Call, &other}).NumberFor("0123456789", 0));
}

}  // namespace
}  // namespace mynumber::identifiers
