#ifndef MYNUMBER_LIBS_KAFKA_LOG_RECORD_H_
#define MYNUMBER_LIBS_KAFKA_LOG_RECORD_H_

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <optional>
#include <string>

#include "libs/kafka_log/place.h"

namespace mynumber::kafka_log {

// What was read of a topic, copied out of librdkafka's hands: a message of its holds the whole answer in which it came.
struct Record {
  int64_t offset = 0;
  std::string key;
  // None: the key's former record is deleted.
  std::optional<std::string> payload;
  // Of a log record that brought keys.
  std::optional<KeyBlockAddress> key_block;

  size_t bytes() const { return payload ? payload->size() : 0; }
};

// Of a message without an error.
Record RecordOf(const rd_kafka_message_t& message);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_RECORD_H_
