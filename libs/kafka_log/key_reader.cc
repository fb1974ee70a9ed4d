#include "libs/kafka_log/key_reader.h"

#include <utility>

#include "absl/hash/hash.h"

namespace mynumber::kafka_log {
namespace {

// Of every partition that is followed; holds the keys of what one read brings.
constexpr size_t kWindowBytes = 4 << 20;
// Read over, rather than jump to an address that lies no further ahead.
constexpr int64_t kNearRecords = 2000;
constexpr int64_t kAddressMicros = 3'000'000;
constexpr size_t kRecordsAtOnce = 10'000;

}  // namespace

KeyReader::KeyReader(const Place& place, ReaderClients* clients, EndClient* ends, Background* background,
                     std::shared_ptr<WakeUp> wake)
    : service_prefix_(place.service + '\0'),
      reader_(place.keys_topic, place.partition, 0, clients, wake),
      scanner_(place.keys_topic, place.partition, 0, clients, wake),
      end_(place.keys_topic, place.partition, ends, background, wake) {}

void KeyReader::Close() {
  reader_.Close();
  scanner_.Close();
  end_.Forget();
  window_ = {};
  order_ = {};
  window_bytes_ = 0;
  asked_.clear();
  index_ = {};
  scanned_ = 0;
}

KeyReader::Now KeyReader::Find(const std::string& key, int64_t address, std::string* block) {
  // The same question may have come before without an address.
  if (asked_ != key || address > address_) {
    asked_ = key;
    asked_micros_ = SteadyMicros();
    address_ = address;
    by_index_ = address < 0;
    indexed_ = false;
    end_offset_ = -1;
  }
  auto found = window_.find(key);
  if (found != window_.end() && found->second.offset >= address) {
    *block = found->second.bytes;
    return Now::kFound;
  }
  if (!by_index_) {
    const Now now = FindAt(key, address, block);
    if (now == Now::kFound) return now;
    // An acknowledged record is there; if its address does not answer for long, it is another cluster's.
    if (now == Now::kPending && SteadyMicros() - asked_micros_ < kAddressMicros) return now;
    by_index_ = true;
  }
  return FindByIndex(key, block);
}

bool KeyReader::IsOurs(const Record& record) const {
  return record.key.compare(0, service_prefix_.size(), service_prefix_) == 0;
}

KeyReader::Now KeyReader::FindAt(const std::string& key, int64_t address, std::string* block) {
  const int64_t ahead = address - reader_.offset();
  if (!reader_.seated() || ahead < 0 || ahead > kNearRecords) reader_.Seat(address);
  const Record* record = nullptr;
  for (;;) {
    switch (reader_.Peek(&record)) {
      case Reader::Now::kRecord:
        break;
      case Reader::Now::kOutOfRange:
      case Reader::Now::kEnd:
        reader_.IsBehind();
        return Now::kPending;
      case Reader::Now::kPending:
        return Now::kPending;
    }
    const bool is_there = record->offset >= address;
    const bool is_it = record->key == key;
    Take(*record);
    reader_.Pass();
    if (is_it) {
      *block = window_[key].bytes;
      return Now::kFound;
    }
    if (is_there) return Now::kNone;
  }
}

void KeyReader::Take(const Record& record) {
  if (!IsOurs(record)) return;
  auto [slot, is_new] = window_.try_emplace(record.key);
  if (is_new) order_.push_back(slot->first);
  window_bytes_ -= slot->second.bytes.size();
  slot->second = {record.offset, record.payload.value_or("")};
  window_bytes_ += slot->second.bytes.size();
  while (window_bytes_ > kWindowBytes && order_.size() > 1) {
    auto oldest = window_.find(order_.front());
    window_bytes_ -= oldest->second.bytes.size();
    window_.erase(oldest);
    order_.pop_front();
  }
}

KeyReader::Now KeyReader::FindByIndex(const std::string& key, std::string* block) {
  if (!indexed_) {
    if (!IndexAll()) return Now::kPending;
    indexed_ = true;
  }
  const auto found = index_.find(absl::HashOf(key));
  if (found == index_.end()) return Now::kNone;
  const Now now = FindAt(key, found->second, block);
  if (now != Now::kNone) return now;
  // Rewritten since: the newer one lies behind what was indexed.
  index_.erase(found);
  indexed_ = false;
  end_offset_ = -1;
  return Now::kPending;
}

bool KeyReader::IndexAll() {
  if (end_offset_ < 0) {
    // The block was written before the batch that names it.
    auto end = end_.Get(address_ + 1);
    if (!end.ok()) return false;
    end_offset_ = *end;
  }
  scanner_.Seat(scanned_);
  const Record* record = nullptr;
  for (size_t i = 0; scanned_ < end_offset_; ++i) {
    if (i == kRecordsAtOnce) return false;
    const Reader::Now now = scanner_.Peek(&record);
    scanned_ = scanner_.offset();
    if (now == Reader::Now::kEnd && scanned_ < end_offset_) scanner_.IsBehind();
    if (now != Reader::Now::kRecord) return scanned_ >= end_offset_;
    if (IsOurs(*record)) {
      if (record->payload) {
        index_[absl::HashOf(record->key)] = record->offset;
      } else {
        index_.erase(absl::HashOf(record->key));
      }
    }
    scanner_.Pass();
    scanned_ = scanner_.offset();
  }
  return true;
}

}  // namespace mynumber::kafka_log
