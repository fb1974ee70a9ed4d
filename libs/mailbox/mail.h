#ifndef MYNUMBER_LIBS_MAILBOX_MAIL_H_
#define MYNUMBER_LIBS_MAILBOX_MAIL_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"

namespace mynumber::mailbox {

// To one person, in plain text. Personal data, all of it but the id.
struct Mail {
  std::string to;
  // UTF-8. Control characters become spaces; cut at 200 bytes.
  std::string subject;
  // UTF-8; lines end with "\n".
  std::string text;
  // Names this mail for ever, so that it is the same one if it is sent again: 1 to 64 of a-z, A-Z, 0-9, "-" and "_",
  // of chance or a hash. Anything else aborts.
  std::string message_id;
};

// Who sends. An address or a name that is none aborts when a mail is made.
struct Sender {
  std::string address;
  // Shown beside the address; UTF-8, at most 200 bytes.
  std::string name;
  // Micros since 1970; what mails are dated by.
  std::function<int64_t()> now_micros;
};

// Hands one mail over and returns when that is done for good. Blocks: from threads of its own, any number at once.
// INVALID_ARGUMENT: this recipient will never get it (no address, or refused for good): do not try again. UNAVAILABLE:
// try again later, with the same mail. No message holds an address or a word of the mail.
using SendMail = std::function<absl::Status(const Mail& mail)>;

}  // namespace mynumber::mailbox

#endif  // MYNUMBER_LIBS_MAILBOX_MAIL_H_
