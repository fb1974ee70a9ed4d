#include "libs/kafka_log/broker_views.h"

#include "absl/strings/str_cat.h"

namespace mynumber::kafka_log {
namespace {

constexpr int kAskMillis = 500;
// Partitions that are stuck together ask once; whoever did not answer is left alone for longer.
constexpr int64_t kToldMicros = 150'000;
constexpr int64_t kSilentMicros = 1'000'000;

using Metadata = std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)>;

Metadata AskAll(rd_kafka_t* client) {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client, 1, nullptr, &metadata, kAskMillis) != RD_KAFKA_RESP_ERR_NO_ERROR) metadata = nullptr;
  return Metadata(metadata, rd_kafka_metadata_destroy);
}

bool IsStuck(const Leaders& told, const Leaders& stuck) {
  return told.log < 0 || told.keys < 0 || told.log == stuck.log || told.keys == stuck.keys;
}

}  // namespace

BrokerViews::Leading BrokerViews::Ask(const Place& place, const Leaders& in_use) {
  const auto views = Views();
  if (!views.ok()) return Leading::kStill;
  std::vector<std::string> naming;
  for (const std::shared_ptr<View>& view : *views) {
    if (view->broker == in_use.log || view->broker == in_use.keys) continue;
    if (!IsStuck(Told(view.get(), place), in_use)) naming.push_back(view->address);
  }
  if (2 * naming.size() <= views->size()) return Leading::kStill;
  const std::lock_guard<std::mutex> lock(mutex_);
  const Leading moved = IsFound() ? Leading::kMoved : Leading::kMovedNow;
  found_ = naming.front();
  found_micros_ = SteadyMicros();
  return moved;
}

std::string BrokerViews::BeginWith() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return IsFound() ? found_ : settings_.at("bootstrap.servers");
}

absl::StatusOr<std::vector<std::shared_ptr<BrokerViews::View>>> BrokerViews::Views() {
  const std::lock_guard<std::mutex> lock(views_mutex_);
  if (!views_.empty()) return views_;
  const auto client = Client::Make(RD_KAFKA_PRODUCER, settings_, nullptr);
  if (!client.ok()) return client.status();
  const Metadata metadata = AskAll((*client)->get());
  if (!metadata) return absl::UnavailableError("no broker tells of the others");
  for (int i = 0; i < metadata->broker_cnt; ++i) {
    auto view = std::make_shared<View>();
    view->broker = metadata->brokers[i].id;
    view->address = absl::StrCat(metadata->brokers[i].host, ":", metadata->brokers[i].port);
    views_.push_back(std::move(view));
  }
  return views_;
}

Leaders BrokerViews::Told(View* view, const Place& place) {
  const std::lock_guard<std::mutex> lock(view->mutex);
  const int64_t good_micros = view->client ? kToldMicros : kSilentMicros;
  if (SteadyMicros() - view->told_micros > good_micros) AskOne(view);
  const auto leader = [&](const std::string& topic) {
    const auto found = view->leaders.find({topic, place.partition});
    return found == view->leaders.end() ? -1 : found->second;
  };
  return {leader(place.log_topic), leader(place.keys_topic)};
}

void BrokerViews::AskOne(View* view) {
  view->leaders.clear();
  if (!view->client) {
    Settings settings = settings_;
    settings["bootstrap.servers"] = view->address;
    auto made = Client::Make(RD_KAFKA_PRODUCER, settings, nullptr);
    if (made.ok()) view->client = *std::move(made);
  }
  const Metadata metadata = view->client ? AskAll(view->client->get()) : Metadata(nullptr, rd_kafka_metadata_destroy);
  // One that found no broker at its address goes on to others that it knows, or to none.
  if (!metadata) view->client.reset();
  for (int i = 0; metadata && i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[i];
    for (int p = 0; p < topic.partition_cnt; ++p) {
      view->leaders[{topic.topic, topic.partitions[p].id}] = topic.partitions[p].leader;
    }
  }
  view->told_micros = SteadyMicros();
}

}  // namespace mynumber::kafka_log
