#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_PAGE_TOKEN_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_PAGE_TOKEN_H_

// Where a list goes on: bytes of the last row's key, in lower-case hexadecimal.

#include <optional>
#include <string>

#include "absl/strings/escaping.h"

namespace mynumber::issuance {

inline std::string FormatPageToken(const std::string& bytes) { return absl::BytesToHexString(bytes); }

// Nothing for a text that FormatPageToken does not give.
inline std::optional<std::string> ParsePageToken(const std::string& token) {
  std::string bytes = absl::HexStringToBytes(token);
  if (absl::BytesToHexString(bytes) != token) return std::nullopt;
  return bytes;
}

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_PAGE_TOKEN_H_
