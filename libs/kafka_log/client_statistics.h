#ifndef MYNUMBER_LIBS_KAFKA_LOG_CLIENT_STATISTICS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_CLIENT_STATISTICS_H_

#include <cstdint>
#include <optional>
#include <string>

namespace mynumber::kafka_log {

// What librdkafka says of a client every 5 s, as far as somebody looks at it.
struct ClientStatistics {
  int64_t queue_messages = 0;
  int64_t queue_bytes = 0;
  // Requests that wait for an answer.
  int64_t in_flight = 0;
  int64_t brokers_up = 0;
  int64_t brokers_known = 0;
  // Since the client was made, over all brokers.
  int64_t retries = 0;
  int64_t timeouts = 0;
  int64_t disconnects = 0;
  // Of requests in the last 5 s, of the slowest broker; 0 if there were none.
  int64_t round_trip_p50_micros = 0;
  int64_t round_trip_p99_micros = 0;
};

// Nothing if `json` is not what librdkafka writes.
std::optional<ClientStatistics> ParseStatistics(const std::string& json);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_CLIENT_STATISTICS_H_
