#ifndef MYNUMBER_LIBS_MAILBOX_SMTP_H_
#define MYNUMBER_LIBS_MAILBOX_SMTP_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "libs/mailbox/mail.h"

namespace mynumber::mailbox {

struct SmtpOptions {
  // smtp://HOST:PORT, or smtps://HOST:PORT for a connection that begins with TLS.
  std::string url;
  // With smtp://: insist on STARTTLS. False only for a relay on this machine.
  bool needs_tls = true;
  // A PEM file with who may vouch for the server; empty: the system's.
  std::string authorities_file;
  // A file of two lines, user and password, that only its owner may read; empty: no login. Read for each mail, so a new
  // password needs no new start.
  std::string login_file;
  int64_t connect_millis_max = 10'000;
  // All of one mail, connection included.
  int64_t mail_millis_max = 60'000;
};

// Hands each mail to a server over a connection of its own. OK: the server has answered for it. After UNAVAILABLE it
// may still have it: with the same message id a mail system shows it once. INVALID_ARGUMENT here if the url is none,
// UNAVAILABLE if the login file cannot be read. The process ignores SIGPIPE (libs/runtime does).
absl::StatusOr<SendMail> BySmtp(SmtpOptions options, Sender sender);

}  // namespace mynumber::mailbox

#endif  // MYNUMBER_LIBS_MAILBOX_SMTP_H_
