#ifndef MYNUMBER_LIBS_SEALING_LOCKED_MEMORY_H_
#define MYNUMBER_LIBS_SEALING_LOCKED_MEMORY_H_

#include <cstddef>

#include "absl/status/status.h"

namespace mynumber::sealing {

// Keeps the pages that hold these bytes out of swap, and out of cores, until the process ends: for keys that live as
// long as it does. Whole pages, together with whatever else lies on them, so it is never undone, and a page with
// several keys counts once. A child by fork does not inherit the lock. Any thread.
//
// RESOURCE_EXHAUSTED with a sentence for the operator if RLIMIT_MEMLOCK has no room for them; the bytes are as they
// were.
absl::Status LockInMemory(const void* data, size_t bytes);

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_LOCKED_MEMORY_H_
