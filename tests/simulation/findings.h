#ifndef MYNUMBER_TESTS_SIMULATION_FINDINGS_H_
#define MYNUMBER_TESTS_SIMULATION_FINDINGS_H_

#include <cstdint>
#include <iostream>
#include <string>

#include "absl/status/status.h"
#include "tests/simulation/plain_vault.h"

namespace mynumber::simulation {

// Without its details, which have no order of their own.
inline std::string Say(const absl::Status& status) {
  return absl::StatusCodeToString(status.code()) + ": " + std::string(status.message());
}

// What a run has to say: a hash of all that happened, the story if it is wanted, and the first promise that was broken.
class Findings {
 public:
  explicit Findings(bool verbose) : verbose_(verbose) {}

  void Note(int64_t step, const std::string& line) {
    hash_ = Mix(line, hash_ + static_cast<uint64_t>(step));
    if (verbose_) std::cout << step << "  " << line << "\n";
  }
  void Violation(int64_t step, const std::string& line) {
    Note(step, "VIOLATION " + line);
    if (violation_.empty()) violation_ = "step " + std::to_string(step) + ": " + line;
  }
  bool ok() const { return violation_.empty(); }
  const std::string& violation() const { return violation_; }
  uint64_t hash() const { return hash_; }

 private:
  bool verbose_;
  uint64_t hash_ = 0;
  std::string violation_;
};

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_FINDINGS_H_
