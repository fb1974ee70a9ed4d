// The simulation by hand: `simulate --seed S [--verbose]` replays a run, `simulate --seeds N` runs many.

#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "tests/simulation/simulation.h"

ABSL_FLAG(uint64_t, seed, 1, "the first seed");
ABSL_FLAG(uint64_t, seeds, 1, "how many seeds, from --seed on");
ABSL_FLAG(std::string, bug, "none", "a planted bug, see planted_bugs.h");
ABSL_FLAG(bool, verbose, false, "tell everything that happens");
ABSL_FLAG(bool, keep_going, false, "go on after a broken promise");

namespace {

using mynumber::simulation::FaultCounts;

void Add(const FaultCounts& counts, FaultCounts* sum) {
  for (const auto& [name, count] : counts) (*sum)[name] += count;
}

}  // namespace

int main(int argc, char** argv) {
  namespace simulation = mynumber::simulation;
  absl::SetProgramUsageMessage("runs the engine under seeds, with everything around it failing");
  absl::ParseCommandLine(argc, argv);
  const auto bug = simulation::BugByName(absl::GetFlag(FLAGS_bug));
  if (!bug) {
    std::cerr << "no such bug\n";
    return 2;
  }
  FaultCounts sum = simulation::AllFaults();
  uint64_t broken = 0, answered = 0, records = 0;
  const uint64_t first = absl::GetFlag(FLAGS_seed);
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t seed = first; seed < first + absl::GetFlag(FLAGS_seeds); ++seed) {
    const auto result = simulation::Run({seed, *bug, absl::GetFlag(FLAGS_verbose)});
    Add(result.fired, &sum);
    Add(result.met, &sum);
    answered += result.answered;
    records += result.records;
    if (result.violation.empty()) continue;
    ++broken;
    std::cout << "seed " << seed << ": " << result.violation << "\n";
    if (!absl::GetFlag(FLAGS_keep_going)) break;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (const auto& [name, count] : sum) std::printf("%12llu  %s\n", static_cast<unsigned long long>(count), name.c_str());
  std::cout << answered << " answers, " << records << " records, " << broken << " broken seeds, " << seconds << " s\n";
  return broken == 0 ? 0 : 1;
}
