#include "libs/sealing/locked_memory.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace mynumber::sealing {
namespace {

absl::Status NotLocked(size_t bytes) {
  const int why = errno;
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  return absl::ResourceExhaustedError(absl::StrCat(
      "Keys could be swapped to a disk in clear, since ", bytes, " bytes of memory cannot be locked (",
      std::strerror(why), ", with room for ", limit.rlim_cur,
      " bytes): raise LimitMEMLOCK of the unit, or `ulimit -l`, or switch swap off."));
}

}  // namespace

absl::Status LockInMemory(const void* data, size_t bytes) {
  if (bytes == 0) return absl::OkStatus();
  const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t begin = reinterpret_cast<uintptr_t>(data) / page * page;
  const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + bytes + page - 1) / page * page;
  void* const pages = reinterpret_cast<void*>(begin);
  if (mlock(pages, end - begin) != 0) return NotLocked(end - begin);
  // Cores are forbidden elsewhere already; memory of which the kernel keeps no such mark is locked all the same.
  madvise(pages, end - begin, MADV_DONTDUMP);
  return absl::OkStatus();
}

}  // namespace mynumber::sealing
