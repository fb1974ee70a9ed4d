#include "libs/kafka_log/rival.h"

#include <algorithm>
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

void Told::Add(const Told& more) {
  words.insert(more.words.begin(), more.words.end());
  reads.insert(reads.end(), more.reads.begin(), more.reads.end());
  seen = std::max(seen, more.seen);
}

void Told::Answer(const std::string& word, size_t index) {
  words.emplace(word, index);
  seen = std::max(seen, index + 1);
}

void Told::Check(const std::vector<std::string>& log) const {
  std::map<std::string, size_t> index_of;
  for (size_t i = 0; i < log.size(); ++i) {
    EXPECT_TRUE(index_of.emplace(log[i], i).second) << log[i] << " stands there twice";
  }
  for (const auto& [word, index] : words) {
    const auto found = index_of.find(word);
    ASSERT_NE(found, index_of.end()) << word << " was lost";
    EXPECT_EQ(found->second, index) << word << " was answered otherwise";
  }
  for (const Read& read : reads) {
    EXPECT_GE(read.found, read.seen) << "a current read was stale";
    ASSERT_LE(read.found, log.size()) << "a read found what is not there";
    if (read.found > 0) EXPECT_EQ(read.last, log[read.found - 1]) << "a read found another history";
  }
}

void Add(const eventsourcing::OwnershipCounts& more, eventsourcing::OwnershipCounts* counts) {
  counts->claims += more.claims;
  counts->void_records += more.void_records;
  counts->gaps += more.gaps;
  counts->step_downs += more.step_downs;
  counts->unknown_outcomes += more.unknown_outcomes;
  counts->unknown_found_written += more.unknown_found_written;
  counts->unknown_found_absent += more.unknown_found_absent;
  counts->unknown_superseded += more.unknown_superseded;
  counts->truncations += more.truncations;
  counts->clock_step_downs += more.clock_step_downs;
  counts->folded_records += more.folded_records;
}

void Ledger::Write(const std::string& word) {
  known_.emplace(word, words_.size());
  words_.push_back(word);
}

absl::Status Ledger::Fold(const eventlog::v1::Record& record, const Head& after) {
  for (const auto& command : record.batch().commands()) Write(command.request_id());
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
  if (waiting_.empty() && asked_.empty()) return std::nullopt;
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
    if (known_.count(taken_.back()) == 0) batch->add_commands()->set_request_id(taken_.back());
  }
  taken_reads_.assign(asked_.begin(), asked_.end());
  asked_.clear();
  BuiltBatch built;
  built.request.record = record.SerializeAsString();
  if (brings_keys_ && batch->commands_size() > 0) {
    built.request.key_block_id = {batch->claim_id(), batch->claim_sequence()};
    built.request.key_block = "keys of " + taken_.front();
  }
  built.after = eventsourcing::Advance(head_, record, built.request.record, -1, Chain);
  return built;
}

absl::Status Ledger::Commit(const Head& after) {
  for (const std::string& word : taken_) {
    if (known_.count(word) == 0) Write(word);
    told_.Answer(word, known_[word]);
  }
  for (Told::Read& read : taken_reads_) {
    read.found = words_.size();
    read.last = words_.empty() ? "" : words_.back();
    told_.reads.push_back(std::move(read));
  }
  taken_.clear();
  taken_reads_.clear();
  head_ = after;
  return absl::OkStatus();
}

void Ledger::Discard() {
  waiting_.insert(waiting_.begin(), taken_.begin(), taken_.end());
  asked_.insert(asked_.begin(), taken_reads_.begin(), taken_reads_.end());
  taken_.clear();
  taken_reads_.clear();
}

void Ledger::Refuse(const absl::Status&) {
  waiting_.clear();
  asked_.clear();
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

bool Rival::Step() { return ownership_->Step(WallMicros() + clock_ahead_micros); }

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
