#include "libs/kafka_log/place.h"

namespace mynumber::kafka_log {
namespace {

void AppendBigEndian(uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

}  // namespace

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
  uint64_t offset = 0;
  for (int i = 0; i < 8; ++i) offset = offset << 8 | static_cast<uint8_t>(bytes[static_cast<size_t>(i)]);
  return KeyBlockAddress{static_cast<int64_t>(offset), std::string(bytes.substr(8))};
}

}  // namespace mynumber::kafka_log
