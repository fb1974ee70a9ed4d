#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_BULK_SEND_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_BULK_SEND_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "services/mynumberctl/bulk_kinds.h"

namespace mynumber::mynumberctl {

struct BulkOptions {
  // Who asks, for rows that have no actor of their own.
  mynumber::type::Actor actor;
  // 1 to 1,000. A batch also ends with the row that fills batch_bytes: servers take messages of 4 MiB.
  int rows_per_batch = 1000;
  size_t batch_bytes = 2 << 20;
  // Batches sent and not yet answered; each holds its rows in memory.
  int batches_in_flight = 8;
  // After a lost connection, or a "not now" to a row, what is unanswered is sent again as it was.
  // Without it a lost connection ends the load, and "not now" is the row's answer.
  bool reconnect = false;
  // The wait before that, doubled each time in vain up to the longest, if the server names no other one.
  std::chrono::milliseconds first_wait{200};
  std::chrono::milliseconds longest_wait{5000};
  // Ends the load when no row was answered for this long, connected or not.
  std::chrono::milliseconds silence_max{300'000};
};

// Writes the next row over all of `row`, which holds an earlier row: strings keep their memory that way, and a million
// rows cost no allocations. `line` is handed back with the answer. False: there are no more rows.
template <typename Kind>
using RowSource = std::function<bool(typename Kind::Row* row, uint64_t* line)>;

// One row's final answer; a refusal if answer.has_error(). The references live as long as the call.
template <typename Kind>
struct BulkAnswer {
  uint64_t line;
  const typename Kind::Row& row;
  const typename Kind::Answer& answer;
};
template <typename Kind>
using AnswerSink = std::function<void(const BulkAnswer<Kind>& answer)>;

struct BulkTotals {
  uint64_t accepted = 0;
  uint64_t refused = 0;
  // Rows that went out more than once, counted each time.
  uint64_t sent_again = 0;
  uint64_t connections = 0;
};

// Sends the rows of `source` through one of the streams of bulk_kinds.h. Every row is answered once: in the order of
// the rows, except those that had to be sent again. Blocks until all are answered (OK) or the load has ended early (the
// status of the stream, UNAVAILABLE after a lost connection or silence_max): the rows that were not answered may then
// be sent again safely, as they were. `source` runs on the caller's thread and `sink` on another one, at the same time.
template <typename Kind>
absl::Status BulkSend(typename Kind::Stub& stub, const BulkOptions& options, const RowSource<Kind>& source,
                      const AnswerSink<Kind>& sink, BulkTotals* totals);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_BULK_SEND_H_
