#include "libs/kafka_log/record.h"

namespace mynumber::kafka_log {
namespace {

std::optional<KeyBlockAddress> AddressIn(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  const void* value = nullptr;
  size_t size = 0;
  if (rd_kafka_header_get_last(headers, kKeyBlockHeader, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::nullopt;
  }
  return DecodeAddress({static_cast<const char*>(value), size});
}

}  // namespace

Record RecordOf(const rd_kafka_message_t& message) {
  Record record;
  record.offset = message.offset;
  record.key.assign(static_cast<const char*>(message.key), message.key_len);
  if (message.payload != nullptr) record.payload.emplace(static_cast<const char*>(message.payload), message.len);
  record.key_block = AddressIn(message);
  return record;
}

}  // namespace mynumber::kafka_log
