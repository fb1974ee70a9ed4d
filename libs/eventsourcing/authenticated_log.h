#ifndef MYNUMBER_LIBS_EVENTSOURCING_AUTHENTICATED_LOG_H_
#define MYNUMBER_LIBS_EVENTSOURCING_AUTHENTICATED_LOG_H_

#include <functional>
#include <memory>
#include <string_view>

#include "libs/eventsourcing/log.h"

namespace mynumber::eventsourcing {

// 32 bytes that only whoever has the cluster's key can make of a record in its place; an argument, since this room sees
// no cipher.
using RecordCode = std::function<std::string(std::string_view record)>;

// Called with the address of a record whose code is wrong, whenever it is read.
using TellForged = std::function<void(Offset offset)>;

// `log`, whose records carry a code (Record.code): put behind what is appended, taken off what is read. So whoever can
// write to a log, and has not the key, forges nothing: a record without the right code is read as a void one, which
// keeps of it the settings of a claim alone (for CheckFirstClaim). `tell` may be empty.
std::unique_ptr<PartitionLog> MakeAuthenticated(std::unique_ptr<PartitionLog> log, RecordCode code, TellForged tell);

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_AUTHENTICATED_LOG_H_
