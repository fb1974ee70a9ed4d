#include "libs/mailbox/mail_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/mailbox/message.h"
#include "libs/whole_file/whole_file.h"

namespace mynumber::mailbox {
namespace {

absl::Status Failed(const std::string& folder) {
  return absl::UnavailableError(absl::StrCat("A mail could not be put into the folder ", folder, " (",
                                             std::strerror(errno),
                                             "): see to its rights and the space on the disk."));
}

}  // namespace

absl::StatusOr<SendMail> IntoFolder(const std::string& folder, Sender sender) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return Failed(folder);
  if (access(folder.c_str(), W_OK | X_OK) != 0 || !whole_file::SyncFolder(folder)) return Failed(folder);
  return SendMail([folder, sender = std::move(sender)](const Mail& mail) -> absl::Status {
    if (absl::Status checked = CheckRecipient(mail); !checked.ok()) return checked;
    const std::string message = MessageOf(mail, sender, sender.now_micros());
    const std::string path = absl::StrCat(folder, "/", mail.message_id, ".eml");
    // Its name may not be on disk yet if the one that wrote it was ended.
    if (access(path.c_str(), F_OK) == 0) return whole_file::SyncFolder(folder) ? absl::OkStatus() : Failed(folder);
    return whole_file::Put(folder, mail.message_id + ".eml", message) ? absl::OkStatus() : Failed(folder);
  });
}

}  // namespace mynumber::mailbox
