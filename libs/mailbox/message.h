#ifndef MYNUMBER_LIBS_MAILBOX_MESSAGE_H_
#define MYNUMBER_LIBS_MAILBOX_MESSAGE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "libs/mailbox/mail.h"

namespace mynumber::mailbox {

// INVALID_ARGUMENT if the recipient is no address.
absl::Status CheckRecipient(const Mail& mail);

// The mail as RFC 5322 has it, lines ending with CRLF, all of it ASCII: subject and sender's name as encoded words (RFC
// 2047), the text as base64. Nothing of the mail but its checked address and id stands in a header in clear, so nothing
// can add one. `mail.to` is an address.
std::string MessageOf(const Mail& mail, const Sender& sender, int64_t now_micros);

}  // namespace mynumber::mailbox

#endif  // MYNUMBER_LIBS_MAILBOX_MESSAGE_H_
