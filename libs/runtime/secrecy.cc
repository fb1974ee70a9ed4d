#include "libs/runtime/secrecy.h"

#include <cerrno>
#include <cstring>

#include <sys/prctl.h>
#include <sys/resource.h>

#include "absl/strings/str_cat.h"

namespace mynumber::runtime {
namespace {

absl::Status Refused(const char* what) {
  return absl::FailedPreconditionError(
      absl::StrCat("Keys could end in a core dump or in another process, since the kernel refuses ", what, " (",
                   std::strerror(errno), "): start the process without the confinement that forbids it."));
}

}  // namespace

absl::Status KeepOutOfDumps() {
  const rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return Refused("RLIMIT_CORE 0");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return Refused("PR_SET_DUMPABLE 0");
  return absl::OkStatus();
}

}  // namespace mynumber::runtime
