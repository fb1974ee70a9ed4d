// The simulation by hand: `simulate --seed S [--verbose]` replays a run, `simulate --seeds N` runs many.

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "tests/simulation/campaign.h"

ABSL_FLAG(uint64_t, seed, 1, "the first seed");
ABSL_FLAG(uint64_t, seeds, 1, "how many seeds, from --seed on");
ABSL_FLAG(std::string, bug, "none", "a planted bug, see planted_bugs.h");
ABSL_FLAG(bool, verbose, false, "tell everything that happens");
ABSL_FLAG(bool, keep_going, false, "go on after a broken promise");

int main(int argc, char** argv) {
  namespace simulation = mynumber::simulation;
  absl::SetProgramUsageMessage("runs the engine under seeds, with everything around it failing");
  absl::ParseCommandLine(argc, argv);
  const auto bug = simulation::BugByName(absl::GetFlag(FLAGS_bug));
  if (!bug) {
    std::cerr << "no such bug\n";
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const simulation::CampaignResult result =
      simulation::RunCampaign({absl::GetFlag(FLAGS_seed), absl::GetFlag(FLAGS_seeds), *bug,
                               absl::GetFlag(FLAGS_keep_going), absl::GetFlag(FLAGS_verbose)},
                              std::cout);
  simulation::Print(result, std::cout);
  std::cerr << std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() << " s\n";
  return result.broken_seeds == 0 ? 0 : 1;
}
