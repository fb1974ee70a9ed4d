#ifndef MYNUMBER_LIBS_WHOLE_FILE_WHOLE_FILE_H_
#define MYNUMBER_LIBS_WHOLE_FILE_WHOLE_FILE_H_

// Files that are on disk whole, or not there. Plain system calls; any thread. What fails leaves its errno.

#include <string>
#include <string_view>

namespace mynumber::whole_file {

// A descriptor, closed when it goes. Below 0: it could not be opened.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool WriteAll(int file, std::string_view bytes);

// What was renamed into the folder, or made in it, is there after a crash, too.
bool SyncFolder(const std::string& folder);

// What a file's name begins with as long as it is not whole; one that a crash left over may go.
inline constexpr char kBegun[] = ".begun-";

// On disk for good and whole under <folder>/<name>, mode 0600, in the place of what was there; or nothing has changed.
// Only after a failed sync of the folder may it be there all the same.
bool Put(const std::string& folder, const std::string& name, std::string_view bytes);

}  // namespace mynumber::whole_file

#endif  // MYNUMBER_LIBS_WHOLE_FILE_WHOLE_FILE_H_
