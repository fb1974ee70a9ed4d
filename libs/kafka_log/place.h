#ifndef MYNUMBER_LIBS_KAFKA_LOG_PLACE_H_
#define MYNUMBER_LIBS_KAFKA_LOG_PLACE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/eventsourcing/log.h"

namespace mynumber::kafka_log {

// Which partition of which topics a handle is on. Key blocks stand in the same partition of the keys' topic.
struct Place {
  std::string service;
  std::string log_topic;
  std::string keys_topic;
  int32_t partition = 0;
};

// The key of a record in the keys' topic: service, 0, partition (4), claim id, claim sequence (8); big-endian.
std::string KeyBlockKey(const Place& place, const eventsourcing::KeyBlockId& id);

// Where a log record's key block stands, in a header of the record: the offset (8, big-endian) and then the block's
// key. Only a hint: another cluster has other offsets, and a rewritten block moves. The key decides.
inline constexpr char kKeyBlockHeader[] = "key-block";
struct KeyBlockAddress {
  int64_t offset = -1;
  std::string key;
};
std::string EncodeAddress(const KeyBlockAddress& address);
std::optional<KeyBlockAddress> DecodeAddress(std::string_view bytes);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_PLACE_H_
