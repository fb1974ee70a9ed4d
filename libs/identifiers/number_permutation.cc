#include "libs/identifiers/number_permutation.h"

#include <cassert>
#include <cstdint>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {
namespace {

constexpr int kBodyDigits = 11;
constexpr uint64_t kSecondHalf = 1'000'000;  // of eleven digits FF1 takes five and six

FeistelPermutation::Halves Split(uint64_t body) { return {body / kSecondHalf, body % kSecondHalf}; }

uint64_t Join(FeistelPermutation::Halves halves) {
  return halves.first * kSecondHalf + halves.second;
}

}  // namespace

NumberPermutation::NumberPermutation(BlockCipher cipher) : permutation_(cipher, 10, kBodyDigits) {}

IndividualNumber NumberPermutation::NumberFor(std::string_view ten_free_digits,
                                              int generation) const {
  assert(ten_free_digits.size() == 10 && IsDecimal(ten_free_digits) && "ten free digits");
  assert(generation >= 0 && generation < kGenerations && "generations are 0 to 9");
  const uint64_t home = DecimalValue(ten_free_digits) * 10 + static_cast<uint64_t>(generation);
  return IndividualNumber::FromBody(Join(permutation_.Encrypt(Split(home))));
}

NumberHome NumberPermutation::HomeOf(const IndividualNumber& number) const {
  const uint64_t home = Join(permutation_.Decrypt(Split(number.Body())));
  NumberHome result;
  result.ten_free_digits.resize(10);
  WriteDecimal(home / 10, 10, result.ten_free_digits.data());
  result.generation = static_cast<int>(home % 10);
  return result;
}

}  // namespace mynumber::identifiers
