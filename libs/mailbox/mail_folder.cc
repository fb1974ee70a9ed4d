#include "libs/mailbox/mail_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/mailbox/message.h"

namespace mynumber::mailbox {
namespace {

// A descriptor, closed when it goes.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

absl::Status Failed(const std::string& folder) {
  return absl::UnavailableError(absl::StrCat("A mail could not be put into the folder ", folder, " (",
                                             std::strerror(errno),
                                             "): see to its rights and the space on the disk."));
}

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool SyncFolder(const std::string& folder) {
  const File file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file.get() >= 0 && fsync(file.get()) == 0;
}

absl::Status Put(const std::string& folder, const std::string& path, std::string_view message) {
  // Mode 0600, by mkostemp's promise.
  std::string temporary = folder + "/.mail-XXXXXX";
  const File file(mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return Failed(folder);
  const bool is_put = WriteAll(file.get(), message) && fsync(file.get()) == 0 &&
                      rename(temporary.c_str(), path.c_str()) == 0;
  absl::Status status = is_put ? absl::OkStatus() : Failed(folder);
  if (!is_put) unlink(temporary.c_str());
  if (is_put && !SyncFolder(folder)) status = Failed(folder);
  return status;
}

}  // namespace

absl::StatusOr<SendMail> IntoFolder(const std::string& folder, Sender sender) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return Failed(folder);
  if (access(folder.c_str(), W_OK | X_OK) != 0 || !SyncFolder(folder)) return Failed(folder);
  return SendMail([folder, sender = std::move(sender)](const Mail& mail) -> absl::Status {
    if (absl::Status checked = CheckRecipient(mail); !checked.ok()) return checked;
    const std::string message = MessageOf(mail, sender, sender.now_micros());
    const std::string path = absl::StrCat(folder, "/", mail.message_id, ".eml");
    // Its name may not be on disk yet if the one that wrote it was ended.
    if (access(path.c_str(), F_OK) == 0) return SyncFolder(folder) ? absl::OkStatus() : Failed(folder);
    return Put(folder, path, message);
  });
}

}  // namespace mynumber::mailbox
