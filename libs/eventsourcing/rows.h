#ifndef MYNUMBER_LIBS_EVENTSOURCING_ROWS_H_
#define MYNUMBER_LIBS_EVENTSOURCING_ROWS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::eventsourcing {

// One change to one row; no value: the row goes.
struct RowWrite {
  std::string key;
  std::optional<std::string> value;
};

// Changes that become visible and durable together, or not at all. Of several to one row the last counts.
using Changes = std::vector<RowWrite>;

// The rows of one partition's projection: a sorted map of bytes. Get and Scan may be called by any thread; Write by the
// partition's loop alone. After a crash the rows are those of some earlier Write, never a part of one.
class Rows {
 public:
  virtual ~Rows() = default;

  // False if there is no such row.
  virtual absl::StatusOr<bool> Get(std::string_view key, std::string* value) const = 0;

  virtual absl::Status Write(const Changes& changes) = 0;

  // Rows whose key starts with `prefix` and is greater than `after` (empty: from the first), in order, until `visit`
  // returns false. The views live as long as the visit.
  virtual absl::Status Scan(std::string_view prefix, std::string_view after,
                            const std::function<bool(std::string_view key, std::string_view value)>&
                                visit) const = 0;

  // Forgets every row, for a fold from the beginning; the old ones are kept aside, since they may be the only copy.
  virtual absl::Status StartOver() = 0;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_ROWS_H_
