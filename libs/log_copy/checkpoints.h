#ifndef MYNUMBER_LIBS_LOG_COPY_CHECKPOINTS_H_
#define MYNUMBER_LIBS_LOG_COPY_CHECKPOINTS_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "libs/eventsourcing/fold.h"
#include "libs/log_copy/copy_fold.h"
#include "mynumber/eventlog/v1/export.pb.h"

namespace mynumber::log_copy {

// What a checkpoint's signature is over: lines of text (docs/log_format.md).
std::string StatementOf(const eventlog::v1::Checkpoint& checkpoint);

// Holds one partition's log, record by record from its first, against checkpoints that were kept elsewhere.
class CheckpointFold {
 public:
  // `checkpoints`: of this partition, in any order, their signatures checked.
  CheckpointFold(uint32_t partition, std::vector<eventlog::v1::Checkpoint> checkpoints, eventsourcing::ChainHash chain);

  void Take(eventsourcing::Offset offset, const std::string& record);
  // Where the log is not what it was, one sentence each; to be asked once all records were taken.
  std::vector<std::string> Findings();
  // Checkpoints that the log agrees with.
  uint64_t agreed() const { return agreed_; }

 private:
  // Those that stand before `sequence` and were not met.
  void Miss(uint64_t sequence);
  std::string Where(uint64_t sequence) const;

  const uint32_t partition_;
  PartitionFold fold_;
  // By sequence, those that are still to be met.
  std::deque<eventlog::v1::Checkpoint> left_;
  uint64_t agreed_ = 0;
  // Of the last one that was met; 0: none.
  uint64_t agreed_sequence_ = 0;
  std::vector<std::string> findings_;
};

}  // namespace mynumber::log_copy

#endif  // MYNUMBER_LIBS_LOG_COPY_CHECKPOINTS_H_
