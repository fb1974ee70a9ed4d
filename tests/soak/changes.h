#ifndef MYNUMBER_TESTS_SOAK_CHANGES_H_
#define MYNUMBER_TESTS_SOAK_CHANGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "mynumber/issuance/v1/issuance_service.pb.h"

namespace mynumber::soak {

namespace v1 = mynumber::issuance::v1;

// What happens to residents after their registration: which, how often and with what words follows from a seed and the
// row of the file alone, so that a load can be sent again, in whole or in part.
struct Plan {
  uint64_t seed = 0;
  // The day of every move.
  mynumber::type::Date move_date;
  // One number in so many is replaced after a leak; 0: none.
  uint64_t replace_one_in = 0;
};

struct Change {
  enum class Kind { kMove, kCorrection, kReplacement };
  Kind kind = Kind::kMove;
  uint64_t row = 0;
  // 0, 1, 2, ... of this row's changes.
  uint32_t step = 0;
};

// None for most rows; a tenth moves, a twentieth is corrected, another twentieth moves, is corrected and moves again.
std::vector<Change> ChangesOf(const Plan& plan, uint64_t row);

// A UUID.
std::string RequestIdOf(const Plan& plan, const Change& change);

// Each change gives its resident an address or details that no other one does: none is "already so".
v1::RecordMoveRequest MakeMove(const Plan& plan, const Change& change, const std::string& name);
v1::CorrectResidentRequest MakeCorrection(const Plan& plan, const Change& change, const std::string& name);
v1::ReplaceNumberRequest MakeReplacement(const Plan& plan, const Change& change, const std::string& name);

}  // namespace mynumber::soak

#endif  // MYNUMBER_TESTS_SOAK_CHANGES_H_
