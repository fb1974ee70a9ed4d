#ifndef MYNUMBER_LIBS_IDENTIFIERS_RESOURCE_NAME_H_
#define MYNUMBER_LIBS_IDENTIFIERS_RESOURCE_NAME_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mynumber::identifiers {

// What names a resource: a keyed hash, never a number or a code.
using OpaqueId = std::array<uint8_t, 16>;

// "residents/00112233445566778899aabbccddeeff": one id has one name, in lower case.
std::string FormatResourceName(std::string_view collection, const OpaqueId& id);

// The id in exactly such a name of this collection; nothing for any other text.
std::optional<OpaqueId> ParseResourceName(std::string_view collection, std::string_view name);

}  // namespace mynumber::identifiers

#endif  // MYNUMBER_LIBS_IDENTIFIERS_RESOURCE_NAME_H_
