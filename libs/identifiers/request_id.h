#ifndef MYNUMBER_LIBS_IDENTIFIERS_REQUEST_ID_H_
#define MYNUMBER_LIBS_IDENTIFIERS_REQUEST_ID_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mynumber::identifiers {

// A UUID that a caller chose for one request (AIP-155).
using RequestId = std::array<uint8_t, 16>;

// Reads 8-4-4-4-12 hexadecimal digits, upper case too as RFC 4122 asks of readers. Nothing for any
// other text (braces, "urn:uuid:", spaces), nor for the nil UUID, which AIP-155 excludes.
std::optional<RequestId> ParseRequestId(std::string_view text);

// The 36 characters in lower case.
std::string FormatRequestId(const RequestId& id);

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_REQUEST_ID_H_
