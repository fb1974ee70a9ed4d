#ifndef MYNUMBER_LIBS_SEALING_KEY_FILE_H_
#define MYNUMBER_LIBS_SEALING_KEY_FILE_H_

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

// Writes a file of mode 0600 that did not exist; on disk as a whole, its name too, when this
// returns OK.
absl::Status WriteNewKeyFile(const std::string& path, std::string_view text);

// Reads a file that only its owner may touch. `text` has room for kKeyFileBytesMax.
absl::Status ReadKeyFile(const std::string& path, SecretText* text);

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_KEY_FILE_H_
