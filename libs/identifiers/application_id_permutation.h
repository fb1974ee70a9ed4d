#ifndef MYNUMBER_LIBS_IDENTIFIERS_APPLICATION_ID_PERMUTATION_H_
#define MYNUMBER_LIBS_IDENTIFIERS_APPLICATION_ID_PERMUTATION_H_

#include <optional>
#include <string>
#include <string_view>

#include "libs/identifiers/application_id.h"
#include "libs/identifiers/feistel_permutation.h"
#include "libs/identifiers/home_permutation.h"

namespace mynumber::identifiers {

// Where an application ID comes from: a resident record code's ten free digits, and which of that resident's IDs it is.
struct ApplicationIdHome {
  std::string ten_free_digits;
  int serial = 0;

  friend bool operator==(const ApplicationIdHome& a, const ApplicationIdHome& b) {
    return a.ten_free_digits == b.ten_free_digits && a.serial == b.serial;
  }
};

// Application IDs as a keyed permutation over 22 digits (home_permutation.h), so nine zeros, then the check digit: of a
// thousand million invented IDs one has a home. As many threads may use one object as may use its cipher at once.
class ApplicationIdPermutation {
 public:
  static constexpr int kSerials = HomePermutation::kCounts;

  // The cipher's key is one of its own, not that of the numbers: who may read IDs may not read numbers.
  explicit ApplicationIdPermutation(BlockCipher cipher);

  // Ten ASCII digits, serial 0 to 999, anything else aborts.
  ApplicationId IdFor(std::string_view ten_free_digits, int serial) const;

  // The inverse; nothing for an ID that this key never made, to be refused by NeverIssued() without a look-up. A home
  // does not say that the ID was given out: look there.
  std::optional<ApplicationIdHome> HomeOf(const ApplicationId& id) const;

  // NOT_FOUND with a sentence that shows no digit.
  static absl::Status NeverIssued();

 private:
  HomePermutation permutation_;
};

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_APPLICATION_ID_PERMUTATION_H_
