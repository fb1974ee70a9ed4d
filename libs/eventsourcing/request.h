#ifndef MYNUMBER_LIBS_EVENTSOURCING_REQUEST_H_
#define MYNUMBER_LIBS_EVENTSOURCING_REQUEST_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "libs/eventsourcing/position.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/eventsourcing/subject.h"

namespace mynumber::eventsourcing {

// Whence a command comes; shared by all rows of a bulk call.
struct Origin {
  std::string caller;
  std::string clerk_id;
  std::string method;
  std::string traceparent;
  std::string cause;
  // Several subjects are asked for under one request id.
  bool shares_request = false;
  // Whether the command was done before is told by the state itself: no receipt is kept, and no request id needed.
  bool needs_no_receipt = false;
};

// What a command's answer is made of. Valid only during the call of `prepare`.
template <class State>
struct Prepared {
  // After the command; of a repeated request, as it was after the first, or a later one that still tells the answer.
  const State& state;
  Position position;
  // The request was accepted before under this request id.
  bool repeated = false;
  // Nothing was written: it was so already.
  bool already = false;
};

// One command that waits for a partition's loop, or a proof that the rows are current.
template <class Service>
struct Request {
  SubjectId subject;
  // None: nothing to decide, `finish` comes once an append sent after this request came is acknowledged, unless one of
  // the next two says otherwise.
  std::optional<typename Service::Command> command;
  // A fresh read: once the rows have all that stood in the log, as its leader tells it, when this request came. Needs
  // no owner; never for what decides anything.
  bool fresh = false;
  // Once the rows have the batch of this sequence; 0: not asked for. Needs no owner.
  uint64_t at_sequence = 0;
  bool needs_no_owner() const { return fresh || at_sequence > 0; }
  std::shared_ptr<const Origin> origin;
  Bytes16 request_id{};
  // Keyed hash of what was asked.
  Bytes16 request_hash{};
  // Wall clock; 0: none. Past it, it is not decided any more.
  int64_t deadline_micros = 0;
  // Has a lane of its own: admitted while others are refused for load, and decided before all that wait.
  bool urgent = false;
  // Called by the loop whenever it has decided on OK: not yet an answer, and the last call counts.
  std::function<void(const Prepared<typename Service::State>&)> prepare;
  // Called by the loop exactly once. OK: what was prepared holds for good. A refusal has been proven current likewise.
  // Engine's own codes: UNAVAILABLE and RESOURCE_EXHAUSTED (safe to send again), DEADLINE_EXCEEDED, and ALREADY_EXISTS
  // with kRequestIdReused as its message, NOT_FOUND with kAnswerErased; kStorageFull likewise tells RESOURCE_EXHAUSTED
  // from a full queue, and kOutcomeUnknown UNAVAILABLE of what may stand in the log.
  std::function<void(const absl::Status&)> finish;
  // The engine's: it was sent in a batch of which nobody knows yet what became.
  bool may_be_written = false;
  // Of whoever sends requests to the partition's owner: another instance sent it, so it is not sent on; until when it
  // is tried (wall clock, 0: not yet known), and how often it was.
  bool is_forwarded = false;
  int64_t try_until_micros = 0;
  int tries = 0;
};

inline constexpr char kRequestIdReused[] = "request id reused";
// The request was accepted before, and its answer went with the subject's data.
inline constexpr char kAnswerErased[] = "the answer was erased";
inline constexpr char kStorageFull[] = "the disk is full";
inline constexpr char kOutcomeUnknown[] = "it may have been written";

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_REQUEST_H_
