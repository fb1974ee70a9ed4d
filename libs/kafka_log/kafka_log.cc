#include "libs/kafka_log/kafka_log.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/kafka_log/broker_views.h"
#include "libs/kafka_log/group_members.h"
#include "libs/kafka_log/handle.h"
#include "libs/kafka_log/membership.h"
#include "libs/kafka_log/patient_log.h"
#include "libs/kafka_log/reader_clients.h"
#include "libs/kafka_log/topics.h"

namespace mynumber::kafka_log {
namespace {

constexpr size_t kBackgroundThreads = 16;
constexpr int kWarmUpMillis = 3000;
// For each partition; and for each that is being read from far behind, of which there are so many at most.
constexpr size_t kNearBytes = 4 << 20;
constexpr size_t kFarPartitionsMax = 16;
// Of a member's client.id, between the instance and its address.
constexpr char kAt[] = "@";

int32_t LeaderIn(const rd_kafka_metadata_topic_t& topic, int32_t partition) {
  for (int i = 0; i < topic.partition_cnt; ++i) {
    if (topic.partitions[i].id == partition) return topic.partitions[i].leader;
  }
  return -1;
}

// The first message otherwise waits up to a second. Who leads, as the client is told.
absl::StatusOr<Leaders> WarmUp(Client* client, const Place& place) {
  client->Topic(place.log_topic);
  client->Topic(place.keys_topic);
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_resp_err_t error = rd_kafka_metadata(client->get(), 0, nullptr, &metadata, kWarmUpMillis);
  Leaders leaders;
  for (int i = 0; error == RD_KAFKA_RESP_ERR_NO_ERROR && i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[i];
    error = topic.err;
    (topic.topic == place.log_topic ? leaders.log : leaders.keys) = LeaderIn(topic, place.partition);
  }
  if (metadata != nullptr) rd_kafka_metadata_destroy(metadata);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, "Kafka cannot be written to");
  return leaders;
}

class LibrdkafkaLog : public KafkaLog {
 public:
  explicit LibrdkafkaLog(KafkaLogOptions options)
      : options_(std::move(options)),
        views_(With(AskerSettings())),
        ends_(With(AskerSettings()), Statistics("", -1)),
        readers_({With(ReaderSettings(kNearBytes)), With(ReaderSettings(FarBytes())), kFarPartitionsMax,
                  [this] { return views_.BeginWith(); }},
                 &background_),
        background_(kBackgroundThreads) {
    producer_settings_ = With(ProducerSettings());
    for (const auto& [name, value] : options_.producer_settings) producer_settings_[name] = value;
  }

  absl::Status Check() const {
    auto producer = Client::Make(RD_KAFKA_PRODUCER, producer_settings_, nullptr);
    if (!producer.ok()) return producer.status();
    return Client::Make(RD_KAFKA_CONSUMER, With(ReaderSettings(kNearBytes)), nullptr).status();
  }

  absl::Status Declare(const std::string& service, uint32_t partition_count,
                       const ServiceTopicRules& rules) override {
    auto client = MakeAsker();
    if (!client.ok()) return client.status();
    const Place place = PlaceOf(service, 0);
    replication_ = rules.log.replication;
    absl::Status status = EnsureTopic(client->get(), place.log_topic, partition_count, rules.log);
    if (status.ok()) status = EnsureTopic(client->get(), place.keys_topic, partition_count, rules.keys);
    return status.ok() ? EnsureTopic(client->get(), MembersTopic(service), partition_count, rules.members) : status;
  }

  absl::Status BeginImport(const std::string& service) override {
    auto client = MakeAsker();
    if (!client.ok()) return client.status();
    TopicRules rules;
    rules.replication = replication_;
    return EnsureTopic(client->get(), ImportTopic(service), 1, rules);
  }

  absl::Status FinishImport(const std::string& service) override {
    auto client = MakeAsker();
    return client.ok() ? DeleteTopic(client->get(), ImportTopic(service)) : client.status();
  }

  absl::StatusOr<bool> IsImportUnderWay(const std::string& service) override {
    auto client = MakeAsker();
    if (!client.ok()) return client.status();
    return TopicExists(client->get(), ImportTopic(service));
  }

  std::unique_ptr<eventsourcing::PartitionLog> Partition(const std::string& service, uint32_t partition,
                                                         std::function<void()> wake) override {
    const Place place = PlaceOf(service, partition);
    const bool waits = !wake;
    auto handle = std::make_unique<Handle>(place, &readers_, MakeProducers(), &ends_, &background_, std::move(wake),
                                           ObserveFlight(place));
    if (waits) return MakePatient(std::move(handle));
    return handle;
  }

  absl::StatusOr<std::unique_ptr<GroupMembership>> JoinGroup(
      const std::string& service, const std::string& address, std::function<void(uint32_t, bool)> told) override {
    Settings settings = With(MemberSettings());
    settings["group.id"] = GroupOf(service);
    settings["client.id"] = absl::StrCat(options_.instance, kAt, address);
    return Membership::Join({std::move(settings), MembersTopic(service), std::move(told)});
  }

  void FindMembers(const std::string& service, std::function<void(std::vector<std::string>)> told) override {
    background_.Run([this, group = GroupOf(service), told = std::move(told)] {
      std::vector<std::string> addresses;
      auto client = MakeAsker();
      auto members = client.ok() ? GroupMembers(client->get(), group) : client.status();
      for (const std::string& member : members.ok() ? *members : std::vector<std::string>()) {
        const size_t at = member.rfind(kAt);
        if (at != std::string::npos) addresses.push_back(member.substr(at + 1));
      }
      told(std::move(addresses));
    });
  }

 private:
  std::string GroupOf(const std::string& service) const { return absl::StrCat(options_.prefix, ".", service); }
  Place PlaceOf(const std::string& service, uint32_t partition) const {
    return {service, absl::StrCat(options_.prefix, ".", service), absl::StrCat(options_.prefix, ".keys"),
            static_cast<int32_t>(partition)};
  }

  absl::StatusOr<std::unique_ptr<Client>> MakeAsker() const {
    return Client::Make(RD_KAFKA_PRODUCER, With(AskerSettings()), nullptr);
  }

  std::string MembersTopic(const std::string& service) const {
    return absl::StrCat(options_.prefix, ".", service, ".members");
  }

  std::string ImportTopic(const std::string& service) const {
    return absl::StrCat(options_.prefix, ".", service, ".importing");
  }

  Producers MakeProducers() {
    return {[this](const Place& at, const std::shared_ptr<WakeUp>& on, Leaders stuck) { return Make(at, on, stuck); },
            [this](const Place& at, Leaders in_use) { return HaveMoved(at, in_use); }};
  }

  bool HaveMoved(const Place& place, const Leaders& in_use) {
    const BrokerViews::Leading leading = views_.Ask(place, in_use);
    // Readers would wait for what never comes to a leader that was cut off, until they find that out themselves.
    if (leading == BrokerViews::Leading::kMovedNow) readers_.RetireAll();
    return leading != BrokerViews::Leading::kStill;
  }

  absl::StatusOr<MadeProducer> Make(const Place& place, const std::shared_ptr<WakeUp>& wake, Leaders stuck) {
    // Without another leader the same one has to do: it may have waited for followers that it has none of any more.
    if (stuck.log >= 0 || stuck.keys >= 0) (void)HaveMoved(place, stuck);
    return MakeBy(views_.BeginWith(), place, wake);
  }

  // A producer that begins with these brokers.
  absl::StatusOr<MadeProducer> MakeBy(const std::string& brokers, const Place& place,
                                      const std::shared_ptr<WakeUp>& wake) {
    Settings settings = producer_settings_;
    settings["bootstrap.servers"] = brokers;
    auto client = Client::Make(RD_KAFKA_PRODUCER, settings, wake);
    if (!client.ok()) return client.status();
    const absl::StatusOr<Leaders> leaders = WarmUp(client->get(), place);
    if (!leaders.ok()) return leaders.status();
    (*client)->set_callbacks({nullptr, Statistics(place.service, place.partition)});
    return MadeProducer{*std::move(client), *leaders};
  }

  std::function<void(std::string)> Statistics(std::string service, int32_t partition) {
    if (!options_.statistics) return nullptr;
    return [this, service = std::move(service), partition](std::string json) {
      background_.RunLate(
          [this, service, partition, json = std::move(json)] { options_.statistics(service, partition, json); });
    };
  }

  std::function<void(int64_t)> ObserveFlight(const Place& place) const {
    if (!options_.flight) return nullptr;
    return [this, service = place.service, partition = place.partition](int64_t micros) {
      options_.flight(service, partition, micros);
    };
  }

  size_t FarBytes() const { return std::max(kNearBytes, options_.read_ahead_bytes / kFarPartitionsMax); }

  Settings With(Settings settings) const {
    settings["bootstrap.servers"] = options_.brokers;
    for (const auto& [name, value] : options_.client_settings) settings[name] = value;
    return settings;
  }

  const KafkaLogOptions options_;
  Settings producer_settings_;
  std::atomic<int> replication_{1};
  BrokerViews views_;
  EndClient ends_;
  ReaderClients readers_;
  // Goes first: its tasks use the rest.
  Background background_;
};

}  // namespace

std::map<std::string, std::string> TlsClientSettings(const std::string& folder) {
  return {{"security.protocol", "ssl"},
          {"ssl.ca.location", folder + "/authority.pem"},
          {"ssl.certificate.location", folder + "/certificate.pem"},
          {"ssl.key.location", folder + "/key.pem"},
          {"ssl.endpoint.identification.algorithm", "https"}};
}

absl::StatusOr<std::unique_ptr<KafkaLog>> KafkaLog::Open(KafkaLogOptions options) {
  auto log = std::make_unique<LibrdkafkaLog>(std::move(options));
  absl::Status status = log->Check();
  if (!status.ok()) return status;
  return log;
}

}  // namespace mynumber::kafka_log
