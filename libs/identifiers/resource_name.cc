#include "libs/identifiers/resource_name.h"

#include "libs/identifiers/lower_hex.h"

namespace mynumber::identifiers {

std::string FormatResourceName(std::string_view collection, const OpaqueId& id) {
  std::string name(collection.size() + 1 + 2 * id.size(), '/');
  name.replace(0, collection.size(), collection);
  WriteLowerHex(id.data(), id.size(), name.data() + collection.size() + 1);
  return name;
}

std::optional<OpaqueId> ParseResourceName(std::string_view collection, std::string_view name) {
  OpaqueId id;
  if (name.size() != collection.size() + 1 + 2 * id.size()) return std::nullopt;
  if (name.substr(0, collection.size()) != collection || name[collection.size()] != '/')
    return std::nullopt;
  if (!ReadLowerHex(name.substr(collection.size() + 1), id.data())) return std::nullopt;
  return id;
}

}  // namespace mynumber::identifiers
