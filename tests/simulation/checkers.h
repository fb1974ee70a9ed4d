#ifndef MYNUMBER_TESTS_SIMULATION_CHECKERS_H_
#define MYNUMBER_TESTS_SIMULATION_CHECKERS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/clients.h"
#include "tests/simulation/findings.h"
#include "tests/simulation/instance.h"
#include "tests/simulation/simulated_log.h"

namespace mynumber::simulation {

// One partition's log, folded from its first record by the rule and nothing else.
struct Truth {
  eventsourcing::Head head;
  uint64_t void_records = 0;
  // Accepted commands by (request id, subject): positions of their last events, as often as they stand there.
  std::map<std::pair<std::string, std::string>, std::vector<eventsourcing::Position>> accepted;
  // (subject, version) -> digest of the state, and its number.
  std::map<std::pair<std::string, uint64_t>, std::pair<uint64_t, std::string>> states;
  SimulatedRows rows;
};

// Where the rule leads over all of a log.
eventsourcing::Head FoldHead(const std::vector<std::string>& records);

// Reads without faults. `service` is copied. A chain that is broken, or time that runs backwards, is a violation.
Truth FoldFromScratch(SimulatedLog* log, uint32_t partition, uint32_t projection_version,
                      const TracedIssuance& service, eventsourcing::Vault* vault, int64_t step, Findings* findings);

// P4: the instance's rows at their head are the fold of the log to that head. An instance that does not serve may hold
// a tail that was truncated, and will notice; until then nothing is said of it.
void CheckRows(Instance* instance, uint32_t partition, SimulatedLog* log, const TracedIssuance& service, int64_t step,
               Findings* findings);

// P4 once all is quiet: head and rows are those of the whole log, no receipt is missing.
void CheckRowsAtEnd(Instance* instance, uint32_t partition, const Truth& truth, int64_t step, Findings* findings);

// P1: no number belongs to two residents, replaced ones included.
void CheckNumbers(const std::vector<Truth>& truths, int64_t step, Findings* findings);

// P2, P3: every answer against the log.
void CheckAnswers(const Clients& clients, const std::vector<Truth>& truths, int64_t step, Findings* findings);

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_CHECKERS_H_
