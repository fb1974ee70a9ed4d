#ifndef MYNUMBER_LIBS_SEALING_HEX_FOR_TESTS_H_
#define MYNUMBER_LIBS_SEALING_HEX_FOR_TESTS_H_

#include <string>
#include <string_view>

namespace mynumber::sealing {

// Published vectors as bytes and back.
inline std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

template <typename Bytes>
std::string ToHex(const Bytes& bytes) {
  std::string hex;
  for (const auto byte : bytes) {
    hex.push_back("0123456789abcdef"[static_cast<unsigned char>(byte) >> 4]);
    hex.push_back("0123456789abcdef"[static_cast<unsigned char>(byte) & 15]);
  }
  return hex;
}

// An array from as many bytes.
template <typename Array>
Array ArrayFromHex(std::string_view hex) {
  Array array{};
  const std::string bytes = FromHex(hex);
  for (size_t i = 0; i < array.size(); ++i)
    array[i] = static_cast<typename Array::value_type>(bytes.at(i));
  return array;
}

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_HEX_FOR_TESTS_H_
