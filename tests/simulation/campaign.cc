#include "tests/simulation/campaign.h"

#include <iomanip>

#include "tests/simulation/plain_vault.h"

namespace mynumber::simulation {

CampaignResult RunCampaign(const CampaignOptions& options, std::ostream& out) {
  CampaignResult sum;
  for (uint64_t seed = options.first_seed; sum.seeds < options.seeds; ++seed) {
    const RunResult run = Run({seed, options.bug, options.verbose});
    ++sum.seeds;
    for (const auto& [name, count] : run.happened) sum.happened[name] += count;
    sum.answered += run.answered;
    sum.records += run.records;
    sum.trace_hash = Mix(std::to_string(run.trace_hash), sum.trace_hash);
    if (run.violation.empty()) continue;
    out << "seed " << seed << ": " << run.violation << "\n";
    ++sum.broken_seeds;
    if (sum.first_broken_seed == 0) sum.first_broken_seed = seed;
    if (!options.keeps_going) break;
  }
  return sum;
}

void Print(const CampaignResult& result, std::ostream& out) {
  for (const auto& [name, count] : result.happened) out << std::setw(10) << count << "  " << name << "\n";
  out << result.seeds << " seeds, " << result.broken_seeds << " broken; " << result.answered << " answers, "
      << result.records << " records; trace " << std::hex << result.trace_hash << std::dec << "\n";
}

}  // namespace mynumber::simulation
