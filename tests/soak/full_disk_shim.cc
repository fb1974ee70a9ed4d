// Preloaded into a process (LD_PRELOAD) where no small file system can be mounted: while the file FULL_DISK_SWITCH
// exists, nothing more can be written to files below FULL_DISK_FOLDER, as on a disk without room.

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

bool IsFull(int file) {
  static const char* const folder = std::getenv("FULL_DISK_FOLDER");
  static const char* const full = std::getenv("FULL_DISK_SWITCH");
  if (folder == nullptr || full == nullptr || access(full, F_OK) != 0) return false;
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  const size_t length = std::strlen(folder);
  return size > static_cast<ssize_t>(length) && std::memcmp(path, folder, length) == 0 && path[length] == '/';
}

template <class Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  static auto* const next = Next<ssize_t(int, const void*, size_t)>("write");
  if (!IsFull(file)) return next(file, bytes, size);
  errno = ENOSPC;
  return -1;
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  static auto* const next = Next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  if (!IsFull(file)) return next(file, bytes, size, at);
  errno = ENOSPC;
  return -1;
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) { return pwrite64(file, bytes, size, at); }

int fallocate64(int file, int mode, off64_t from, off64_t size) {
  static auto* const next = Next<int(int, int, off64_t, off64_t)>("fallocate64");
  if (!IsFull(file)) return next(file, mode, from, size);
  errno = ENOSPC;
  return -1;
}

int fallocate(int file, int mode, off_t from, off_t size) { return fallocate64(file, mode, from, size); }

}  // extern "C"
