#include "libs/kafka_log/tail.h"

#include <algorithm>
#include <utility>

namespace mynumber::kafka_log {
namespace {

// A reader that is further behind the others goes alone.
constexpr size_t kKeepBytes = 4 << 20;
// Kept though all have read it: who comes from a little behind needs no feed of its own.
constexpr size_t kSpareBytes = 128 << 10;

bool IsBefore(const std::shared_ptr<const Record>& record, int64_t offset) { return record->offset < offset; }

}  // namespace

void WakeAll::Call() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [who, wake] : wakes_) wake->Call();
}

void WakeAll::Add(const void* who, std::shared_ptr<WakeUp> wake) {
  const std::lock_guard<std::mutex> lock(mutex_);
  wakes_[who] = std::move(wake);
}

void WakeAll::Remove(const void* who) {
  const std::lock_guard<std::mutex> lock(mutex_);
  wakes_.erase(who);
}

Tail::~Tail() {
  if (feed_) clients_->GiveBack(std::move(feed_));
}

absl::Status Tail::Start(const std::string& topic, int32_t partition, int64_t from) {
  const std::lock_guard<std::mutex> lock(mutex_);
  first_ = next_ = from;
  auto wake = std::make_shared<WakeUp>([wakes = wakes_] { wakes->Call(); });
  auto feed = clients_->Take(topic, partition, Ahead::kTail, std::move(wake));
  if (!feed.ok()) return feed.status();
  feed_ = *std::move(feed);
  absl::Status status = feed_->Start(from);
  if (!status.ok()) End();
  return status;
}

bool Tail::Join(const void* reader, int64_t from, std::shared_ptr<WakeUp> wake) {
  const std::lock_guard<std::mutex> lock(mutex_);
  while (from > next_ && Fetch()) {
  }
  if (!Holds(from)) return false;
  readers_[reader] = from;
  wakes_->Add(reader, std::move(wake));
  return true;
}

void Tail::Leave(const void* reader) {
  wakes_->Remove(reader);
  const std::lock_guard<std::mutex> lock(mutex_);
  readers_.erase(reader);
}

bool Tail::IsGone() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return feed_ == nullptr;
}

Tail::Seen Tail::Next(const void* reader, int64_t from) {
  const std::lock_guard<std::mutex> lock(mutex_);
  readers_[reader] = from;
  std::shared_ptr<const Record> record = Find(from);
  while (!record && Fetch()) record = Find(from);
  if (!Holds(from)) return {retired_ ? Now::kRetired : Now::kGone, nullptr, 0};
  if (record) return {Now::kRecord, std::move(record), 0};
  return {at_end_ ? Now::kEnd : Now::kPending, nullptr, next_};
}

void Tail::Retire() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (feed_) EndWithClient();
}

std::shared_ptr<const Record> Tail::Find(int64_t from) const {
  const auto found = std::lower_bound(kept_.begin(), kept_.end(), from, IsBefore);
  return found == kept_.end() ? nullptr : *found;
}

bool Tail::Fetch() {
  if (!feed_) return false;
  const Feed::Message message = feed_->retired() ? nullptr : feed_->Next();
  if (!message) {
    if (feed_->retired() || feed_->IsLost()) EndWithClient();
    return false;
  }
  if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    at_end_ = true;
    next_ = std::max(next_, message->offset);
  } else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    End();
    return false;
  } else if (message->offset >= next_) {
    Keep(std::make_shared<const Record>(RecordOf(*message)));
  }
  feed_->Reached();
  return true;
}

void Tail::Keep(std::shared_ptr<const Record> record) {
  at_end_ = false;
  next_ = record->offset + 1;
  kept_bytes_ += record->bytes();
  kept_.push_back(std::move(record));
  while (kept_.size() > 1 && (kept_bytes_ > kKeepBytes || (kept_bytes_ > kSpareBytes && IsLeftBehind()))) {
    kept_bytes_ -= kept_.front()->bytes();
    first_ = kept_.front()->offset + 1;
    kept_.pop_front();
  }
}

bool Tail::IsLeftBehind() const {
  return std::all_of(readers_.begin(), readers_.end(),
                     [this](const auto& reader) { return reader.second > kept_.front()->offset; });
}

void Tail::EndWithClient() {
  retired_ = true;
  clients_->Retire(*feed_);
  End();
}

void Tail::End() {
  clients_->GiveBack(std::move(feed_));
  kept_.clear();
  kept_bytes_ = 0;
  wakes_->Call();
}

}  // namespace mynumber::kafka_log
