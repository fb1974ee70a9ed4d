#ifndef MYNUMBER_LIBS_EVENTSOURCING_FOLD_H_
#define MYNUMBER_LIBS_EVENTSOURCING_FOLD_H_

// The rule by which every reader folds a partition, the own or a foreign one (design.md section 4; checked exhaustively
// within small bounds by tests/model/ownership.py).

#include <functional>
#include <string>
#include <string_view>

#include "libs/eventsourcing/log.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"
#include "mynumber/eventlog/v1/head.pb.h"

namespace mynumber::eventsourcing {

// SHA-256 of `previous` followed by `record`: 32 bytes. An argument, since this room sees no cipher.
using ChainHash = std::function<std::string(std::string_view previous, std::string_view record)>;

// Where the fold stands after the last valid record. Stored with the rows, in the same atomic write.
using Head = eventlog::v1::PartitionHead;

enum class Verdict {
  // A claim: its claim id is the newest now.
  kClaim,
  // The next batch of the newest claim.
  kValid,
  // Of another claim, out of sequence, a duplicate (of the newest claim, too) or not to be parsed: counted and skipped,
  // not in the hash.
  kVoid,
  // The right sequence of the right claim on another history: the log was changed. Stop.
  kAlarm,
};

// Head of an empty partition.
Head EmptyHead();

Verdict Judge(const Head& head, const eventlog::v1::Record& record);
// The same of a record as it stands in the log, which is parsed into `record`.
Verdict Judge(const Head& head, const std::string& bytes, eventlog::v1::Record* record);

// The head that a batch says it was decided on, as far as Judge looks at it; an empty one for any other record.
Head HeadBefore(const eventlog::v1::Record& record);

// Whether both stand behind the same records; their addresses may differ (a log that moved, a batch that stands twice).
bool SameHistory(const Head& a, const Head& b);

// The head after a record that was judged kClaim or kValid. `bytes` are the record as it stands in the log.
Head Advance(const Head& head, const eventlog::v1::Record& record, std::string_view bytes,
             Offset offset, const ChainHash& chain);

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_FOLD_H_
