#include "libs/whole_file/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace mynumber::whole_file {

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool SyncFolder(const std::string& folder) {
  const OpenFile file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file.get() >= 0 && fsync(file.get()) == 0;
}

bool Put(const std::string& folder, const std::string& name, std::string_view bytes) {
  // Mode 0600, by mkostemp's promise.
  std::string temporary = folder + "/" + kBegun + "XXXXXX";
  const OpenFile file(mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return false;
  const bool is_put = WriteAll(file.get(), bytes) && fsync(file.get()) == 0 &&
                      rename(temporary.c_str(), (folder + "/" + name).c_str()) == 0;
  if (is_put) return SyncFolder(folder);
  const int why = errno;
  unlink(temporary.c_str());
  errno = why;
  return false;
}

}  // namespace mynumber::whole_file
