#include "libs/identifiers/application_id_permutation.h"

#include <cassert>
#include <cstdint>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {
namespace {

constexpr int kBodyDigits = 22;
constexpr int kHalfDigits = 11;
// The second half is two digits of the serial and nine zeros.
constexpr uint64_t kZeros = 1'000'000'000;

std::string Join(FeistelPermutation::Halves halves) {
  std::string body(kBodyDigits, '0');
  WriteDecimal(halves.first, kHalfDigits, body.data());
  WriteDecimal(halves.second, kHalfDigits, body.data() + kHalfDigits);
  return body;
}

}  // namespace

ApplicationIdPermutation::ApplicationIdPermutation(BlockCipher cipher) : permutation_(cipher, 10, kBodyDigits) {}

ApplicationId ApplicationIdPermutation::IdFor(std::string_view ten_free_digits, int serial) const {
  assert(ten_free_digits.size() == 10 && IsDecimal(ten_free_digits) && "ten free digits");
  assert(serial >= 0 && serial < kSerials && "serials are 0 to 999");
  const uint64_t first = DecimalValue(ten_free_digits) * 10 + static_cast<uint64_t>(serial / 100);
  return ApplicationId::FromBody(
      Join(permutation_.Encrypt(FeistelPermutation::Halves{first, static_cast<uint64_t>(serial % 100) * kZeros})));
}

std::optional<ApplicationIdHome> ApplicationIdPermutation::HomeOf(const ApplicationId& id) const {
  const std::string_view body = id.Body();
  const auto plain = permutation_.Decrypt(
      FeistelPermutation::Halves{DecimalValue(body.substr(0, kHalfDigits)), DecimalValue(body.substr(kHalfDigits))});
  if (plain.second % kZeros != 0) return std::nullopt;
  ApplicationIdHome home;
  home.ten_free_digits.resize(10);
  WriteDecimal(plain.first / 10, 10, home.ten_free_digits.data());
  home.serial = static_cast<int>(plain.first % 10 * 100 + plain.second / kZeros);
  return home;
}

absl::Status ApplicationIdPermutation::NeverIssued() {
  return absl::NotFoundError(
      "No notice carries this application ID: compare it with the notice, or ask the municipal office for another "
      "one.");
}

}  // namespace mynumber::identifiers
