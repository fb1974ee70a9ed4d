#ifndef MYNUMBER_LIBS_SERVING_POSITIONS_H_
#define MYNUMBER_LIBS_SERVING_POSITIONS_H_

// The positions that answers carry, and reads bring along.

#include <string>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/position.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/serving/context.h"

namespace mynumber::serving {

// Where the rows of the partition stand. Read after a state, so that whoever brings this position sees no older one.
template <class S, class Own>
absl::StatusOr<eventsourcing::Position> PositionNow(const Context<S, Own>& context, uint32_t partition) {
  std::string value;
  eventsourcing::Head head;
  auto found = context.rows[partition]->Get(eventsourcing::kHeadKey, &value);
  if (!found.ok()) return found.status();
  if (!head.ParseFromString(value)) return absl::DataLossError("the head of the rows cannot be read");
  return eventsourcing::Position{partition, head.sequence(), 0};
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_POSITIONS_H_
