#include "libs/kafka_log/kafka_metrics.h"

namespace mynumber::kafka_log {

KafkaMetrics::KafkaMetrics(metrics::Registry* registry, const std::string& service, uint32_t partition_count) {
  flight_seconds_ = registry->AddHistogram(
      "mynumber_kafka_flight_seconds", "From sending a batch, its keys first, to its acknowledgement by Kafka.",
      metrics::SecondsBuckets(), {{"service", service}});
  for (uint32_t p = 0; p < partition_count; ++p) {
    const metrics::Labels own = {{"service", service}, {"partition", std::to_string(p)}};
    const auto gauge = [&](const char* name, const char* help) { return registry->AddGauge(name, help, own); };
    const auto round_trip = [&](const char* quantile) {
      metrics::Labels labels = own;
      labels.push_back({"quantile", quantile});
      return registry->AddGauge("mynumber_kafka_round_trip_seconds",
                                "Round trip of requests in the last 5 s, of the slowest broker.", labels);
    };
    OfProducer of;
    of.queue_messages = gauge("mynumber_kafka_queue_messages", "Records in the producer's queue or under way.");
    of.queue_bytes = gauge("mynumber_kafka_queue_bytes", "Bytes of these records.");
    of.in_flight = gauge("mynumber_kafka_in_flight_requests", "Requests of the producer that wait for an answer.");
    of.brokers_up = gauge("mynumber_kafka_brokers_up", "Brokers that the producer is connected to.");
    of.brokers_known = gauge("mynumber_kafka_brokers_known", "Brokers that the producer knows of.");
    of.retries = gauge("mynumber_kafka_retries", "Requests sent again since the producer was made.");
    of.timeouts = gauge("mynumber_kafka_timeouts", "Requests without an answer since the producer was made.");
    of.disconnects = gauge("mynumber_kafka_disconnects", "Connections lost since the producer was made.");
    of.round_trip_p50 = round_trip("0.5");
    of.round_trip_p99 = round_trip("0.99");
    producers_.push_back(of);
  }
}

void KafkaMetrics::Observe(uint32_t partition, const ClientStatistics& seen) const {
  if (partition >= producers_.size()) return;
  const OfProducer& of = producers_[partition];
  of.queue_messages.Set(static_cast<double>(seen.queue_messages));
  of.queue_bytes.Set(static_cast<double>(seen.queue_bytes));
  of.in_flight.Set(static_cast<double>(seen.in_flight));
  of.brokers_up.Set(static_cast<double>(seen.brokers_up));
  of.brokers_known.Set(static_cast<double>(seen.brokers_known));
  of.retries.Set(static_cast<double>(seen.retries));
  of.timeouts.Set(static_cast<double>(seen.timeouts));
  of.disconnects.Set(static_cast<double>(seen.disconnects));
  of.round_trip_p50.Set(static_cast<double>(seen.round_trip_p50_micros) / 1e6);
  of.round_trip_p99.Set(static_cast<double>(seen.round_trip_p99_micros) / 1e6);
}

}  // namespace mynumber::kafka_log
