#ifndef MYNUMBER_TESTS_SIMULATION_PLANTED_BUGS_H_
#define MYNUMBER_TESTS_SIMULATION_PLANTED_BUGS_H_

// Six mistakes that an engine could make, planted between the real one and what it stands on. The simulation must find
// each.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/eventsourcing/log.h"
#include "libs/eventsourcing/rows.h"

namespace mynumber::simulation {

enum class Bug {
  kNone,
  // A writer takes any acknowledgement for its own at the next offset.
  kNoGapCheck,
  // A batch of the newest claim counts, whatever its sequence and hash.
  kValidByClaimAlone,
  // Callers are answered when the batch is sent.
  kAnswerBeforeAcknowledgement,
  // Rows and head are written one after the other.
  kPositionOutsideAtomicWrite,
  // A restarted instance does not know what it had accepted.
  kReceiptsForgotten,
  // A refusal or a current read is answered from the rows at once, without an append behind it.
  kAnswerAtOnce,
};

inline constexpr Bug kPlantedBugs[] = {Bug::kNoGapCheck,
                                       Bug::kValidByClaimAlone,
                                       Bug::kAnswerBeforeAcknowledgement,
                                       Bug::kPositionOutsideAtomicWrite,
                                       Bug::kReceiptsForgotten,
                                       Bug::kAnswerAtOnce};

std::string_view BugName(Bug bug);
std::optional<Bug> BugByName(std::string_view name);

// What stands between the engine and `log` with this bug; null if nothing does. `rows` are the instance's.
std::unique_ptr<eventsourcing::PartitionLog> LogWithBug(Bug bug, eventsourcing::PartitionLog* log,
                                                        const eventsourcing::Rows* rows);
// Likewise between the engine and `rows`.
std::unique_ptr<eventsourcing::Rows> RowsWithBug(Bug bug, eventsourcing::Rows* rows);

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_PLANTED_BUGS_H_
