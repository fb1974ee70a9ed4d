#ifndef MYNUMBER_LIBS_MAILBOX_EMAIL_ADDRESS_H_
#define MYNUMBER_LIBS_MAILBOX_EMAIL_ADDRESS_H_

#include <string_view>

namespace mynumber::mailbox {

// A plain mailbox of RFC 5321: a dot-atom of at most 64 ASCII characters, "@", a host name of two labels or more; at
// most 254 characters together. No quoted local part, address literal, comment, name or other script. Whether mail
// arrives there only the recipient can tell.
bool IsEmailAddress(std::string_view text);

// What stands behind the "@" of such an address.
std::string_view HostOf(std::string_view address);

}  // namespace mynumber::mailbox

#endif  // MYNUMBER_LIBS_MAILBOX_EMAIL_ADDRESS_H_
