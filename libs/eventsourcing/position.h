#ifndef MYNUMBER_LIBS_EVENTSOURCING_POSITION_H_
#define MYNUMBER_LIBS_EVENTSOURCING_POSITION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mynumber::eventsourcing {

// Where an event stands in a service's log, whatever log that is: "partition@sequence.index".
struct Position {
  uint32_t partition = 0;
  // Of the batch: 1, 2, 3, ...
  uint64_t sequence = 0;
  // Of the event in it.
  uint32_t index = 0;
};

std::string FormatPosition(const Position& position);
// Nothing if `text` is none.
std::optional<Position> ParsePosition(std::string_view text);

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_POSITION_H_
