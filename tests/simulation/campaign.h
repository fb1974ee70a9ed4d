#ifndef MYNUMBER_TESTS_SIMULATION_CAMPAIGN_H_
#define MYNUMBER_TESTS_SIMULATION_CAMPAIGN_H_

#include <cstdint>
#include <ostream>

#include "tests/simulation/simulation.h"

namespace mynumber::simulation {

// Every fault, every step of the protocol and every kind of answer that a campaign must have seen, each zero times.
const FaultCounts& AllThatMustHappen();

struct CampaignOptions {
  uint64_t first_seed = 1;
  uint64_t seeds = 1;
  Bug bug = Bug::kNone;
  // Goes on behind a seed that broke a promise.
  bool keeps_going = false;
  // Tells everything that happens.
  bool verbose = false;
};

struct CampaignResult {
  FaultCounts happened = AllThatMustHappen();
  uint64_t seeds = 0;
  uint64_t broken_seeds = 0;
  // 0: none.
  uint64_t first_broken_seed = 0;
  uint64_t answered = 0;
  uint64_t records = 0;
  // Of all runs: the same seeds, the same hash.
  uint64_t trace_hash = 0;
};

// Runs seed after seed; tells of each that breaks a promise on `out`.
CampaignResult RunCampaign(const CampaignOptions& options, std::ostream& out);

// How often everything happened, and the sums.
void Print(const CampaignResult& result, std::ostream& out);

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_CAMPAIGN_H_
