#include "libs/kafka_log/reader_clients.h"

#include "libs/kafka_log/tail.h"

namespace mynumber::kafka_log {

Feed::Feed(std::shared_ptr<SharedClient> shared, std::string topic, int32_t partition, std::shared_ptr<WakeUp> wake)
    : shared_(std::move(shared)),
      topic_name_(std::move(topic)),
      partition_(partition),
      wake_(std::move(wake)),
      topic_(shared_->client->Topic(topic_name_)) {}

absl::Status Feed::Start(int64_t from) {
  Stop();
  queue_ = rd_kafka_queue_new(shared_->client->get());
  rd_kafka_queue_cb_event_enable(
      queue_, [](rd_kafka_t*, void* wake) { static_cast<WakeUp*>(wake)->Call(); }, wake_.get());
  if (rd_kafka_consume_start_queue(topic_, partition_, from, queue_) == 0) return absl::OkStatus();
  const absl::Status status = ToStatus(rd_kafka_last_error(), "Kafka cannot be read");
  rd_kafka_queue_destroy(queue_);
  queue_ = nullptr;
  return status;
}

void Feed::Stop() {
  if (queue_ == nullptr) return;
  rd_kafka_queue_cb_event_enable(queue_, nullptr, nullptr);
  rd_kafka_consume_stop(topic_, partition_);
  rd_kafka_queue_destroy(queue_);
  queue_ = nullptr;
}

Feed::Message Feed::Next() {
  Message message(rd_kafka_consume_queue(queue_, 0));
  if (message) return message;
  // Whoever else serves it does so for this one, too.
  const std::unique_lock<std::mutex> serving(shared_->serving, std::try_to_lock);
  if (serving) shared_->client->Serve();
  return nullptr;
}

absl::StatusOr<std::unique_ptr<Feed>> ReaderClients::Take(const std::string& topic, int32_t partition, Ahead ahead,
                                                          std::shared_ptr<WakeUp> wake) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (ahead == Ahead::kFar && far_ >= options_.far_max) {
    return absl::ResourceExhaustedError("many partitions are being read from far behind");
  }
  auto shared = ClientFor({topic, partition}, ahead);
  if (!shared.ok()) return shared.status();
  (*shared)->taken.insert({topic, partition});
  if (ahead == Ahead::kFar) ++far_;
  return std::make_unique<Feed>(*std::move(shared), topic, partition, std::move(wake));
}

absl::StatusOr<std::shared_ptr<SharedClient>> ReaderClients::ClientFor(const std::pair<std::string, int32_t>& place,
                                                                       Ahead ahead) {
  for (const std::shared_ptr<SharedClient>& shared : clients_) {
    if (shared->ahead == ahead && !shared->retired && shared->taken.count(place) == 0) return shared;
  }
  Settings settings = ahead == Ahead::kFar ? options_.far : options_.near;
  if (options_.begin_with) settings["bootstrap.servers"] = options_.begin_with();
  auto client = Client::Make(RD_KAFKA_CONSUMER, settings, nullptr);
  if (!client.ok()) return client.status();
  auto shared = std::make_shared<SharedClient>();
  shared->client = *std::move(client);
  shared->ahead = ahead;
  clients_.push_back(shared);
  return shared;
}

void ReaderClients::GiveBack(std::unique_ptr<Feed> feed) {
  background_->RunLate([this, feed = std::shared_ptr<Feed>(std::move(feed))] {
    feed->Stop();
    Vacate(*feed);
  });
}

std::shared_ptr<Tail> ReaderClients::JoinTail(const std::string& topic, int32_t partition, bool makes,
                                              const void* reader, int64_t from, std::shared_ptr<WakeUp> wake) {
  const std::lock_guard<std::mutex> lock(tails_mutex_);
  std::weak_ptr<Tail>& place = tails_[{topic, partition}];
  std::shared_ptr<Tail> tail = place.lock();
  if (tail && !tail->IsGone()) return tail->Join(reader, from, std::move(wake)) ? tail : nullptr;
  if (!makes) return nullptr;
  tail = std::make_shared<Tail>(this);
  if (!tail->Start(topic, partition, from).ok() || !tail->Join(reader, from, std::move(wake))) return nullptr;
  place = tail;
  return tail;
}

void ReaderClients::RetireAll() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const std::shared_ptr<SharedClient>& shared : clients_) shared->retired = true;
}

void ReaderClients::Vacate(const Feed& feed) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (feed.ahead() == Ahead::kFar) --far_;
  feed.shared_->taken.erase({feed.topic_name_, feed.partition_});
  // The feed is the last to hold it then.
  if (feed.shared_->taken.empty()) clients_.remove(feed.shared_);
}

}  // namespace mynumber::kafka_log
