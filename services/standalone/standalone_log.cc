// The log under all services: opened, compared with this start, and its partitions with codes on their records.

#include <utility>

#include "libs/eventsourcing/authenticated_log.h"
#include "libs/eventsourcing/settings.h"
#include "libs/log/log.h"
#include "libs/sealing/record_code.h"
#include "libs/topic_settings/topic_settings.h"
#include "services/standalone/standalone.h"

namespace mynumber::standalone {

std::unique_ptr<eventsourcing::PartitionLog> Standalone::OpenPartition(const std::string& service, uint32_t partition,
                                                                      std::function<void()> wake) {
  auto log = kafka_log_ ? kafka_log_->Partition(service, partition, std::move(wake))
                        : embedded_log_->Partition(service, partition, std::move(wake));
  const auto tell = [counter = forged_[service], service, partition,
                     is_told = std::make_shared<bool>(false)](eventsourcing::Offset offset) {
    counter.Increment();
    // Once for each handle: there may be many.
    if (std::exchange(*is_told, true)) return;
    log::Error("record_without_our_code", {{"service", service}, {"partition", partition}, {"offset", offset}});
  };
  return eventsourcing::MakeAuthenticated(std::move(log), sealing::RecordCodeOf(*keyring_, service, partition), tell);
}

absl::Status Standalone::OpenLog(const Options& options) {
  if (options.kafka.brokers.empty()) {
    partition_count_ = options.partition_count == 0 ? 4 : options.partition_count;
    auto log = embedded_log::EmbeddedLog::Open(options.data + "/log");
    if (!log.ok()) return log.status();
    embedded_log_ = *std::move(log);
    absl::Status status;
    for (const char* service : kServices) {
      if (status.ok()) status = embedded_log_->Declare(service, partition_count_);
      if (status.ok()) status = CheckFirstClaims(service);
    }
    return status;
  }
  partition_count_ = options.partition_count == 0 ? 32 : options.partition_count;
  if (options.kafka.replication == 1) log::Warn("single_replica", {{"what_is_acknowledged_is_on", "one broker"}});
  auto topics = topic_settings::Load(options.kafka.topics, options.kafka.replication);
  if (!topics.ok()) return topics.status();
  kafka_metrics_ = std::make_unique<kafka_log::KafkaMetrics>(&registry_, "issuance", partition_count_);
  kafka_log::KafkaLogOptions kafka;
  kafka.statistics = [this](const std::string&, int32_t partition, const std::string& json) {
    const auto seen = kafka_log::ParseStatistics(json);
    if (seen && partition >= 0) kafka_metrics_->Observe(static_cast<uint32_t>(partition), *seen);
  };
  kafka.flight = [this](const std::string&, int32_t, int64_t micros) { kafka_metrics_->Flew(micros); };
  kafka.brokers = options.kafka.brokers;
  if (options.kafka.tls) kafka.client_settings = kafka_log::TlsClientSettings(options.certificates);
  kafka.prefix = options.kafka.topic_prefix;
  kafka.instance = options.kafka.cluster.instance;
  auto log = kafka_log::KafkaLog::Open(std::move(kafka));
  if (!log.ok()) return log.status();
  kafka_log_ = *std::move(log);
  absl::Status status;
  for (const char* service : kServices) {
    if (status.ok()) status = kafka_log_->Declare(service, partition_count_, *topics);
  }
  return status;
}

// A wrong start ends before it has touched the rows. On Kafka, where a read takes its time, it stops the partitions.
absl::Status Standalone::CheckFirstClaims(const std::string& service) {
  const eventlog::v1::ClusterSettings ours = serving::SettingsOf(service, *keyring_, partition_count_);
  for (uint32_t p = 0; p < partition_count_; ++p) {
    const auto log = OpenPartition(service, p, nullptr);
    absl::Status status = eventsourcing::CheckFirstClaim(log.get(), ours);
    if (absl::IsFailedPrecondition(status)) return status;
  }
  return absl::OkStatus();
}

}  // namespace mynumber::standalone
