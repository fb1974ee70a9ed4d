#ifndef MYNUMBER_LIBS_IDENTIFIERS_NUMBER_PERMUTATION_H_
#define MYNUMBER_LIBS_IDENTIFIERS_NUMBER_PERMUTATION_H_

#include <string>
#include <string_view>

#include "libs/identifiers/feistel_permutation.h"
#include "libs/identifiers/individual_number.h"

namespace mynumber::identifiers {

// Where a number comes from: a resident record code's ten free digits, and how often the number was
// replaced.
struct NumberHome {
  std::string ten_free_digits;  // ten characters: fits the string itself, no allocation
  int generation = 0;

  friend bool operator==(const NumberHome& a, const NumberHome& b) {
    return a.ten_free_digits == b.ten_free_digits && a.generation == b.generation;
  }
};

// Individual Numbers as a keyed permutation (docs/decisions/0002): FF1, radix 10, empty tweak, over
// eleven digits: ten free digits and the generation. Two homes never meet in one number, and the
// Number Act's art. 8(2) holds: differs from every other number, made from the code, and tells
// nothing about it without the key. As many threads may use one object as may use its cipher at
// once.
class NumberPermutation {
 public:
  static constexpr int kGenerations = 10;

  // The cipher's key is the one of the nation's numbers; it can never change.
  explicit NumberPermutation(BlockCipher cipher);

  // The number of this home: ten ASCII digits, generation 0 to 9, anything else aborts. If
  // IsReserved(number), the caller takes the next generation.
  IndividualNumber NumberFor(std::string_view ten_free_digits, int generation) const;

  // The inverse. Every number has a home, also one that was never given out: look there.
  NumberHome HomeOf(const IndividualNumber& number) const;

 private:
  FeistelPermutation permutation_;
};

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_NUMBER_PERMUTATION_H_
