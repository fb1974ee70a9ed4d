#ifndef MYNUMBER_TESTS_SIMULATION_SIMULATION_H_
#define MYNUMBER_TESTS_SIMULATION_SIMULATION_H_

#include <cstdint>
#include <string>

#include "tests/simulation/planted_bugs.h"
#include "tests/simulation/simulated_log.h"

namespace mynumber::simulation {

struct RunOptions {
  uint64_t seed = 1;
  Bug bug = Bug::kNone;
  // Tells the story on standard output.
  bool verbose = false;
};

struct RunResult {
  // Empty: every promise was kept. Else the first that was not.
  std::string violation;
  // Of all that happened: the same seed, the same hash.
  uint64_t trace_hash = 0;
  // How often each fault fired, and how often the protocol met each situation (gaps, fencing, lost tails, ...).
  FaultCounts happened;
  uint64_t answered = 0;
  uint64_t records = 0;
  int64_t steps = 0;
};

// One run: three instances, one or two partitions, callers that send until they are answered; then the faults stop,
// everybody must be answered and catch up, and all is compared with the log.
RunResult Run(const RunOptions& options);

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_SIMULATION_H_
