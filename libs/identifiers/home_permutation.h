#ifndef MYNUMBER_LIBS_IDENTIFIERS_HOME_PERMUTATION_H_
#define MYNUMBER_LIBS_IDENTIFIERS_HOME_PERMUTATION_H_

#include <optional>
#include <string>
#include <string_view>

#include "libs/identifiers/feistel_permutation.h"

namespace mynumber::identifiers {

// What a resident has several of over a lifetime, as digits that lead home: FF1, radix 10, empty tweak, over ten free
// digits of the resident record code, three digits that count the resident's own, and zeros. Two homes never meet in
// one body; without the key it tells nothing of its home; and what was invented decrypts to other than zeros. As many
// threads may use one object as may use its cipher at once.
class HomePermutation {
 public:
  static constexpr int kCounts = 1000;

  struct Home {
    std::string ten_free_digits;
    int count;
  };

  // `body_digits` is more than the 13 of a home: each digit more lets a tenth of what is invented pass.
  HomePermutation(BlockCipher cipher, int body_digits);

  // Ten ASCII digits, count 0 to 999, anything else aborts.
  std::string BodyFor(std::string_view ten_free_digits, int count) const;

  // The inverse of a body of `body_digits` ASCII digits; nothing for one that this key never made.
  std::optional<Home> HomeOf(std::string_view body) const;

 private:
  size_t body_digits_;
  FeistelPermutation permutation_;
};

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_HOME_PERMUTATION_H_
