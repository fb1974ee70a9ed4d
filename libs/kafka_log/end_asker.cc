#include "libs/kafka_log/end_asker.h"

#include <utility>

namespace mynumber::kafka_log {
namespace {

constexpr int kAskMillis = 2000;
constexpr int kLeadersMillis = 1000;
// An answer that nobody fetched for so long is not fresh any more.
constexpr int64_t kFreshMicros = 1'000'000;
// A client that gets no answer for so long is made anew.
constexpr int64_t kFailingMicros = 10'000'000;

using List = std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)>;

}  // namespace

EndClient::EndClient(Settings settings, std::function<void(std::string)> statistics)
    : settings_(std::move(settings)), statistics_(std::move(statistics)) {}

absl::StatusOr<std::shared_ptr<Client>> EndClient::Get() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!client_) {
    auto made = Client::Make(RD_KAFKA_PRODUCER, settings_, nullptr);
    if (!made.ok()) return made.status();
    client_ = *std::move(made);
    client_->set_callbacks({nullptr, statistics_});
  }
  client_->Serve();
  return client_;
}

void EndClient::Note(const std::shared_ptr<Client>& client, bool answered) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (answered) {
    failing_micros_ = 0;
  } else if (failing_micros_ == 0) {
    failing_micros_ = SteadyMicros();
  } else if (client == client_ && SteadyMicros() - failing_micros_ > kFailingMicros) {
    // The last task that still asks with it destroys it.
    client_.reset();
    failing_micros_ = 0;
  }
}

// librdkafka goes on asking a leader that was replaced until it next looks round of itself.
void EndClient::AskForLeaders(Client* client, const std::string& topic) {
  rd_kafka_topic_t* of = rd_kafka_topic_new(client->get(), topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client->get(), 0, of, &metadata, kLeadersMillis) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_metadata_destroy(metadata);
  }
  rd_kafka_topic_destroy(of);
}

absl::StatusOr<int64_t> EndClient::Ask(const std::string& topic, int32_t partition, int64_t at_least) {
  auto client = Get();
  if (!client.ok()) return client.status();
  List list(rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_t* asked = rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  asked->offset = RD_KAFKA_OFFSET_END;
  rd_kafka_resp_err_t error = rd_kafka_offsets_for_times((*client)->get(), list.get(), kAskMillis);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = asked->err;
  Note(*client, error == RD_KAFKA_RESP_ERR_NO_ERROR);
  const bool told = error == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (told && asked->offset >= at_least) return asked->offset;
  AskForLeaders(client->get(), topic);
  if (told) return absl::UnavailableError("whoever tells where the log ends is behind");
  return ToStatus(error, "Kafka does not tell where the log ends");
}

EndAsker::EndAsker(std::string topic, int32_t partition, EndClient* client, Background* background,
                   std::shared_ptr<WakeUp> wake)
    : topic_(std::move(topic)),
      partition_(partition),
      client_(client),
      background_(background),
      wake_(std::move(wake)) {}

absl::StatusOr<int64_t> EndAsker::Get(int64_t at_least) {
  if (answer_) {
    std::lock_guard<std::mutex> lock(answer_->mutex);
    if (!answer_->is_there) return absl::UnavailableError("the end of the log is being asked for");
    const std::shared_ptr<Answer> told = std::move(answer_);
    if (!told->end.ok()) return told->end;
    // That something is there stays true, however late somebody comes for the answer.
    const bool is_good = at_least > 0 || SteadyMicros() - told->told_micros < kFreshMicros;
    if (*told->end >= at_least && is_good) return told->end;
  }
  answer_ = std::make_shared<Answer>();
  auto ask = [client = client_, topic = topic_, partition = partition_, at_least] {
    return client->Ask(topic, partition, at_least);
  };
  background_->Run([answer = answer_, wake = wake_, ask = std::move(ask)] {
    absl::StatusOr<int64_t> end = ask();
    // An error waits for the next tick, so that a broker that is gone is not asked without pause.
    const bool ok = end.ok();
    {
      std::lock_guard<std::mutex> lock(answer->mutex);
      answer->end = std::move(end);
      answer->told_micros = SteadyMicros();
      answer->is_there = true;
    }
    if (ok) wake->Call();
  });
  return absl::UnavailableError("the end of the log is being asked for");
}

void EndAsker::Forget() { answer_.reset(); }

}  // namespace mynumber::kafka_log
