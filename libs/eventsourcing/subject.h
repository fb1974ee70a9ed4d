#ifndef MYNUMBER_LIBS_EVENTSOURCING_SUBJECT_H_
#define MYNUMBER_LIBS_EVENTSOURCING_SUBJECT_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mynumber::eventsourcing {

// An aggregate's opaque id: a keyed hash, so its bytes are evenly spread.
struct SubjectId {
  std::array<uint8_t, 16> bytes{};

  // `raw` must be 16 bytes.
  static SubjectId FromBytes(std::string_view raw) {
    SubjectId id;
    std::memcpy(id.bytes.data(), raw.data(), id.bytes.size());
    return id;
  }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // The first eight bytes, big-endian, modulo the number of partitions (docs/decisions/0002).
  uint32_t PartitionOf(uint32_t partition_count) const {
    uint64_t head = 0;
    for (int i = 0; i < 8; ++i) head = head << 8 | bytes[i];
    return static_cast<uint32_t>(head % partition_count);
  }
  friend bool operator==(const SubjectId& a, const SubjectId& b) { return a.bytes == b.bytes; }
  template <typename H>
  friend H AbslHashValue(H h, const SubjectId& id) {
    return H::combine(std::move(h), id.bytes);
  }
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_SUBJECT_H_
