#ifndef MYNUMBER_LIBS_EVENTSOURCING_LOG_H_
#define MYNUMBER_LIBS_EVENTSOURCING_LOG_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::eventsourcing {

// Address of a record in one partition of one log; dense, from 0. Not a position: a log may move (design.md section 2).
using Offset = int64_t;

struct LogRecord {
  Offset offset = 0;
  std::string bytes;
};

// Names a block of wrapped data keys: of the batch that the writer `claim_id` sends as its `claim_sequence`.
struct KeyBlockId {
  std::string claim_id;
  uint64_t claim_sequence = 0;
};

struct AppendRequest {
  std::string record;
  // A serialised KeyBlock, or empty. The log makes it durable no later than the record can be read.
  KeyBlockId key_block_id;
  std::string key_block;
};

struct AppendResult {
  enum class Kind {
    // In the log for good, at `offset`.
    kAcknowledged,
    // Not in the log, and never will be.
    kNotWritten,
    // May be in the log, or come to be later: the writer must be thrown away.
    kUnknown,
  };
  Kind kind = Kind::kUnknown;
  Offset offset = -1;
  // Why, if not acknowledged.
  absl::Status status;
};

// What the log's own clock shows now: it lies between the two, by what the log said when it took a record.
struct LogTime {
  // False: the log has a clock, and nothing has been heard of it yet.
  bool is_known = false;
  int64_t earliest_micros = 0;
  int64_t latest_micros = 0;
};

// One partition of a log that can only be appended to, by any number of writers that need not know of each other. It
// fences nobody: the rule in fold.h does. All calls come from the partition's one loop and none blocks for long; a log
// that works in threads of its own wakes the loop when there is something to poll.
class PartitionLog {
 public:
  virtual ~PartitionLog() = default;

  // Makes a fresh writer for Append. What the former one has under way is forgotten, though it may still arrive.
  virtual absl::Status NewWriter() = 0;

  // Sends one record with the current writer. One at a time: not before Poll has told the former one's result.
  virtual void Append(AppendRequest request) = 0;

  // The result of the record under way, once; nothing while there is none. What is under way may need this call to go
  // on, and an idle writer is polled, too.
  virtual std::optional<AppendResult> Poll() = 0;

  // The time as the log has it, by which an owner tells that its own clock is wrong; nothing if the log has no clock.
  virtual std::optional<LogTime> Time() { return std::nullopt; }

  // The offset that comes next, as the log's leader tells it. UNAVAILABLE: ask again.
  virtual absl::StatusOr<Offset> End() = 0;

  // Records from `from` on, in order, without holes, as many as fit in `max_bytes` and at least one if there is any;
  // none if nothing is there yet. They may be of a leader that was replaced, until this handle has read of the new one.
  // OUT_OF_RANGE: `from` lies beyond the end. UNAVAILABLE: ask again.
  virtual absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) = 0;

  // The key block of a batch. NOT_FOUND if it had none.
  virtual absl::StatusOr<std::string> ReadKeyBlock(const KeyBlockId& id) = 0;

  // For a while nothing is read or written here: lets go of the writer and of what was fetched ahead. The next call of
  // anything else ends that.
  virtual void Rest() {}
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_LOG_H_
