#ifndef MYNUMBER_LIBS_SERVING_READ_AS_H_
#define MYNUMBER_LIBS_SERVING_READ_AS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "grpcpp/grpcpp.h"
#include "libs/eventsourcing/position.h"

namespace mynumber::serving {

// The three kinds of reads (docs/decisions/0018).
enum class ReadKind {
  // Sees everything that was answered OK before it began: the owner proves it.
  kCurrent,
  // Sees what stood in the log, as its leader tells it. Needs no owner; a leader that was cut off tells an old end.
  kFresh,
  // What the rows here have.
  kStale,
};

// How a caller wants to read: by headers of any reading call, or by fields of its request.
struct ReadAs {
  ReadKind kind = ReadKind::kCurrent;
  // Only once the rows have this, of an earlier answer; for a partition that is not read it says nothing.
  std::optional<eventsourcing::Position> at;
};

// "mynumber-read: current|fresh|stale" and "mynumber-position: 3@120.0"; the answer's trailer has both.
inline constexpr char kReadHeader[] = "mynumber-read";
inline constexpr char kPositionHeader[] = "mynumber-position";

const char* NameOf(ReadKind kind);
// `by_default`: what counts without a header. Nothing: a header that says nothing known.
std::optional<ReadAs> ReadAsOf(const grpc::CallbackServerContext& call, ReadKind by_default);

// What an answer tells of how it was read.
struct ReadTold {
  std::optional<ReadKind> kind;
  // Where the rows stand, asked once all is read; may be empty.
  std::function<std::string()> position;

  void AddTo(grpc::CallbackServerContext* call) const;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_READ_AS_H_
