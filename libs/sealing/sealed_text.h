#ifndef MYNUMBER_LIBS_SEALING_SEALED_TEXT_H_
#define MYNUMBER_LIBS_SEALING_SEALED_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mynumber::sealing {

// The form of key_file.h in which a key file is sealed by a key in a token.
bool IsSealedText(std::string_view text);

// What stands in the file for this text: opened again before it is given out.
absl::StatusOr<std::string> SealText(const std::string& uri, std::string_view text);

// Puts what was sealed in the place of *text, within its capacity, and the key's URI into *uri. DATA_LOSS: damaged.
absl::Status OpenSealedText(const std::string& path, std::string* uri, std::string* text);

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_SEALED_TEXT_H_
