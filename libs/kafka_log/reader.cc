#include "libs/kafka_log/reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/log/log.h"

namespace mynumber::kafka_log {
namespace {

// Replication that is slow takes less.
constexpr int64_t kBehindMicros = 500'000;
constexpr int64_t kSilentMicros = 6'000'000;
// Whoever has read so much without seeing the end rebuilds.
constexpr size_t kFarBehindBytes = 16 << 20;

std::optional<KeyBlockAddress> AddressIn(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  const void* value = nullptr;
  size_t size = 0;
  if (rd_kafka_header_get_last(headers, kKeyBlockHeader, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::nullopt;
  }
  return DecodeAddress({static_cast<const char*>(value), size});
}

size_t SizeOf(const Reader::Record& record) { return record.payload ? record.payload->size() : 0; }

}  // namespace

Reader::Reader(std::string topic, int32_t partition, size_t keep_bytes, ReaderClients* clients,
               std::shared_ptr<WakeUp> wake)
    : topic_(std::move(topic)),
      partition_(partition),
      keep_bytes_(keep_bytes),
      clients_(clients),
      wake_(std::move(wake)) {}

void Reader::Close() {
  pending_micros_ = 0;
  kept_.clear();
  kept_bytes_ = 0;
  index_ = 0;
  seated_ = false;
  at_end_ = false;
  if (feed_) clients_->GiveBack(std::move(feed_));
}

void Reader::Start(int64_t from) {
  seated_ = false;
  at_end_ = false;
  pending_micros_ = 0;
  if (feed_ && feed_->retired()) {
    behind_micros_ = 0;
    clients_->GiveBack(std::move(feed_));
  }
  if (!feed_) {
    auto feed = clients_->Take(topic_, partition_, Ahead::kNear, wake_);
    if (!feed.ok()) {
      trouble_ = feed.status();
      return;
    }
    feed_ = *std::move(feed);
  }
  const absl::Status status = feed_->Start(from);
  if (status.ok()) {
    seated_ = true;
  } else {
    trouble_ = status;
  }
}

void Reader::Move(Ahead ahead) {
  auto feed = clients_->Take(topic_, partition_, ahead, wake_);
  if (!feed.ok()) return;
  clients_->GiveBack(std::exchange(feed_, *std::move(feed)));
  const bool at_end = at_end_;
  Start(next_);
  at_end_ = at_end && seated_;
}

void Reader::Seat(int64_t from) {
  used_micros_ = SteadyMicros();
  if (Holds(from)) {
    index_ = static_cast<size_t>(
        std::lower_bound(kept_.begin(), kept_.end(), from,
                         [](const Record& record, int64_t offset) { return record.offset < offset; }) -
        kept_.begin());
    place_ = from;
    DropKept();
    return;
  }
  kept_.clear();
  kept_bytes_ = 0;
  index_ = 0;
  first_ = next_ = place_ = from;
  Start(from);
}

void Reader::DropKept() {
  while (index_ > 0 && kept_bytes_ > keep_bytes_ && kept_.front().offset < pinned_) {
    kept_bytes_ -= SizeOf(kept_.front());
    first_ = kept_.front().offset + 1;
    kept_.pop_front();
    --index_;
  }
}

Reader::Now Reader::Peek(const Record** record) {
  used_micros_ = SteadyMicros();
  if (!seated_) Seat(place_);
  if (!seated_) return Now::kPending;
  Now now = Now::kRecord;
  if (index_ == kept_.size() && !Fetch(&now)) return now;
  *record = &kept_[index_];
  return Now::kRecord;
}

void Reader::Pass() {
  place_ = kept_[index_].offset + 1;
  ++index_;
}

void Reader::IsBehind() { LeaveClientAfter(kBehindMicros, "kafka_leader_behind", &behind_micros_); }

void Reader::LeaveClientAfter(int64_t patience_micros, const char* event, int64_t* since_micros) {
  const int64_t now = SteadyMicros();
  if (*since_micros == 0) *since_micros = now;
  if (now - *since_micros < patience_micros) return;
  *since_micros = 0;
  log::Warn(event, {{"topic", topic_}, {"partition", absl::StrCat(partition_)}});
  LeaveClient();
}

void Reader::LeaveClient() {
  if (feed_) clients_->Retire(*feed_);
  Close();
}

bool Reader::Fetch(Now* now) {
  if (feed_->retired()) Start(next_);
  while (seated_) {
    const Feed::Message message = feed_->Next();
    if (!message) {
      if (feed_->IsLost()) {
        trouble_ = absl::UnavailableError("no broker of Kafka can be reached");
        LeaveClient();
      }
      *now = at_end_ ? Now::kEnd : Now::kPending;
      if (!at_end_ && feed_) LeaveClientAfter(kSilentMicros, "kafka_reader_silent", &pending_micros_);
      return false;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      ReachedEnd(message->offset);
      continue;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      *now = Failed(message->err);
      return false;
    }
    if (message->offset < next_) continue;
    Take(*message);
    return true;
  }
  *now = Now::kPending;
  return false;
}

void Reader::Take(const rd_kafka_message_t& message) {
  at_end_ = false;
  behind_micros_ = pending_micros_ = 0;
  trouble_ = absl::OkStatus();
  feed_->Reached();
  Record record;
  record.offset = message.offset;
  record.key.assign(static_cast<const char*>(message.key), message.key_len);
  if (message.payload != nullptr) record.payload.emplace(static_cast<const char*>(message.payload), message.len);
  record.key_block = AddressIn(message);
  next_ = message.offset + 1;
  kept_bytes_ += message.len;
  kept_.push_back(std::move(record));
  DropKept();
  unended_bytes_ += message.len;
  if (unended_bytes_ < kFarBehindBytes) return;
  unended_bytes_ = 0;
  if (feed_->ahead() == Ahead::kNear) Move(Ahead::kFar);
}

void Reader::ReachedEnd(int64_t offset) {
  at_end_ = true;
  pending_micros_ = 0;
  next_ = std::max(next_, offset);
  place_ = std::max(place_, offset);
  unended_bytes_ = 0;
  feed_->Reached();
  trouble_ = absl::OkStatus();
  if (feed_->ahead() == Ahead::kFar) Move(Ahead::kNear);
}

Reader::Now Reader::Failed(rd_kafka_resp_err_t error) {
  trouble_ = ToStatus(error, "Kafka cannot be read");
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      // Fetching has stopped for good; the next question starts it again.
      feed_->Stop();
      seated_ = false;
      return Now::kOutOfRange;
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      feed_->Stop();
      seated_ = false;
      return Now::kPending;
    default:
      return Now::kPending;
  }
}

}  // namespace mynumber::kafka_log
