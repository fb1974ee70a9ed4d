#include "tests/simulation/campaign.h"

#include <iomanip>

#include "tests/simulation/plain_vault.h"

namespace mynumber::simulation {

const FaultCounts& AllThatMustHappen() {
  static const auto* const kAll = new FaultCounts{
      {"acknowledgement lost", 0},
      {"append lost", 0},
      {"append refused", 0},
      {"append delayed", 0},
      {"append twice", 0},
      {"acknowledgement late", 0},
      {"arrived after its writer", 0},
      {"read unavailable", 0},
      {"read short", 0},
      {"read stale", 0},
      {"key block unavailable", 0},
      {"end unavailable", 0},
      {"end stale", 0},
      {"truncated", 0},
      {"truncated and sent again", 0},
      {"old leader asked", 0},
      {"log full", 0},
      {"rows disk full", 0},
      {"rows unreadable", 0},
      {"unflushed rows lost", 0},
      {"crash between steps", 0},
      {"crash before a claim", 0},
      {"crash before an append", 0},
      {"crash after an append", 0},
      {"crash at an acknowledgement", 0},
      {"crash at a read", 0},
      {"crash before the rows are written", 0},
      {"crash after the rows were written", 0},
      {"paused", 0},
      {"resumed as a zombie", 0},
      {"claims race", 0},
      {"sent again", 0},
      {"sent twice at once", 0},
      {"told UNAVAILABLE", 0},
      {"told RESOURCE_EXHAUSTED", 0},
      {"told DEADLINE_EXCEEDED", 0},
      {"void records", 0},
      {"unknown outcomes", 0},
      {"unknown outcomes found written", 0},
      {"unknown outcomes found absent", 0},
      {"unknown outcomes superseded", 0},
      {"truncations noticed", 0},
      {"reading -> claiming", 0},
      {"reading -> waiting", 0},
      {"claiming -> reading its claim", 0},
      {"claiming -> waiting", 0},
      {"reading its claim -> serving", 0},
      {"reading its claim -> waiting", 0},
      {"serving -> reading a gap", 0},
      {"serving -> waiting", 0},
      {"reading a gap -> serving", 0},
      {"reading a gap -> reading", 0},
      {"reading a gap -> waiting", 0},
      {"serving -> reading", 0},
      {"waiting -> reading", 0},
      {"answer accepted", 0},
      {"answer accepted, repeated", 0},
      {"answer already so", 0},
      {"answer refused", 0},
      {"answer read", 0},
      {"answer refused for a reused id", 0},
      {"answer erased", 0},
      {"key block written anew", 0},
      {"master key rotated", 0},
  };
  return *kAll;
}

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
