#include "libs/identifiers/home_permutation.h"

#include <cassert>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {
namespace {

constexpr size_t kCodeDigits = 10;
constexpr size_t kCountDigits = 3;
constexpr size_t kHomeDigits = kCodeDigits + kCountDigits;

}  // namespace

HomePermutation::HomePermutation(BlockCipher cipher, int body_digits)
    : body_digits_(static_cast<size_t>(body_digits)), permutation_(cipher, 10, body_digits) {
  assert(body_digits_ > kHomeDigits && "a body without zeros refuses nothing");
}

std::string HomePermutation::BodyFor(std::string_view ten_free_digits, int count) const {
  assert(ten_free_digits.size() == kCodeDigits && IsDecimal(ten_free_digits) && "ten free digits");
  assert(count >= 0 && count < kCounts && "a resident's own are counted 0 to 999");
  std::string plain(body_digits_, '0');
  ten_free_digits.copy(plain.data(), kCodeDigits);
  WriteDecimal(static_cast<uint64_t>(count), kCountDigits, plain.data() + kCodeDigits);
  return permutation_.Encrypt(plain);
}

std::optional<HomePermutation::Home> HomePermutation::HomeOf(std::string_view body) const {
  const std::string plain = permutation_.Decrypt(body);
  if (plain.find_first_not_of('0', kHomeDigits) != std::string::npos) return std::nullopt;
  return Home{plain.substr(0, kCodeDigits),
              static_cast<int>(DecimalValue(std::string_view(plain).substr(kCodeDigits, kCountDigits)))};
}

}  // namespace mynumber::identifiers
