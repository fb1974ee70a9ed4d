#ifndef MYNUMBER_LIBS_KAFKA_LOG_RIVAL_H_
#define MYNUMBER_LIBS_KAFKA_LOG_RIVAL_H_

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "libs/eventsourcing/ownership.h"
#include "libs/kafka_log/kafka_log.h"

namespace mynumber::kafka_log {

// A tenant whose commands are words: each is to stand in the log once, whoever asks for it however often.
class Ledger : public eventsourcing::Tenant {
 public:
  void Offer(const std::string& word) { waiting_.push_back(word); }
  // Words that were answered with OK.
  const std::set<std::string>& answered() const { return answered_; }
  const std::vector<std::string>& words() const { return words_; }
  // Whether batches bring keys from now on.
  void BringKeys(bool bring) { brings_keys_ = bring; }
  bool waits() const { return !waiting_.empty() || !taken_.empty(); }

  const eventsourcing::Head& head() const override { return head_; }
  absl::Status Fold(const eventlog::v1::Record& record, const eventsourcing::Head& after) override;
  absl::Status FlushFolds() override { return absl::OkStatus(); }
  absl::Status StartOver() override;
  std::optional<eventsourcing::BuiltBatch> Build(int64_t now_micros) override;
  absl::Status Commit(const eventsourcing::Head& after) override;
  void Discard() override;
  void Refuse(const absl::Status& why) override { waiting_.clear(); }

 private:
  eventsourcing::Head head_ = eventsourcing::EmptyHead();
  std::vector<std::string> words_;
  std::set<std::string> known_;
  std::deque<std::string> waiting_;
  std::vector<std::string> taken_;
  std::vector<std::string> fresh_;
  std::set<std::string> answered_;
  bool brings_keys_ = true;
};

// One instance that may own partition 0 of "issuance": the real protocol over the real log, stepped by the test.
class Rival {
 public:
  Rival(std::string name, KafkaLogOptions options);

  Ledger& ledger() { return ledger_; }
  eventsourcing::Ownership& ownership() { return *ownership_; }
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
