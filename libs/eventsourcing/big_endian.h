#ifndef MYNUMBER_LIBS_EVENTSOURCING_BIG_ENDIAN_H_
#define MYNUMBER_LIBS_EVENTSOURCING_BIG_ENDIAN_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace mynumber::eventsourcing {

// Numbers in keys: as bytes they sort as they do as numbers.
inline void AppendBigEndian(uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

// Of at most eight bytes.
inline uint64_t BigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_BIG_ENDIAN_H_
