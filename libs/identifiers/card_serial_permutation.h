#ifndef MYNUMBER_LIBS_IDENTIFIERS_CARD_SERIAL_PERMUTATION_H_
#define MYNUMBER_LIBS_IDENTIFIERS_CARD_SERIAL_PERMUTATION_H_

#include <optional>
#include <string>
#include <string_view>

#include "libs/identifiers/card_serial.h"
#include "libs/identifiers/feistel_permutation.h"
#include "libs/identifiers/home_permutation.h"

namespace mynumber::identifiers {

// Where a card's serial comes from: a resident record code's ten free digits, and which of that resident's cards it is.
struct CardSerialHome {
  std::string ten_free_digits;
  int card = 0;

  friend bool operator==(const CardSerialHome& a, const CardSerialHome& b) {
    return a.ten_free_digits == b.ten_free_digits && a.card == b.card;
  }
};

// Card serials as a keyed permutation over 19 digits (home_permutation.h), so six zeros, then the check digit: of a
// million invented serials one has a home. As many threads may use one object as may use its cipher at once.
class CardSerialPermutation {
 public:
  static constexpr int kCards = HomePermutation::kCounts;

  // The cipher's key is one of its own: who may read serials may not read numbers or application IDs.
  explicit CardSerialPermutation(BlockCipher cipher);

  // Ten ASCII digits, card 0 to 999, anything else aborts.
  CardSerial SerialFor(std::string_view ten_free_digits, int card) const;

  // The inverse; nothing for a serial that this key never made, to be refused by NeverIssued() without a look-up. A
  // home does not say that the card was ever made: look there.
  std::optional<CardSerialHome> HomeOf(const CardSerial& serial) const;

  // NOT_FOUND with a sentence that shows no digit.
  static absl::Status NeverIssued();

 private:
  HomePermutation permutation_;
};

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_CARD_SERIAL_PERMUTATION_H_
