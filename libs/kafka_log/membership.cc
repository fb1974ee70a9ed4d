#include "libs/kafka_log/membership.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/log/log.h"

namespace mynumber::kafka_log {
namespace {

// Leaving waits for so long at most before it begins.
constexpr int kPollMillis = 20;
constexpr int kAskMillis = 1000;
// A group has settled by then, or its brokers are gone.
constexpr int64_t kSettledMicros = 10'000'000;
constexpr int64_t kPauseMillisMin = 200;
constexpr int64_t kPauseMillisMax = 5000;

}  // namespace

absl::StatusOr<std::unique_ptr<Membership>> Membership::Join(Options options) {
  std::unique_ptr<Membership> membership(new Membership(std::move(options)));
  absl::Status status = membership->Enter();
  if (!status.ok()) return status;
  membership->thread_ = std::thread([self = membership.get()] { self->Stay(); });
  return membership;
}

Membership::~Membership() {
  Leave();
  if (thread_.joinable()) thread_.join();
}

void Membership::Leave() {
  const std::lock_guard<std::mutex> lock(told_mutex_);
  told_ = nullptr;
  leaving_ = true;
}

absl::Status Membership::Enter() {
  auto client = Client::Make(RD_KAFKA_CONSUMER, options_.settings, nullptr);
  if (!client.ok()) return client.status();
  client_ = *std::move(client);
  was_assigned_ = saw_brokers_ = is_asked_ = false;
  Client::Callbacks callbacks;
  callbacks.rebalanced = [this](rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions) {
    Rebalance(what, partitions);
  };
  client_->set_callbacks(std::move(callbacks));
  rd_kafka_poll_set_consumer(client_->get());
  const std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)> topics(
      rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_list_add(topics.get(), options_.topic.c_str(), RD_KAFKA_PARTITION_UA);
  return ToStatus(rd_kafka_subscribe(client_->get(), topics.get()), "the group cannot be joined");
}

void Membership::Stay() {
  while (!leaving_) {
    if (!client_) {
      const absl::Status status = Enter();
      if (!status.ok()) log::Warn("kafka_group_not_joined", {{"why", std::string(status.message())}});
    }
    // At once, so that it is known of each client whether the group may have answered it.
    if (client_ && !std::exchange(is_asked_, true)) AreBrokersGone();
    if (client_ && Poll()) continue;
    LoseAll();
    Discard();
    Pause();
  }
  if (!client_) return;
  const int64_t until = SteadyMicros() + kSettledMicros;
  while (!MayGo() && SteadyMicros() < until && Poll()) {
  }
  // Gives back what it has, in the callback, and tells the group, which then does not wait for the session's end.
  rd_kafka_consumer_close(client_->get());
  Discard();
}

void Membership::Discard() {
  if (client_ && !MayGo()) {
    log::Warn("kafka_group_client_left_behind", {{"topic", options_.topic}});
    (void)client_.release();
  }
  client_.reset();
}

bool Membership::Poll() {
  rd_kafka_message_t* message = rd_kafka_consumer_poll(client_->get(), kPollMillis);
  if (message != nullptr) {
    const rd_kafka_resp_err_t error = message->err;
    rd_kafka_message_destroy(message);
    if (error == RD_KAFKA_RESP_ERR__FATAL) {
      log::Warn("kafka_group_client_failed", {{"topic", options_.topic}});
      return false;
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      log::Warn("kafka_group_trouble", {{"topic", options_.topic}, {"why", rd_kafka_err2str(error)}});
    }
  }
  return !client_->IsLost() || !AreBrokersGone();
}

bool Membership::AreBrokersGone() {
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(client_->get(), 0, client_->Topic(options_.topic), &metadata, kAskMillis);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return true;
  rd_kafka_metadata_destroy(metadata);
  client_->Reached();
  saw_brokers_ = true;
  return false;
}

void Membership::Rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions) {
  const bool assigned = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  // Nothing is there to read: a position that is known needs no question.
  for (int i = 0; i < partitions->cnt; ++i) partitions->elems[i].offset = 0;
  rd_kafka_error_t* error = assigned ? rd_kafka_incremental_assign(client_->get(), partitions)
                                     : rd_kafka_incremental_unassign(client_->get(), partitions);
  if (error != nullptr) {
    log::Warn("kafka_group_trouble", {{"topic", options_.topic}, {"why", rd_kafka_error_string(error)}});
    rd_kafka_error_destroy(error);
  }
  was_assigned_ = true;
  if (assigned) pause_millis_ = 0;
  for (int i = 0; i < partitions->cnt; ++i) Tell(static_cast<uint32_t>(partitions->elems[i].partition), assigned);
}

void Membership::LoseAll() {
  while (!assigned_.empty()) Tell(*assigned_.begin(), false);
}

void Membership::Tell(uint32_t partition, bool assigned) {
  const bool is_new = assigned ? assigned_.insert(partition).second : assigned_.erase(partition) > 0;
  if (!is_new) return;
  const std::lock_guard<std::mutex> lock(told_mutex_);
  if (told_) told_(partition, assigned);
}

void Membership::Pause() {
  pause_millis_ = std::clamp(2 * pause_millis_, kPauseMillisMin, kPauseMillisMax);
  for (int64_t waited = 0; waited < pause_millis_ && !leaving_; waited += kPollMillis) {
    std::this_thread::sleep_for(std::chrono::milliseconds(kPollMillis));
  }
}

}  // namespace mynumber::kafka_log
