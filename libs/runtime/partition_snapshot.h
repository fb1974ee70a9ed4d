#ifndef MYNUMBER_LIBS_RUNTIME_PARTITION_SNAPSHOT_H_
#define MYNUMBER_LIBS_RUNTIME_PARTITION_SNAPSHOT_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "libs/eventsourcing/ownership.h"

namespace mynumber::runtime {

// Who owns a partition, as another instance says.
struct Owner {
  std::string claim_id;
  std::string instance;
  std::string address;
};

// Where a partition stands, for people and metrics.
struct PartitionSnapshot {
  eventsourcing::Ownership::Phase phase = eventsourcing::Ownership::Phase::kReading;
  absl::Status stopped;
  // What keeps it from serving for now; OK if nothing does.
  absl::Status trouble;
  // Why events of another service are not reacted to; OK if they are. UNAVAILABLE heals by itself.
  absl::Status input_trouble;
  eventsourcing::Head head;
  eventsourcing::OwnershipCounts counts;
  eventsourcing::Offset target = -1;
  // How far this instance's clock is ahead of the log's; see Ownership.
  int64_t clock_off_micros = 0;
  // It does not serve, or did not when it claimed last, since its clock is further from the log's than is allowed.
  bool clock_is_wrong = false;
  // The rows have once had all of the log, as a standby reads it.
  bool has_caught_up = false;
  // This instance is to own the partition, or to claim it.
  bool wanted = false;
  // It is not followed here: the rows stand where they stood, or are not there, and of `head` only the owner is told.
  bool rests = false;
  size_t waiting = 0;
  // Of subjects that were erased; by the owner.
  size_t keys_to_destroy = 0;
  // Former master keys are needed still, by rows here or, of what this owns, by key blocks.
  bool needs_former_masters = false;

  // Whether what another service wrote needs a person before it is reacted to; it serves all the same.
  bool reacts_no_more() const { return !input_trouble.ok() && !absl::IsUnavailable(input_trouble); }

  // As Ownership says.
  bool serving() const {
    using Phase = eventsourcing::Ownership::Phase;
    return phase == Phase::kServing || phase == Phase::kReadingGap;
  }
};

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_PARTITION_SNAPSHOT_H_
