#include "libs/kafka_log/client.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/log/log.h"

namespace mynumber::kafka_log {
namespace {

constexpr int kWarning = 4;  // syslog's
constexpr int64_t kLostMicros = 10'000'000;

Settings CommonSettings() {
  return {
      {"client.id", "mynumber"},
      {"socket.nagle.disable", "true"},
      // Shorten the stall when a leader is cut off from 6 s to about 3 s.
      {"socket.timeout.ms", "2000"},
      {"topic.metadata.refresh.interval.ms", "10000"},
      {"topic.metadata.refresh.fast.interval.ms", "50"},
      {"socket.connection.setup.timeout.ms", "3000"},
      {"reconnect.backoff.ms", "20"},
      {"reconnect.backoff.max.ms", "500"},
      {"message.max.bytes", "8388608"},
      {"log.connection.close", "false"},
  };
}

void Log(const rd_kafka_t*, int level, const char* facility, const char* text) {
  if (level <= kWarning) log::Warn("kafka_client", {{"facility", facility}, {"text", text}});
}

}  // namespace

int64_t SteadyMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Settings ProducerSettings() {
  Settings settings = CommonSettings();
  settings.insert({
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"linger.ms", "0"},
      {"max.in.flight", "5"},
      // A record that a leader without followers holds is given up: another producer then looks for another leader.
      {"message.timeout.ms", "2000"},
      {"request.timeout.ms", "1500"},
      {"retry.backoff.ms", "10"},
      {"batch.size", "1000000"},
      {"queue.buffering.max.messages", "200000"},
      {"statistics.interval.ms", "5000"},
  });
  return settings;
}

Settings ReaderSettings(size_t read_ahead_bytes) {
  Settings settings = CommonSettings();
  // A leader that was cut off from its peers answers as if nothing new came.
  settings["topic.metadata.refresh.interval.ms"] = "1000";
  settings.insert({
      // The default jumps over events.
      {"auto.offset.reset", "error"},
      {"check.crcs", "true"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"enable.partition.eof", "true"},
      // One partition's new place waits for as long as the others have nothing new.
      {"fetch.wait.max.ms", "100"},
      // A record that waits to be read holds the whole answer in which it came.
      {"fetch.max.bytes", "16777216"},
      {"fetch.error.backoff.ms", "20"},
      {"queued.min.messages", "1000000"},
      {"queued.max.messages.kbytes", std::to_string(std::max<size_t>(1, read_ahead_bytes >> 10))},
  });
  return settings;
}

Settings AskerSettings() {
  Settings settings = CommonSettings();
  settings.insert({"statistics.interval.ms", "5000"});
  return settings;
}

Settings MemberSettings() {
  Settings settings = CommonSettings();
  settings.insert({
      {"partition.assignment.strategy", "cooperative-sticky"},
      {"session.timeout.ms", "6000"},
      {"heartbeat.interval.ms", "500"},
      // A thread of its own polls: whether the process serves is not judged here.
      {"max.poll.interval.ms", "86400000"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "latest"},
  });
  return settings;
}

absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& what) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(what, ": ", rd_kafka_err2str(error), " (", rd_kafka_err2name(error), ")"));
}

absl::StatusOr<std::unique_ptr<Client>> Client::Make(rd_kafka_type_t type, const Settings& settings,
                                                     std::shared_ptr<WakeUp> wake) {
  std::unique_ptr<Client> client(new Client(std::move(wake)));
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char why[512];
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof(why)) == RD_KAFKA_CONF_OK) continue;
    rd_kafka_conf_destroy(conf);
    return absl::InvalidArgumentError(absl::StrCat("Kafka client setting ", name, "=", value, ": ", why));
  }
  client->SetCallbacks(type, settings.count("group.id") > 0, conf);
  client->client_ = rd_kafka_new(type, conf, why, sizeof(why));
  if (client->client_ == nullptr) {
    rd_kafka_conf_destroy(conf);
    return absl::UnavailableError(absl::StrCat("no Kafka client can be made: ", why));
  }
  if (client->wake_) {
    client->events_ = rd_kafka_queue_get_main(client->client_);
    rd_kafka_queue_cb_event_enable(
        client->events_, [](rd_kafka_t*, void* wake) { static_cast<WakeUp*>(wake)->Call(); }, client->wake_.get());
  }
  return client;
}

void Client::SetCallbacks(rd_kafka_type_t type, bool in_group, rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_log_cb(conf, Log);
  if (type == RD_KAFKA_PRODUCER) {
    // Always there: without it librdkafka waits in steps of 10 ms.
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
      const Callbacks& callbacks = static_cast<Client*>(self)->callbacks_;
      if (callbacks.delivered) callbacks.delivered(*message);
    });
  }
  if (in_group) {
    rd_kafka_conf_set_rebalance_cb(
        conf, [](rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions, void* self) {
          const Callbacks& callbacks = static_cast<Client*>(self)->callbacks_;
          if (callbacks.rebalanced) callbacks.rebalanced(what, partitions);
        });
  }
  rd_kafka_conf_set_stats_cb(conf, [](rd_kafka_t*, char* json, size_t size, void* self) {
    const Callbacks& callbacks = static_cast<Client*>(self)->callbacks_;
    if (callbacks.statistics) callbacks.statistics(std::string(json, size));
    return 0;
  });
  rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t*, int error, const char*, void* self) {
    Client* client = static_cast<Client*>(self);
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && client->lost_micros_ == 0)
      client->lost_micros_ = SteadyMicros();
  });
}

Client::~Client() {
  if (client_ == nullptr) return;
  if (events_ != nullptr) {
    rd_kafka_queue_cb_event_enable(events_, nullptr, nullptr);
    rd_kafka_queue_destroy(events_);
  }
  callbacks_ = {};
  if (rd_kafka_type(client_) == RD_KAFKA_PRODUCER) {
    rd_kafka_purge(client_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  }
  for (const auto& [name, topic] : topics_) rd_kafka_topic_destroy(topic);
  rd_kafka_destroy_flags(client_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

rd_kafka_topic_t* Client::Topic(const std::string& name) {
  rd_kafka_topic_t*& topic = topics_[name];
  if (topic == nullptr) topic = rd_kafka_topic_new(client_, name.c_str(), nullptr);
  return topic;
}

bool Client::IsLost() const {
  const int64_t since = lost_micros_;
  return since != 0 && SteadyMicros() - since > kLostMicros;
}

void Client::LostStill() { lost_micros_ = SteadyMicros(); }

void Client::Serve() {
  while (rd_kafka_poll(client_, 0) > 0) {
  }
}

}  // namespace mynumber::kafka_log
