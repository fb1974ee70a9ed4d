#include "libs/kafka_log/handle.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace mynumber::kafka_log {

using eventsourcing::AppendRequest;
using eventsourcing::KeyBlockId;
using eventsourcing::LogRecord;
using eventsourcing::Offset;

namespace {

// Of every partition that is followed.
constexpr size_t kKeepBytes = 1 << 20;
constexpr size_t kLookBackBytes = 32 << 20;
constexpr int64_t kIdleMicros = 2'000'000;
constexpr size_t kRememberedMax = 10'000;
constexpr int64_t kAskMicros = 5'000'000;
const std::string kNoBytes;

absl::Status NotYet(const absl::Status& trouble) {
  return trouble.ok() ? absl::UnavailableError("the log is being fetched") : trouble;
}

}  // namespace

Handle::Handle(const Place& place, ReaderClients* readers, Producers producers, EndClient* ends, Background* background,
               std::function<void()> wake, std::function<void(int64_t)> observe_flight)
    : place_(place),
      wake_(std::make_shared<WakeUp>(std::move(wake))),
      writer_(place, wake_, background, std::move(producers), std::move(observe_flight)),
      end_(place.log_topic, place.partition, ends, background, wake_),
      forward_(place.log_topic, place.partition, kKeepBytes, readers, wake_),
      look_back_(place.log_topic, place.partition, kLookBackBytes, readers, wake_),
      keys_(place, readers, ends, background, wake_) {}

absl::Status Handle::NewWriter() {
  end_.Forget();
  acknowledged_ = -1;
  writer_.Renew();
  return absl::OkStatus();
}

absl::StatusOr<Offset> Handle::End() {
  // Of a former owner that only reads now.
  writer_.ServeIdle();
  return end_.Get(0);
}

void Handle::Append(AppendRequest request) {
  CloseIdle();
  writer_.Append(std::move(request));
}

std::optional<eventsourcing::AppendResult> Handle::Poll() {
  auto result = writer_.Poll();
  if (result && result->kind == eventsourcing::AppendResult::Kind::kAcknowledged) acknowledged_ = result->offset;
  return result;
}

void Handle::Rest() {
  writer_.Discard();
  forward_.Close();
  look_back_.Close();
  keys_.Close();
}

void Handle::CloseIdle() {
  const int64_t before = SteadyMicros() - kIdleMicros;
  if (forward_.used_micros() < before) forward_.Close();
  if (look_back_.used_micros() < before) look_back_.Close();
  if (keys_.used_micros() < before) keys_.Close();
}

Reader* Handle::ReaderFor(Offset from) {
  if (forward_.Holds(from)) return &forward_;
  if (look_back_.Holds(from)) return &look_back_;
  return from < forward_.offset() && forward_.seated() ? &look_back_ : &forward_;
}

absl::StatusOr<std::vector<LogRecord>> Handle::Read(Offset from, size_t max_bytes) {
  Reader* reader = ReaderFor(from);
  reader->Pin(from);
  reader->Seat(from);
  if (reader == &forward_ && look_back_.used_micros() < SteadyMicros() - kIdleMicros) look_back_.Close();
  std::vector<LogRecord> records;
  size_t bytes = 0;
  for (Offset next = from;; ++next) {
    const Record* record = nullptr;
    const Reader::Now now = reader->Peek(&record);
    const bool ends = now == Reader::Now::kEnd || now == Reader::Now::kOutOfRange;
    if (ends && IsKnown(next)) reader->IsBehind();
    if (now == Reader::Now::kOutOfRange && records.empty()) {
      return absl::OutOfRangeError(absl::StrCat("Kafka has no record ", from, " and expects none"));
    }
    if (now == Reader::Now::kPending && records.empty()) return NotYet(reader->trouble());
    if (now != Reader::Now::kRecord) return records;
    if (record->offset != next) {
      return absl::DataLossError(
          absl::StrCat("the log has a hole: after offset ", next - 1, " comes ", record->offset));
    }
    const std::string& payload = record->payload ? *record->payload : kNoBytes;
    bytes += payload.size();
    if (!records.empty() && bytes > max_bytes) return records;
    if (!HasKeys(*record, &bytes)) {
      if (records.empty()) return NotYet(keys_.trouble());
      return records;
    }
    records.push_back({record->offset, payload});
    reader->Pass();
  }
}

// A reader that fell silent takes the end that it saw last for the end, and nobody else would notice.
bool Handle::IsKnown(Offset next) {
  const int64_t now = SteadyMicros();
  if (next != ended_) {
    ended_ = next;
    asked_micros_ = now;
  }
  if (now - asked_micros_ > kAskMicros) {
    const absl::StatusOr<Offset> end = end_.Get(0);
    if (end.ok()) {
      told_end_ = *end;
      asked_micros_ = now;
    }
  }
  return next <= acknowledged_ || next < told_end_;
}

bool Handle::HasKeys(const Record& record, size_t* bytes) {
  const std::optional<KeyBlockAddress>& address = record.key_block;
  if (!address) return true;
  const KeyReader::Now now = keys_.Find(address->key, address->offset, &block_);
  if (now == KeyReader::Now::kFound) {
    *bytes += block_.size();
    Remember(*address);
  }
  return now != KeyReader::Now::kPending;
}

// Whoever takes a record in later asks by its batch alone. Without the address an answer would rest on where the keys'
// leader says that they end, and one that was cut off from its peers says an old end.
void Handle::Remember(const KeyBlockAddress& address) {
  const auto [known, is_new] = key_offsets_.emplace(address.key, address.offset);
  // Written anew since.
  known->second = std::max(known->second, address.offset);
  if (!is_new) return;
  key_order_.push_back(address.key);
  if (key_order_.size() <= kRememberedMax) return;
  key_offsets_.erase(key_order_.front());
  key_order_.pop_front();
}

absl::StatusOr<std::string> Handle::ReadKeyBlock(const KeyBlockId& id) {
  const std::string key = KeyBlockKey(place_, id);
  const auto remembered = key_offsets_.find(key);
  switch (keys_.Find(key, remembered == key_offsets_.end() ? -1 : remembered->second, &block_)) {
    case KeyReader::Now::kFound:
      return std::move(block_);
    case KeyReader::Now::kNone:
      return absl::NotFoundError("this batch brought no keys");
    case KeyReader::Now::kPending:
      break;
  }
  return NotYet(keys_.trouble());
}

}  // namespace mynumber::kafka_log
