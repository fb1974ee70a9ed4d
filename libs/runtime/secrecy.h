#ifndef MYNUMBER_LIBS_RUNTIME_SECRECY_H_
#define MYNUMBER_LIBS_RUNTIME_SECRECY_H_

#include "absl/status/status.h"

namespace mynumber::runtime {

// From now on no core of this process is written, and nobody but root may attach a debugger to it or read its memory,
// environment or open files under /proc: keys and residents' data lie there in clear. Call once in main(), before a key
// is read. A child by fork inherits it, a program that is executed only the limit.
//
// Both PR_SET_DUMPABLE 0 and RLIMIT_CORE 0 (soft and hard): where kernel.core_pattern names a program, the kernel hands
// it cores whatever the limit.
//
// For the process itself nothing changes but this: files under /proc/self belong to root, so that one without
// privileges may still read its own statm, fd and task there, and no longer its own environ or mem.
//
// FAILED_PRECONDITION with a sentence for the operator if the kernel refuses; then nothing secret should be loaded.
absl::Status KeepOutOfDumps();

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_SECRECY_H_
