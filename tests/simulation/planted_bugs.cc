#include "tests/simulation/planted_bugs.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "tests/simulation/plain_vault.h"

namespace mynumber::simulation {
namespace {

using eventsourcing::AppendRequest;
using eventsourcing::AppendResult;
using eventsourcing::Changes;
using eventsourcing::Head;
using eventsourcing::KeyBlockId;
using eventsourcing::LogRecord;
using eventsourcing::Offset;
using eventsourcing::PartitionLog;
using eventsourcing::Rows;
using eventlog::v1::Record;

class LogBetween : public PartitionLog {
 public:
  explicit LogBetween(PartitionLog* log) : log_(log) {}
  absl::Status NewWriter() override { return log_->NewWriter(); }
  void Append(AppendRequest request) override { log_->Append(std::move(request)); }
  std::optional<AppendResult> Poll() override { return log_->Poll(); }
  absl::StatusOr<Offset> End() override { return log_->End(); }
  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) override {
    return log_->Read(from, max_bytes);
  }
  absl::StatusOr<std::string> ReadKeyBlock(const KeyBlockId& id) override { return log_->ReadKeyBlock(id); }

 protected:
  static bool IsClaim(const AppendRequest& request) {
    Record record;
    return record.ParseFromString(request.record) && record.has_opened();
  }
  PartitionLog* log_;
};

class NoGapCheck : public LogBetween {
 public:
  using LogBetween::LogBetween;
  void Append(AppendRequest request) override {
    is_claim_ = IsClaim(request);
    LogBetween::Append(std::move(request));
  }
  std::optional<AppendResult> Poll() override {
    std::optional<AppendResult> result = LogBetween::Poll();
    if (!result || result->kind != AppendResult::Kind::kAcknowledged) return result;
    if (is_claim_) next_ = result->offset;
    result->offset = next_++;
    return result;
  }

 private:
  bool is_claim_ = false;
  Offset next_ = 0;
};

// Gives every batch of the newest claim the sequence and the hash that its reader expects.
class ValidByClaimAlone : public LogBetween {
 public:
  ValidByClaimAlone(PartitionLog* log, const Rows* rows) : LogBetween(log), rows_(rows) {}

  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) override {
    auto records = LogBetween::Read(from, max_bytes);
    if (!records.ok()) return records;
    Head head = eventsourcing::EmptyHead();
    std::string value;
    auto found = rows_->Get(eventsourcing::kHeadKey, &value);
    if (found.ok() && *found) head.ParseFromString(value);
    for (LogRecord& entry : *records) Accept(&head, &entry);
    return records;
  }

 private:
  void Accept(Head* head, LogRecord* entry) {
    if (entry->offset <= head->offset()) {
      auto accepted = accepted_.find(entry->offset);
      if (accepted != accepted_.end()) entry->bytes = accepted->second;
      return;
    }
    Record record;
    if (!record.ParseFromString(entry->bytes)) return;
    if (record.has_batch() && record.batch().claim_id() == head->claim_id()) {
      record.mutable_batch()->set_claim_sequence(head->next_claim_sequence());
      record.mutable_batch()->set_sequence(head->sequence() + 1);
      record.mutable_batch()->set_running_hash(head->running_hash());
      entry->bytes = record.SerializeAsString();
      accepted_[entry->offset] = entry->bytes;
    }
    const eventsourcing::Verdict verdict = eventsourcing::Judge(*head, record);
    if (verdict == eventsourcing::Verdict::kVoid || verdict == eventsourcing::Verdict::kAlarm) return;
    *head = eventsourcing::Advance(*head, record, entry->bytes, entry->offset, PlainChain);
  }

  const Rows* rows_;
  std::map<Offset, std::string> accepted_;
};

class AnswerBeforeAcknowledgement : public LogBetween {
 public:
  using LogBetween::LogBetween;
  absl::Status NewWriter() override {
    early_.reset();
    waiting_.reset();
    is_under_way_ = false;
    return LogBetween::NewWriter();
  }
  void Append(AppendRequest request) override {
    is_claim_ = IsClaim(request);
    if (!is_claim_) early_ = AppendResult{AppendResult::Kind::kAcknowledged, next_++, absl::OkStatus()};
    if (is_under_way_) {
      waiting_ = std::move(request);
    } else {
      is_under_way_ = true;
      LogBetween::Append(std::move(request));
    }
  }
  std::optional<AppendResult> Poll() override {
    std::optional<AppendResult> result = LogBetween::Poll();
    if (result) is_under_way_ = false;
    if (result && waiting_) {
      is_under_way_ = true;
      LogBetween::Append(*std::exchange(waiting_, std::nullopt));
    }
    if (early_) return std::exchange(early_, std::nullopt);
    if (!is_claim_) return std::nullopt;
    if (result && result->kind == AppendResult::Kind::kAcknowledged) next_ = result->offset + 1;
    return result;
  }

 private:
  bool is_claim_ = true;
  bool is_under_way_ = false;
  Offset next_ = 0;
  std::optional<AppendResult> early_;
  std::optional<AppendRequest> waiting_;
};

class PositionOutsideAtomicWrite : public Rows {
 public:
  explicit PositionOutsideAtomicWrite(Rows* rows) : rows_(rows) {}
  absl::StatusOr<bool> Get(std::string_view key, std::string* value) const override { return rows_->Get(key, value); }
  absl::Status Scan(std::string_view prefix, std::string_view after,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return rows_->Scan(prefix, after, visit);
  }
  absl::Status StartOver() override { return rows_->StartOver(); }
  absl::Status Write(const Changes& changes) override {
    Changes rest, head;
    for (size_t i = 0; i < changes.size(); ++i) {
      (changes[i].key == eventsourcing::kHeadKey ? head : rest).Add(changes[i]);
    }
    absl::Status status = rows_->Write(rest);
    return status.ok() ? rows_->Write(head) : status;
  }

 private:
  Rows* rows_;
};

constexpr struct {
  Bug bug;
  std::string_view name;
} kNames[] = {{Bug::kNone, "none"},
              {Bug::kNoGapCheck, "no_gap_check"},
              {Bug::kValidByClaimAlone, "valid_by_claim_alone"},
              {Bug::kAnswerBeforeAcknowledgement, "answer_before_acknowledgement"},
              {Bug::kPositionOutsideAtomicWrite, "position_outside_atomic_write"},
              {Bug::kReceiptsForgotten, "receipts_forgotten"},
              {Bug::kAnswerAtOnce, "answer_at_once"}};

}  // namespace

std::string_view BugName(Bug bug) {
  for (const auto& entry : kNames) {
    if (entry.bug == bug) return entry.name;
  }
  return "";
}

std::optional<Bug> BugByName(std::string_view name) {
  for (const auto& entry : kNames) {
    if (entry.name == name) return entry.bug;
  }
  return std::nullopt;
}

std::unique_ptr<PartitionLog> LogWithBug(Bug bug, PartitionLog* log, const Rows* rows) {
  switch (bug) {
    case Bug::kNoGapCheck:
      return std::make_unique<NoGapCheck>(log);
    case Bug::kValidByClaimAlone:
      return std::make_unique<ValidByClaimAlone>(log, rows);
    case Bug::kAnswerBeforeAcknowledgement:
      return std::make_unique<AnswerBeforeAcknowledgement>(log);
    default:
      return nullptr;
  }
}

std::unique_ptr<Rows> RowsWithBug(Bug bug, Rows* rows) {
  if (bug == Bug::kPositionOutsideAtomicWrite) return std::make_unique<PositionOutsideAtomicWrite>(rows);
  return nullptr;
}

}  // namespace mynumber::simulation
