#ifndef MYNUMBER_LIBS_SEALING_RECORD_CODE_H_
#define MYNUMBER_LIBS_SEALING_RECORD_CODE_H_

#include <cstdint>
#include <string>

#include "libs/eventsourcing/authenticated_log.h"
#include "libs/sealing/keyring.h"

namespace mynumber::sealing {

// The codes of records in one partition of a service's log (docs/log_format.md): of no use in another place. Any number
// of threads may use one.
eventsourcing::RecordCode RecordCodeOf(const Keyring& keyring, const std::string& service, uint32_t partition);

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_RECORD_CODE_H_
