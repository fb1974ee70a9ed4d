#include "libs/identifiers/card_serial_permutation.h"

#include <utility>

namespace mynumber::identifiers {

CardSerialPermutation::CardSerialPermutation(BlockCipher cipher) : permutation_(cipher, 19) {}

CardSerial CardSerialPermutation::SerialFor(std::string_view ten_free_digits, int card) const {
  return CardSerial::FromBody(permutation_.BodyFor(ten_free_digits, card));
}

std::optional<CardSerialHome> CardSerialPermutation::HomeOf(const CardSerial& serial) const {
  auto home = permutation_.HomeOf(serial.Body());
  if (!home) return std::nullopt;
  return CardSerialHome{std::move(home->ten_free_digits), home->count};
}

absl::Status CardSerialPermutation::NeverIssued() {
  return absl::NotFoundError("No card carries this serial: compare it with the card, or look the resident up instead.");
}

}  // namespace mynumber::identifiers
