#include "libs/kafka_log/place.h"

#include "libs/eventsourcing/big_endian.h"

namespace mynumber::kafka_log {

using eventsourcing::AppendBigEndian;

std::string KeyBlockKey(const Place& place, const eventsourcing::KeyBlockId& id) {
  std::string key = place.service;
  key.push_back('\0');
  AppendBigEndian(static_cast<uint32_t>(place.partition), 4, &key);
  key += id.claim_id;
  AppendBigEndian(id.claim_sequence, 8, &key);
  return key;
}

std::string EncodeAddress(const KeyBlockAddress& address) {
  std::string bytes;
  AppendBigEndian(static_cast<uint64_t>(address.offset), 8, &bytes);
  return bytes + address.key;
}

std::optional<KeyBlockAddress> DecodeAddress(std::string_view bytes) {
  if (bytes.size() < 8) return std::nullopt;
  const uint64_t offset = eventsourcing::BigEndian(bytes.substr(0, 8));
  return KeyBlockAddress{static_cast<int64_t>(offset), std::string(bytes.substr(8))};
}

}  // namespace mynumber::kafka_log
