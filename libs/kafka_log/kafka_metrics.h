#ifndef MYNUMBER_LIBS_KAFKA_LOG_KAFKA_METRICS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_KAFKA_METRICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "libs/kafka_log/client_statistics.h"
#include "libs/metrics/metrics.h"

namespace mynumber::kafka_log {

// A service's producers, one for each partition that it has claimed. Any thread.
class KafkaMetrics {
 public:
  KafkaMetrics(metrics::Registry* registry, const std::string& service, uint32_t partition_count);

  // The newest of a partition's producer.
  void Observe(uint32_t partition, const ClientStatistics& seen) const;
  // A batch was acknowledged so long after it was sent.
  void Flew(int64_t micros) const { flight_seconds_.Observe(static_cast<double>(micros) / 1e6); }

 private:
  struct OfProducer {
    metrics::Gauge queue_messages, queue_bytes, in_flight, brokers_up, brokers_known, retries, timeouts, disconnects;
    metrics::Gauge round_trip_p50, round_trip_p99;
  };
  metrics::Histogram flight_seconds_;
  std::vector<OfProducer> producers_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_KAFKA_METRICS_H_
