#ifndef MYNUMBER_LIBS_MAILBOX_MAIL_FOLDER_H_
#define MYNUMBER_LIBS_MAILBOX_MAIL_FOLDER_H_

#include <string>

#include "absl/status/statusor.h"
#include "libs/mailbox/mail.h"

namespace mynumber::mailbox {

// Puts mails into a folder, for development, demonstrations, and a mail system that collects from there:
// <folder>/<message_id>.eml, mode 0600, on disk when the call returns, and never half of one under that name. A mail
// that is sent again stays the file that it was. Makes the folder (mode 0700) if it is missing; UNAVAILABLE if it
// cannot.
absl::StatusOr<SendMail> IntoFolder(const std::string& folder, Sender sender);

}  // namespace mynumber::mailbox

#endif  // MYNUMBER_LIBS_MAILBOX_MAIL_FOLDER_H_
