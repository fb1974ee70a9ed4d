#ifndef MYNUMBER_LIBS_KAFKA_LOG_RIVAL_H_
#define MYNUMBER_LIBS_KAFKA_LOG_RIVAL_H_

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/eventsourcing/ownership.h"
#include "libs/kafka_log/kafka_log.h"

namespace mynumber::kafka_log {

// What clients were told with OK.
struct Told {
  // A current read.
  struct Read {
    // Words that anybody had been told of when it was asked.
    size_t seen = 0;
    // Words that it found, and the last of them.
    size_t found = 0;
    std::string last;
  };
  // Which word of the log it is, for each answer.
  std::multimap<std::string, size_t> words;
  std::vector<Read> reads;
  // Words that must be in the log, as far as these answers tell.
  size_t seen = 0;

  void Answer(const std::string& word, size_t index);
  void Add(const Told& more);
  // Holds them against the words of the log. Fails the test if one is lost, stands there twice or elsewhere, or if a
  // read was stale.
  void Check(const std::vector<std::string>& log) const;
};

// A tenant whose commands are words: each is to stand in the log once, whoever asks for it however often.
class Ledger : public eventsourcing::Tenant {
 public:
  void Offer(const std::string& word) { waiting_.push_back(word); }
  // A current read; `seen` as in Told.
  void Ask(size_t seen) { asked_.push_back({seen, 0, ""}); }
  const Told& told() const { return told_; }
  // The same, which is forgotten here.
  Told TakeTold() { return std::exchange(told_, {}); }
  // Whether batches bring keys from now on.
  void BringKeys(bool bring) { brings_keys_ = bring; }
  bool waits() const { return !waiting_.empty() || !taken_.empty() || !asked_.empty() || !taken_reads_.empty(); }

  const eventsourcing::Head& head() const override { return head_; }
  absl::Status Fold(const eventlog::v1::Record& record, const eventsourcing::Head& after) override;
  absl::Status FlushFolds() override { return absl::OkStatus(); }
  absl::Status StartOver() override;
  std::optional<eventsourcing::BuiltBatch> Build(int64_t now_micros) override;
  absl::Status Commit(const eventsourcing::Head& after) override;
  void Discard() override;
  void Refuse(const absl::Status& why) override;

  const std::vector<std::string>& words() const { return words_; }

 private:
  void Write(const std::string& word);

  eventsourcing::Head head_ = eventsourcing::EmptyHead();
  std::vector<std::string> words_;
  std::map<std::string, size_t> known_;
  std::deque<std::string> waiting_;
  std::deque<Told::Read> asked_;
  // Of the batch under way.
  std::vector<std::string> taken_;
  std::vector<Told::Read> taken_reads_;
  Told told_;
  bool brings_keys_ = true;
};

// Adds up what several instances counted.
void Add(const eventsourcing::OwnershipCounts& more, eventsourcing::OwnershipCounts* counts);

// One instance that may own partition 0 of "issuance": the real protocol over the real log, stepped by the test.
class Rival {
 public:
  Rival(std::string name, KafkaLogOptions options);

  Ledger& ledger() { return ledger_; }
  eventsourcing::Ownership& ownership() { return *ownership_; }
  // Its clock is so far ahead of this machine's.
  int64_t clock_ahead_micros = 0;
  // One round; true if it did something.
  bool Step();

 private:
  std::unique_ptr<KafkaLog> log_;
  std::unique_ptr<eventsourcing::PartitionLog> partition_;
  Ledger ledger_;
  std::unique_ptr<eventsourcing::Ownership> ownership_;
};

// The words that stand in the log, in order, by a reader that folds it from the start.
std::vector<std::string> WordsInLog(KafkaLogOptions options);

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_RIVAL_H_
