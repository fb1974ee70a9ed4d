#include "libs/kafka_log/raw_kafka.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "libs/kafka_log/client.h"

namespace mynumber::kafka_log {
namespace {

constexpr size_t kBytesMax = 1 << 20;
constexpr size_t kReadAheadBytes = size_t{512} << 20;
constexpr int kWaitMillis = 20;

std::unique_ptr<Client> MakeClient(rd_kafka_type_t type, Settings settings, const RawTopic& topic) {
  settings["bootstrap.servers"] = topic.brokers;
  auto client = Client::Make(type, settings, nullptr);
  if (client.ok()) return *std::move(client);
  std::fprintf(stderr, "raw client: %s\n", client.status().ToString().c_str());
  std::abort();
}

void Demand(bool is_so, const char* what, rd_kafka_resp_err_t error) {
  if (is_so) return;
  std::fprintf(stderr, "%s: %s\n", what, rd_kafka_err2str(error));
  std::abort();
}

// Nobody takes its place when a broker is slow.
Settings PatientSettings() {
  Settings settings = ProducerSettings();
  settings["message.timeout.ms"] = "60000";
  settings["request.timeout.ms"] = "30000";
  return settings;
}

}  // namespace

struct RawProducer::Inside {
  explicit Inside(const RawTopic& topic) : client(MakeClient(RD_KAFKA_PRODUCER, PatientSettings(), topic)) {}

  std::unique_ptr<Client> client;
  rd_kafka_topic_t* topic = nullptr;
  std::string payload;
  std::atomic<bool> stopping{false};
  std::thread poll;
};

RawProducer::RawProducer(const RawTopic& topic) : inside_(std::make_unique<Inside>(topic)) {
  inside_->topic = inside_->client->Topic(topic.name);
  // No two neighbours alike: nothing on the way may press them together.
  for (uint64_t i = 0; inside_->payload.size() < kBytesMax; ++i) {
    const uint64_t mixed = (i + 1) * 0x9e3779b97f4a7c15u;
    inside_->payload.append(reinterpret_cast<const char*>(&mixed), sizeof(mixed));
  }
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(inside_->client->get(), 0, inside_->topic, &metadata, 10'000);
  Demand(error == RD_KAFKA_RESP_ERR_NO_ERROR, "raw producer", error);
  rd_kafka_metadata_destroy(metadata);
  Client::Callbacks callbacks;
  callbacks.delivered = [](const rd_kafka_message_t& message) {
    std::unique_ptr<std::function<void(bool)>> done(static_cast<std::function<void(bool)>*>(message._private));
    if (done) return (*done)(message.err == RD_KAFKA_RESP_ERR_NO_ERROR);
    Demand(message.err == RD_KAFKA_RESP_ERR_NO_ERROR, "raw record", message.err);
  };
  inside_->client->set_callbacks(std::move(callbacks));
  inside_->poll = std::thread([inside = inside_.get()] {
    while (!inside->stopping) rd_kafka_poll(inside->client->get(), kWaitMillis);
  });
}

RawProducer::~RawProducer() {
  inside_->stopping = true;
  inside_->poll.join();
}

void RawProducer::Send(const RawRecord& record, std::function<void(bool ok)> done) {
  auto* kept = done ? new std::function<void(bool)>(std::move(done)) : nullptr;
  const int failed =
      rd_kafka_produce(inside_->topic, record.partition, RD_KAFKA_MSG_F_BLOCK, inside_->payload.data(),
                       record.bytes < kBytesMax ? record.bytes : kBytesMax, nullptr, 0, kept);
  Demand(failed == 0, "raw record", rd_kafka_last_error());
}

void RawProducer::Flush() {
  while (rd_kafka_outq_len(inside_->client->get()) > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

std::vector<RawRecord> ReadAll(const RawTopic& topic) {
  const auto client = MakeClient(RD_KAFKA_CONSUMER, ReaderSettings(kReadAheadBytes), topic);
  rd_kafka_topic_t* handle = client->Topic(topic.name);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(client->get());
  for (int32_t p = 0; p < topic.partition_count; ++p) {
    Demand(rd_kafka_consume_start_queue(handle, p, 0, queue) == 0, "raw consumer", rd_kafka_last_error());
  }
  std::vector<RawRecord> records;
  for (int32_t ended = 0; ended < topic.partition_count;) {
    rd_kafka_message_t* message = rd_kafka_consume_queue(queue, kWaitMillis);
    if (message == nullptr) continue;
    const rd_kafka_resp_err_t error = message->err;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      records.push_back({message->partition, message->len});
    } else {
      Demand(error == RD_KAFKA_RESP_ERR__PARTITION_EOF, "raw consumer", error);
      ++ended;
    }
    rd_kafka_message_destroy(message);
  }
  for (int32_t p = 0; p < topic.partition_count; ++p) rd_kafka_consume_stop(handle, p);
  rd_kafka_queue_destroy(queue);
  return records;
}

}  // namespace mynumber::kafka_log
