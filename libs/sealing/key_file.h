#ifndef MYNUMBER_LIBS_SEALING_KEY_FILE_H_
#define MYNUMBER_LIBS_SEALING_KEY_FILE_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace mynumber::sealing {

// A text that holds keys: wiped, all its capacity, when it goes. Never grows beyond the capacity it
// is made with, since growing leaves a copy behind.
class SecretText {
 public:
  explicit SecretText(size_t bytes_max) { text.reserve(bytes_max); }
  ~SecretText();
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  std::string text;
};

constexpr size_t kKeyFileBytesMax = 64 * 1024;

// A key file may be sealed by a key in a token (libs/token): "mynumber-keyring-in-token 1", that key's URI, and in hex
// the nonce and what is sealed, a line each; header and URI are bound to it. Whoever has the file alone has nothing.
// Reading opens it and changing seals it again, so that nobody here need know. What the token says is passed on.

// Writes a file of mode 0600 that did not exist; on disk as a whole, its name too, when this
// returns OK.
absl::Status WriteNewKeyFile(const std::string& path, std::string_view text);

// Reads a file that only its owner may touch. `text` has room for kKeyFileBytesMax.
absl::Status ReadKeyFile(const std::string& path, SecretText* text);

// Gives the text of a file to `change`, which makes another of it within kKeyFileBytesMax, and puts that in the file's
// place: as a whole or not at all, mode 0600, the same owner, on disk when this returns OK. One caller at a time
// on this machine, of whatever process. UNAVAILABLE with a sentence that says what to do if it cannot be written.
absl::Status ChangeKeyFile(const std::string& path, const std::function<absl::Status(std::string* text)>& change);

// Has the file's text sealed by the key that the URI names, in the file's place; read back before that. A file that is
// sealed already goes from one key to the other.
absl::Status PutKeyFileIntoToken(const std::string& path, const std::string& uri);

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_KEY_FILE_H_
