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
  LeaveTail();
  if (feed_) clients_->GiveBack(std::move(feed_));
}

void Reader::LeaveTail() {
  if (tail_) tail_->Leave(this);
  tail_.reset();
}

bool Reader::JoinTail(bool makes) {
  tail_ = clients_->JoinTail(topic_, partition_, makes, this, next_, wake_);
  if (tail_ && feed_) clients_->GiveBack(std::move(feed_));
  return tail_ != nullptr;
}

void Reader::Start(bool makes_tail) {
  LeaveTail();
  seated_ = false;
  at_end_ = false;
  pending_micros_ = 0;
  seated_ = JoinTail(makes_tail);
  if (!seated_) StartAlone();
}

void Reader::StartAlone() {
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
  const absl::Status status = feed_->Start(next_);
  if (status.ok()) {
    seated_ = true;
  } else {
    trouble_ = status;
  }
}

void Reader::MoveFar() {
  auto feed = clients_->Take(topic_, partition_, Ahead::kFar, wake_);
  if (!feed.ok()) return;
  clients_->GiveBack(std::exchange(feed_, *std::move(feed)));
  seated_ = false;
  StartAlone();
}

void Reader::Seat(int64_t from) {
  used_micros_ = SteadyMicros();
  if (Holds(from)) {
    index_ = static_cast<size_t>(
        std::lower_bound(kept_.begin(), kept_.end(), from,
                         [](const auto& record, int64_t offset) { return record->offset < offset; }) -
        kept_.begin());
    place_ = from;
    DropKept();
    return;
  }
  kept_.clear();
  kept_bytes_ = 0;
  index_ = 0;
  first_ = next_ = place_ = from;
  Start();
}

void Reader::DropKept() {
  while (index_ > 0 && kept_bytes_ > keep_bytes_ && kept_.front()->offset < pinned_) {
    kept_bytes_ -= kept_.front()->bytes();
    first_ = kept_.front()->offset + 1;
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
  *record = kept_[index_].get();
  return Now::kRecord;
}

void Reader::Pass() {
  place_ = kept_[index_]->offset + 1;
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
  if (tail_) tail_->Retire();
  Close();
}

bool Reader::Fetch(Now* now) {
  if (!tail_) return FetchAlone(now);
  Tail::Seen seen = tail_->Next(this, next_);
  switch (seen.now) {
    case Tail::Now::kRecord:
      Take(std::move(seen.record));
      return true;
    case Tail::Now::kEnd:
      ReachedEnd(seen.end);
      break;
    case Tail::Now::kPending:
      break;
    case Tail::Now::kGone:
    case Tail::Now::kRetired:
      Start(/*makes_tail=*/seen.now == Tail::Now::kRetired);
      if (seated_) return Fetch(now);
      break;
  }
  return Nothing(now);
}

bool Reader::FetchAlone(Now* now) {
  if (feed_->retired()) {
    Start();
    if (tail_) return Fetch(now);
  }
  while (seated_) {
    const Feed::Message message = feed_->Next();
    if (!message) {
      if (!feed_->IsLost()) return Nothing(now);
      trouble_ = absl::UnavailableError("no broker of Kafka can be reached");
      LeaveClient();
      break;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      feed_->Reached();
      ReachedEnd(message->offset);
      if (JoinTail(/*makes=*/true)) return Fetch(now);
      continue;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      *now = Failed(message->err);
      return false;
    }
    if (message->offset < next_) continue;
    feed_->Reached();
    Take(std::make_shared<const Record>(RecordOf(*message)));
    unended_bytes_ += message->len;
    if (unended_bytes_ >= kFarBehindBytes) {
      unended_bytes_ = 0;
      if (feed_->ahead() == Ahead::kNear) MoveFar();
    }
    return true;
  }
  return Nothing(now);
}

bool Reader::Nothing(Now* now) {
  *now = at_end_ ? Now::kEnd : Now::kPending;
  if (!at_end_ && seated_) LeaveClientAfter(kSilentMicros, "kafka_reader_silent", &pending_micros_);
  return false;
}

void Reader::Take(std::shared_ptr<const Record> record) {
  at_end_ = false;
  behind_micros_ = pending_micros_ = 0;
  trouble_ = absl::OkStatus();
  next_ = record->offset + 1;
  kept_bytes_ += record->bytes();
  kept_.push_back(std::move(record));
  DropKept();
}

void Reader::ReachedEnd(int64_t offset) {
  at_end_ = true;
  pending_micros_ = 0;
  next_ = std::max(next_, offset);
  place_ = std::max(place_, offset);
  unended_bytes_ = 0;
  trouble_ = absl::OkStatus();
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
