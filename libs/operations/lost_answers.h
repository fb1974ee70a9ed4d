#ifndef MYNUMBER_LIBS_OPERATIONS_LOST_ANSWERS_H_
#define MYNUMBER_LIBS_OPERATIONS_LOST_ANSWERS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "libs/eventsourcing/rows.h"

namespace mynumber::operations {

// A request that was answered with OK from a record that the log lost later.
struct LostAnswer {
  // 16 bytes each.
  std::string request_id;
  std::string subject;
  int64_t time_micros = 0;
  // Position of its last event in the history that is gone.
  uint64_t sequence = 0;
  uint32_t index = 0;
};

// Receipts that rows moved aside have and the live rows, caught up with the log, have not, by request id. One that was
// asked again since stands in the log again. Receipts that the live rows may have dropped by their age cannot be told
// from lost ones, and are left out. Stops when `visit` returns false.
absl::Status FindLostAnswers(const eventsourcing::Rows& aside, const eventsourcing::Rows& live,
                             int64_t receipt_retention_micros, const std::function<bool(const LostAnswer&)>& visit);

}  // namespace mynumber::operations

#endif  // MYNUMBER_LIBS_OPERATIONS_LOST_ANSWERS_H_
