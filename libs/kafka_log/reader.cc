#include "libs/kafka_log/reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/log/log.h"

namespace mynumber::kafka_log {
namespace {

// Replication that is slow takes less.
constexpr int64_t kBehindMicros = 2'000'000;

}  // namespace

Reader::Reader(std::string topic, int32_t partition, Settings settings, size_t keep_bytes, std::shared_ptr<WakeUp> wake,
               Background* background)
    : topic_(std::move(topic)),
      partition_(partition),
      settings_(std::move(settings)),
      keep_bytes_(keep_bytes),
      wake_(std::move(wake)),
      background_(background) {}

Reader::Source::~Source() { Stop(); }

void Reader::Source::Stop() {
  if (queue == nullptr) return;
  rd_kafka_queue_cb_event_enable(queue, nullptr, nullptr);
  rd_kafka_consume_stop(topic, partition);
  rd_kafka_queue_destroy(queue);
  queue = nullptr;
}

void Reader::Close() {
  kept_.clear();
  kept_bytes_ = 0;
  index_ = 0;
  seated_ = false;
  at_end_ = false;
  if (source_) background_->Run([source = std::move(source_)]() mutable { source.reset(); });
  source_.reset();
}

bool Reader::Open() {
  if (source_) return true;
  auto client = Client::Make(RD_KAFKA_CONSUMER, settings_, nullptr);
  if (!client.ok()) {
    trouble_ = client.status();
    return false;
  }
  source_ = std::make_shared<Source>();
  source_->client = *std::move(client);
  source_->topic = source_->client->Topic(topic_);
  source_->partition = partition_;
  source_->wake = wake_;
  return true;
}

void Reader::Start(int64_t from) {
  source_->Stop();
  source_->queue = rd_kafka_queue_new(source_->client->get());
  rd_kafka_queue_cb_event_enable(
      source_->queue, [](rd_kafka_t*, void* wake) { static_cast<WakeUp*>(wake)->Call(); }, wake_.get());
  if (rd_kafka_consume_start_queue(source_->topic, partition_, from, source_->queue) != 0) {
    trouble_ = ToStatus(rd_kafka_last_error(), "Kafka cannot be read");
    rd_kafka_queue_destroy(source_->queue);
    source_->queue = nullptr;
    seated_ = false;
    return;
  }
  seated_ = true;
  at_end_ = false;
}

void Reader::Seat(int64_t from) {
  used_micros_ = SteadyMicros();
  if (Holds(from)) {
    index_ = static_cast<size_t>(
        std::lower_bound(kept_.begin(), kept_.end(), from,
                         [](const Message& message, int64_t offset) { return message->offset < offset; }) -
        kept_.begin());
    place_ = from;
    DropKept();
    return;
  }
  kept_.clear();
  kept_bytes_ = 0;
  index_ = 0;
  first_ = next_ = place_ = from;
  if (Open()) Start(from);
}

void Reader::DropKept() {
  while (index_ > 0 && kept_bytes_ > keep_bytes_) {
    kept_bytes_ -= kept_.front()->len;
    first_ = kept_.front()->offset + 1;
    kept_.pop_front();
    --index_;
  }
}

Reader::Now Reader::Peek(const rd_kafka_message_t** record) {
  used_micros_ = SteadyMicros();
  if (!seated_) Seat(place_);
  if (!seated_) return Now::kPending;
  Now now = Now::kRecord;
  if (index_ == kept_.size() && !Fetch(&now)) return now;
  *record = kept_[index_].get();
  return Now::kRecord;
}

void Reader::Pass() {
  place_ = kept_[index_]->offset + 1;
  ++index_;
}

void Reader::IsBehind() {
  const int64_t now = SteadyMicros();
  if (behind_micros_ == 0) behind_micros_ = now;
  if (now - behind_micros_ < kBehindMicros) return;
  behind_micros_ = 0;
  log::Warn("kafka_leader_behind", {{"topic", topic_}, {"partition", absl::StrCat(partition_)}});
  Close();
}

bool Reader::Fetch(Now* now) {
  for (;;) {
    Message message(rd_kafka_consume_queue(source_->queue, 0));
    if (!message) {
      source_->client->Serve();
      if (source_->client->IsLost()) {
        trouble_ = absl::UnavailableError("no broker of Kafka can be reached");
        Close();
      }
      *now = at_end_ ? Now::kEnd : Now::kPending;
      return false;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      at_end_ = true;
      next_ = std::max(next_, message->offset);
      place_ = std::max(place_, message->offset);
      source_->client->Reached();
      trouble_ = absl::OkStatus();
      continue;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      *now = Failed(message->err);
      return false;
    }
    if (message->offset < next_) continue;
    at_end_ = false;
    behind_micros_ = 0;
    trouble_ = absl::OkStatus();
    source_->client->Reached();
    next_ = message->offset + 1;
    kept_bytes_ += message->len;
    kept_.push_back(std::move(message));
    DropKept();
    return true;
  }
}

Reader::Now Reader::Failed(rd_kafka_resp_err_t error) {
  trouble_ = ToStatus(error, "Kafka cannot be read");
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      // Fetching has stopped for good; the next question starts it again.
      source_->Stop();
      seated_ = false;
      return Now::kOutOfRange;
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      source_->Stop();
      seated_ = false;
      return Now::kPending;
    default:
      return Now::kPending;
  }
}

}  // namespace mynumber::kafka_log
