#ifndef MYNUMBER_LIBS_EVENTSOURCING_SETTINGS_H_
#define MYNUMBER_LIBS_EVENTSOURCING_SETTINGS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "libs/eventsourcing/log.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"
#include "mynumber/eventlog/v1/head.pb.h"

namespace mynumber::eventsourcing {

// Whether an instance with `ours` may go on with a log that was written with `written`. FAILED_PRECONDITION: it may
// not, in a sentence for an operator.
absl::Status CheckSettings(const eventlog::v1::ClusterSettings& written, const eventlog::v1::ClusterSettings& ours);

// The same of the log's first claim, so that a wrong start is known before anything is decided or written. UNAVAILABLE:
// cannot be told now, or there is no record yet.
absl::Status CheckFirstClaim(PartitionLog* log, const eventlog::v1::ClusterSettings& ours);

// Whether rows with this head may be used, or folded afresh, by code of `projection_version`. FAILED_PRECONDITION: a
// newer program made them, and a fold afresh would only cost time.
absl::Status CheckRows(const eventlog::v1::PartitionHead& head, uint32_t partition, uint32_t projection_version);

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_SETTINGS_H_
