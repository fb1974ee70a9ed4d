#ifndef MYNUMBER_LIBS_PROJECTION_ROCKS_STATUS_H_
#define MYNUMBER_LIBS_PROJECTION_ROCKS_STATUS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "rocksdb/status.h"

namespace mynumber::projection {

// RESOURCE_EXHAUSTED: the disk is full. UNAVAILABLE: anything else; `what` says what was being done.
absl::Status FromRocks(const rocksdb::Status& status, std::string_view what);

// Why the database in `folder` cannot be opened, in a sentence for an operator: FAILED_PRECONDITION if another process
// has it, RESOURCE_EXHAUSTED if the disk is full; else as above.
absl::Status FromFailedOpen(const rocksdb::Status& status, const std::string& folder, std::string_view what);

}  // namespace mynumber::projection

#endif  // MYNUMBER_LIBS_PROJECTION_ROCKS_STATUS_H_
