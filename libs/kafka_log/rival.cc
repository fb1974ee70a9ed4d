#include "libs/kafka_log/rival.h"

#include <chrono>
#include <cstring>
#include <random>
#include <utility>

#include "gtest/gtest.h"

namespace mynumber::kafka_log {
namespace {

using eventsourcing::BuiltBatch;
using eventsourcing::Head;
using eventsourcing::Verdict;

// Not for keeps: FNV-1a four times over.
std::string Chain(std::string_view previous, std::string_view record) {
  std::string digest;
  for (uint64_t round = 1; round <= 4; ++round) {
    uint64_t hash = 0xcbf29ce484222325 * round;
    for (std::string_view part : {previous, record}) {
      for (char c : part) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
    }
    digest.append(reinterpret_cast<const char*>(&hash), sizeof(hash));
  }
  return digest;
}

void FillRandom(uint8_t* out, size_t size) {
  static std::mt19937_64 random(std::random_device{}());
  for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(random());
}

int64_t WallMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

absl::Status Ledger::Fold(const eventlog::v1::Record& record, const Head& after) {
  for (const auto& command : record.batch().commands()) {
    words_.push_back(command.request_id());
    known_.insert(command.request_id());
  }
  head_ = after;
  return absl::OkStatus();
}

absl::Status Ledger::StartOver() {
  head_ = eventsourcing::EmptyHead();
  words_.clear();
  known_.clear();
  return absl::OkStatus();
}

std::optional<BuiltBatch> Ledger::Build(int64_t now_micros) {
  if (waiting_.empty()) return std::nullopt;
  eventlog::v1::Record record;
  auto* batch = record.mutable_batch();
  batch->set_claim_id(head_.claim_id());
  batch->set_claim_sequence(head_.next_claim_sequence());
  batch->set_running_hash(head_.running_hash());
  batch->set_sequence(head_.sequence() + 1);
  batch->set_time_micros(now_micros);
  for (; !waiting_.empty(); waiting_.pop_front()) {
    taken_.push_back(waiting_.front());
    // Known: answered again, behind an append all the same.
    if (known_.count(taken_.back()) > 0) continue;
    fresh_.push_back(taken_.back());
    batch->add_commands()->set_request_id(taken_.back());
  }
  BuiltBatch built;
  built.request.record = record.SerializeAsString();
  if (brings_keys_) {
    built.request.key_block_id = {batch->claim_id(), batch->claim_sequence()};
    built.request.key_block = "keys of " + taken_.front();
  }
  built.after = eventsourcing::Advance(head_, record, built.request.record, -1, Chain);
  return built;
}

absl::Status Ledger::Commit(const Head& after) {
  words_.insert(words_.end(), fresh_.begin(), fresh_.end());
  known_.insert(fresh_.begin(), fresh_.end());
  answered_.insert(taken_.begin(), taken_.end());
  taken_.clear();
  fresh_.clear();
  head_ = after;
  return absl::OkStatus();
}

void Ledger::Discard() {
  waiting_.insert(waiting_.begin(), taken_.begin(), taken_.end());
  taken_.clear();
  fresh_.clear();
}

Rival::Rival(std::string name, KafkaLogOptions options) {
  log_ = *KafkaLog::Open(std::move(options));
  partition_ = log_->Partition("issuance", 0, [] {});
  eventsourcing::OwnershipOptions ownership;
  ownership.instance = std::move(name);
  ownership.settings.set_service("issuance");
  ownership.settings.set_partition_count(1);
  ownership_ = std::make_unique<eventsourcing::Ownership>(partition_.get(), &ledger_, ownership, Chain, FillRandom);
}

bool Rival::Step() { return ownership_->Step(WallMicros()); }

std::vector<std::string> WordsInLog(KafkaLogOptions options) {
  const auto log = *KafkaLog::Open(std::move(options));
  const auto partition = log->Partition("issuance", 0, nullptr);
  Ledger ledger;
  const auto end = partition->End();
  EXPECT_TRUE(end.ok()) << end.status();
  for (eventsourcing::Offset next = 0; end.ok() && next < *end;) {
    const auto records = partition->Read(next, 1 << 20);
    EXPECT_TRUE(records.ok()) << records.status();
    if (!records.ok() || records->empty()) break;
    for (const auto& entry : *records) {
      next = entry.offset + 1;
      eventlog::v1::Record record;
      EXPECT_TRUE(record.ParseFromString(entry.bytes));
      const Verdict verdict = eventsourcing::Judge(ledger.head(), record);
      EXPECT_NE(verdict, Verdict::kAlarm);
      if (verdict == Verdict::kVoid) continue;
      (void)ledger.Fold(record, eventsourcing::Advance(ledger.head(), record, entry.bytes, entry.offset, Chain));
    }
  }
  return ledger.words();
}

}  // namespace mynumber::kafka_log
