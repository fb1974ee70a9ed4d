#ifndef MYNUMBER_LIBS_CLUSTER_COMMAND_BYTES_H_
#define MYNUMBER_LIBS_CLUSTER_COMMAND_BYTES_H_

// A service's command on its way to another instance. Commands are plain structs in a variant: each goes by its name,
// its fields in their order. Instances of two versions understand each other as long as fields are added at the end and
// the new ones are empty; a command that says more than its reader knows is refused, never cut.

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <boost/pfr/core.hpp>

#include "google/protobuf/message_lite.h"

namespace mynumber::cluster {
namespace command_bytes {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

inline void PutPart(std::string_view part, std::string* out) {
  const auto size = static_cast<uint32_t>(part.size());
  out->append(reinterpret_cast<const char*>(&size), sizeof(size)).append(part);
}
// Takes the next part off `bytes`; false if there is no whole one.
inline bool TakePart(std::string_view* bytes, std::string_view* part) {
  uint32_t size = 0;
  if (bytes->size() < sizeof(size)) return false;
  std::memcpy(&size, bytes->data(), sizeof(size));
  bytes->remove_prefix(sizeof(size));
  if (bytes->size() < size) return false;
  *part = bytes->substr(0, size);
  bytes->remove_prefix(size);
  return true;
}

template <class T>
std::string Write(const T& value);

// Fields at the end that are empty are left out, so that an older reader may take what it knows.
template <class T>
std::string WriteFields(const T& value) {
  std::string out, empty;
  size_t end = 0;
  const T none{};
  boost::pfr::for_each_field(value, [&](const auto& field, auto index) {
    const std::string part = Write(field);
    PutPart(part, &out);
    if (part != Write(boost::pfr::get<index>(none))) end = out.size();
  });
  out.resize(end);
  return out;
}

template <class T>
std::string Write(const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    return value;
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    const auto number = static_cast<int64_t>(value);
    return std::string(reinterpret_cast<const char*>(&number), sizeof(number));
  } else if constexpr (std::is_base_of_v<google::protobuf::MessageLite, T>) {
    return value.SerializeAsString();
  } else if constexpr (IsOptional<T>::value) {
    return value ? "1" + Write(*value) : std::string();
  } else if constexpr (IsVector<T>::value) {
    std::string out;
    for (const auto& item : value) PutPart(Write(item), &out);
    return out;
  } else {
    return WriteFields(value);
  }
}

template <class T>
bool Read(std::string_view bytes, T* value) {
  if constexpr (std::is_same_v<T, std::string>) {
    value->assign(bytes);
    return true;
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    int64_t number = 0;
    if (bytes.size() != sizeof(number)) return false;
    std::memcpy(&number, bytes.data(), sizeof(number));
    *value = static_cast<T>(number);
    return static_cast<int64_t>(*value) == number;
  } else if constexpr (std::is_base_of_v<google::protobuf::MessageLite, T>) {
    return value->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  } else if constexpr (IsOptional<T>::value) {
    value->reset();
    return bytes.empty() || Read(bytes.substr(1), &value->emplace());
  } else if constexpr (IsVector<T>::value) {
    std::string_view part;
    while (!bytes.empty()) {
      if (!TakePart(&bytes, &part) || !Read(part, &value->emplace_back())) return false;
    }
    return true;
  } else {
    bool is_read = true;
    boost::pfr::for_each_field(*value, [&](auto& field) {
      std::string_view part;
      if (bytes.empty() || !is_read) return;
      is_read = TakePart(&bytes, &part) && Read(part, &field);
    });
    return is_read && bytes.empty();
  }
}

// "mynumber::issuance::RegisterResident", as the compiler spells it.
template <class T>
std::string_view NameOf() {
  const std::string_view text = __PRETTY_FUNCTION__;
  const size_t begin = text.find("T = ") + 4;
  return text.substr(begin, text.find_first_of(";]", begin) - begin);
}

template <class Variant, size_t kIndex = 0>
bool ReadNamed(std::string_view name, std::string_view fields, Variant* command) {
  if constexpr (kIndex == std::variant_size_v<Variant>) {
    return false;
  } else {
    using One = std::variant_alternative_t<kIndex, Variant>;
    if (name != NameOf<One>()) return ReadNamed<Variant, kIndex + 1>(name, fields, command);
    return Read(fields, &command->template emplace<One>());
  }
}

}  // namespace command_bytes

template <class... Kinds>
std::string WriteCommand(const std::variant<Kinds...>& command) {
  std::string out;
  std::visit(
      [&](const auto& one) {
        command_bytes::PutPart(command_bytes::NameOf<std::decay_t<decltype(one)>>(), &out);
        out += command_bytes::WriteFields(one);
      },
      command);
  return out;
}
// What has no variant is one message.
inline std::string WriteCommand(const google::protobuf::MessageLite& command) { return command.SerializeAsString(); }

// False: this is no command that we know, or it says more than we do.
template <class... Kinds>
bool ReadCommand(std::string_view bytes, std::variant<Kinds...>* command) {
  std::string_view name;
  return command_bytes::TakePart(&bytes, &name) && command_bytes::ReadNamed(name, bytes, command);
}

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_COMMAND_BYTES_H_
