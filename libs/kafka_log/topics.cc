#include "libs/kafka_log/topics.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace mynumber::kafka_log {
namespace {

constexpr int kAnswerMillis = 10'000;
constexpr std::chrono::seconds kLeadersWithin{20};

template <class T, void (*Destroy)(T*)>
struct Free {
  void operator()(T* thing) const { Destroy(thing); }
};
template <class T, void (*Destroy)(T*)>
using Owned = std::unique_ptr<T, Free<T, Destroy>>;
using Queue = Owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using Event = Owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using NewTopic = Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using GoneTopic = Owned<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy>;
using Resource = Owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using AdminOptions = Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;

struct Metadata {
  const rd_kafka_metadata_t* all = nullptr;
  const rd_kafka_metadata_topic_t* topic = nullptr;
  ~Metadata() {
    if (all != nullptr) rd_kafka_metadata_destroy(all);
  }
};

absl::Status Ask(Client* client, const std::string& topic, Metadata* metadata) {
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(client->get(), 0, client->Topic(topic), &metadata->all, kAnswerMillis);
  const std::string what = absl::StrCat("Kafka tells nothing of topic ", topic);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, what);
  if (metadata->all->topic_cnt != 1) return absl::UnavailableError(what);
  metadata->topic = &metadata->all->topics[0];
  return absl::OkStatus();
}

absl::Status Create(Client* client, const std::string& topic, uint32_t partition_count, const TopicRules& rules) {
  char why[512];
  const NewTopic fresh(rd_kafka_NewTopic_new(topic.c_str(), static_cast<int>(partition_count), rules.replication, why,
                                             sizeof(why)));
  if (!fresh) return absl::InvalidArgumentError(absl::StrCat("topic ", topic, ": ", why));
  for (const auto& setting : rules.settings) {
    rd_kafka_NewTopic_set_config(fresh.get(), setting.name.c_str(), setting.value.c_str());
  }
  const Queue queue(rd_kafka_queue_new(client->get()));
  const AdminOptions options(rd_kafka_AdminOptions_new(client->get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), kAnswerMillis, why, sizeof(why));
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), kAnswerMillis / 2, why, sizeof(why));
  rd_kafka_NewTopic_t* list[] = {fresh.get()};
  rd_kafka_CreateTopics(client->get(), list, 1, options.get(), queue.get());
  const Event event(rd_kafka_queue_poll(queue.get(), 2 * kAnswerMillis));
  if (!event) return absl::UnavailableError(absl::StrCat("Kafka did not make topic ", topic, " in time"));
  const auto* result = rd_kafka_event_CreateTopics_result(event.get());
  if (result == nullptr) return ToStatus(rd_kafka_event_error(event.get()), absl::StrCat("making topic ", topic));
  size_t count = 0;
  const rd_kafka_topic_result_t** topics = rd_kafka_CreateTopics_result_topics(result, &count);
  if (count != 1) return absl::UnavailableError(absl::StrCat("Kafka did not say whether it made topic ", topic));
  const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(topics[0]);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return absl::OkStatus();
  const char* text = rd_kafka_topic_result_error_string(topics[0]);
  return absl::FailedPreconditionError(absl::StrCat("Kafka does not make topic ", topic, ": ",
                                                    text == nullptr ? rd_kafka_err2str(error) : text));
}

absl::Status Delete(Client* client, const std::string& topic) {
  const GoneTopic gone(rd_kafka_DeleteTopic_new(topic.c_str()));
  const Queue queue(rd_kafka_queue_new(client->get()));
  rd_kafka_DeleteTopic_t* list[] = {gone.get()};
  rd_kafka_DeleteTopics(client->get(), list, 1, nullptr, queue.get());
  const Event event(rd_kafka_queue_poll(queue.get(), 2 * kAnswerMillis));
  const std::string what = absl::StrCat("Kafka does not delete topic ", topic);
  if (!event) return absl::UnavailableError(absl::StrCat(what, " in time"));
  const auto* result = rd_kafka_event_DeleteTopics_result(event.get());
  if (result == nullptr) return ToStatus(rd_kafka_event_error(event.get()), what);
  size_t count = 0;
  const rd_kafka_topic_result_t** topics = rd_kafka_DeleteTopics_result_topics(result, &count);
  if (count != 1) return absl::UnavailableError(what);
  const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(topics[0]);
  return error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ? absl::OkStatus() : ToStatus(error, what);
}

bool HasLeaders(const rd_kafka_metadata_topic_t& topic) {
  if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR || topic.partition_cnt == 0) return false;
  return std::all_of(topic.partitions, topic.partitions + topic.partition_cnt,
                     [](const rd_kafka_metadata_partition_t& partition) { return partition.leader >= 0; });
}

absl::Status CheckShape(const std::string& name, uint32_t partition_count, const TopicRules& rules,
                        const rd_kafka_metadata_topic_t& topic) {
  if (topic.partition_cnt != static_cast<int>(partition_count)) {
    return absl::FailedPreconditionError(
        absl::StrCat("topic ", name, " has ", topic.partition_cnt, " partitions, and this start asks for ",
                     partition_count, ": start with the former number, since residents' places depend on it"));
  }
  for (int i = 0; i < topic.partition_cnt; ++i) {
    const int replicas = topic.partitions[i].replica_cnt;
    if (replicas >= rules.replication) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("topic ", name, ", partition ", topic.partitions[i].id, " has ", replicas,
                     replicas == 1 ? " replica" : " replicas", " and must have ", rules.replication,
                     ": what is acknowledged would be lost with its brokers. Give it more replicas, or start with "
                     "--replication if this cluster may lose its data"));
  }
  return absl::OkStatus();
}

absl::Status Describe(Client* client, const std::string& topic, std::map<std::string, std::string>* settings) {
  const Queue queue(rd_kafka_queue_new(client->get()));
  const Resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  rd_kafka_ConfigResource_t* list[] = {resource.get()};
  rd_kafka_DescribeConfigs(client->get(), list, 1, nullptr, queue.get());
  const Event event(rd_kafka_queue_poll(queue.get(), 2 * kAnswerMillis));
  const std::string what = absl::StrCat("asking for the settings of topic ", topic);
  if (!event) return absl::UnavailableError(absl::StrCat(what, ": no answer"));
  const auto* result = rd_kafka_event_DescribeConfigs_result(event.get());
  if (result == nullptr) return ToStatus(rd_kafka_event_error(event.get()), what);
  size_t count = 0;
  const rd_kafka_ConfigResource_t** resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
  if (count != 1) return absl::UnavailableError(absl::StrCat(what, ": no answer"));
  const rd_kafka_resp_err_t error = rd_kafka_ConfigResource_error(resources[0]);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, what);
  const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(resources[0], &count);
  for (size_t i = 0; i < count; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    (*settings)[rd_kafka_ConfigEntry_name(entries[i])] = value == nullptr ? "" : value;
  }
  return absl::OkStatus();
}

bool Fits(const TopicRules::Setting& rule, const std::string& value) {
  int64_t is = 0;
  int64_t least = 0;
  if (rule.is_least && absl::SimpleAtoi(value, &is) && absl::SimpleAtoi(rule.value, &least)) return is >= least;
  return value == rule.value;
}

absl::Status CheckSettings(const std::string& topic, const TopicRules& rules,
                           const std::map<std::string, std::string>& settings) {
  for (const TopicRules::Setting& rule : rules.settings) {
    const auto found = settings.find(rule.name);
    const std::string value = found == settings.end() ? "" : found->second;
    if (Fits(rule, value)) continue;
    const std::string must = absl::StrCat(rule.is_least ? "at least " : "", rule.value);
    return absl::FailedPreconditionError(absl::StrCat("topic ", topic, " has ", rule.name, "=", value,
                                                      " and must have ", must, ": otherwise ", rule.otherwise));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status EnsureTopic(Client* client, const std::string& topic, uint32_t partition_count, const TopicRules& rules) {
  const auto until = std::chrono::steady_clock::now() + kLeadersWithin;
  for (bool created = false;;) {
    Metadata metadata;
    absl::Status status = Ask(client, topic, &metadata);
    if (!status.ok()) return status;
    if (!created && metadata.topic->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
      status = Create(client, topic, partition_count, rules);
      if (!status.ok()) return status;
      created = true;
      continue;
    }
    if (HasLeaders(*metadata.topic)) {
      status = CheckShape(topic, partition_count, rules, *metadata.topic);
      if (!status.ok()) return status;
      break;
    }
    if (std::chrono::steady_clock::now() > until) {
      return absl::UnavailableError(
          absl::StrCat("a partition of topic ", topic, " has no leader: look at the brokers"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  for (;;) {
    std::map<std::string, std::string> settings;
    const absl::Status status = Describe(client, topic, &settings);
    if (status.ok()) return CheckSettings(topic, rules, settings);
    // Another broker may not have heard of a new topic yet.
    if (std::chrono::steady_clock::now() > until) return status;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

absl::StatusOr<bool> TopicExists(Client* client, const std::string& topic) {
  Metadata metadata;
  absl::Status status = Ask(client, topic, &metadata);
  if (!status.ok()) return status;
  const rd_kafka_resp_err_t error = metadata.topic->err;
  if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return false;
  // Without a leader for now, it is there.
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) return true;
  return ToStatus(error, absl::StrCat("Kafka tells nothing of topic ", topic));
}

absl::Status DeleteTopic(Client* client, const std::string& topic) {
  absl::Status status = Delete(client, topic);
  const auto until = std::chrono::steady_clock::now() + kLeadersWithin;
  while (status.ok()) {
    const absl::StatusOr<bool> exists = TopicExists(client, topic);
    if (!exists.ok()) return exists.status();
    if (!*exists) return absl::OkStatus();
    if (std::chrono::steady_clock::now() > until) {
      return absl::UnavailableError(absl::StrCat("Kafka still knows the deleted topic ", topic));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return status;
}

}  // namespace mynumber::kafka_log
