#include "tests/simulation/simulated_log.h"

#include <algorithm>

#include "mynumber/eventlog/v1/eventlog.pb.h"

namespace mynumber::simulation {

using eventsourcing::AppendRequest;
using eventsourcing::AppendResult;
using eventsourcing::KeyBlockId;
using eventsourcing::LogRecord;
using eventsourcing::Offset;

class SimulatedLog::HandleOnLog : public eventsourcing::PartitionLog {
 public:
  explicit HandleOnLog(SimulatedLog* log) : log_(log) { (void)NewWriter(); }
  ~HandleOnLog() override { log_->writers_.erase(writer_); }

  absl::Status NewWriter() override {
    log_->writers_.erase(writer_);
    writer_ = ++log_->last_writer_;
    log_->writers_[writer_] = this;
    result_.reset();
    return absl::OkStatus();
  }
  void Append(AppendRequest request) override { log_->Send(writer_, std::move(request)); }
  std::optional<AppendResult> Poll() override { return std::exchange(result_, std::nullopt); }

  absl::StatusOr<Offset> End() override {
    if (log_->Fires(log_->faults.end_unavailable, "end unavailable")) return absl::UnavailableError("no leader");
    return log_->Ask(&met_leader_, log_->faults.end_stale, "end stale").end;
  }
  absl::StatusOr<std::vector<LogRecord>> Read(Offset from, size_t max_bytes) override;
  absl::StatusOr<std::string> ReadKeyBlock(const KeyBlockId& id) override {
    if (log_->Fires(log_->faults.read_unavailable, "key block unavailable")) return absl::UnavailableError("no leader");
    auto found = log_->key_blocks_.find({id.claim_id, id.claim_sequence});
    if (found == log_->key_blocks_.end()) return absl::NotFoundError("this batch brought no keys");
    return found->second;
  }
  void Tell(const AppendResult& result) { result_ = result; }

 private:
  SimulatedLog* log_;
  uint64_t met_leader_ = 0;
  uint64_t writer_ = 0;
  std::optional<AppendResult> result_;
};

absl::StatusOr<std::vector<LogRecord>> SimulatedLog::HandleOnLog::Read(Offset from, size_t max_bytes) {
  if (log_->Fires(log_->faults.read_unavailable, "read unavailable")) return absl::UnavailableError("no leader");
  const View view = log_->Ask(&met_leader_, log_->faults.read_stale, "read stale");
  if (from > view.end) return absl::OutOfRangeError("the log ends before");
  const bool is_short = log_->Fires(log_->faults.read_short, "read short");
  std::vector<LogRecord> records;
  size_t bytes = 0;
  for (Offset offset = from; offset < view.end; ++offset) {
    const std::string& record = (*view.records)[static_cast<size_t>(offset)];
    bytes += record.size();
    if (!records.empty() && (bytes > max_bytes || is_short)) break;
    records.push_back({offset, record});
  }
  return records;
}

std::unique_ptr<eventsourcing::PartitionLog> SimulatedLog::Handle() { return std::make_unique<HandleOnLog>(this); }

SimulatedLog::View SimulatedLog::Ask(uint64_t* met_leader, double stale_probability, const char* name) {
  if (*met_leader < leader_ && tick_ < old_answers_until_ && Fires(faults.old_leader, "old leader asked")) {
    return {&old_records_, static_cast<Offset>(old_records_.size())};
  }
  *met_leader = leader_;
  const Offset end = static_cast<Offset>(records_.size());
  if (end == 0 || !dice_.Chance(stale_probability)) return {&records_, end};
  Fired(name);
  return {&records_, dice_.Between(std::max<Offset>(0, end - 6), end - 1)};
}

void SimulatedLog::Send(uint64_t writer, AppendRequest request) {
  Sent sent;
  sent.writer = writer;
  eventlog::v1::Record record;
  sent.is_claim = record.ParseFromString(request.record) && record.has_opened();
  sent.request = std::move(request);
  sent.result.kind = AppendResult::Kind::kAcknowledged;
  if (full) {
    Fired("log full");
    sent.result = {AppendResult::Kind::kNotWritten, -1, absl::ResourceExhaustedError("no space left")};
    sent.told = tick_ + dice_.Between(1, 3);
  } else {
    sent.arrives = tick_ + dice_.Between(0, 3);
    sent.told = sent.arrives + dice_.Between(0, 3);
    PlanFaults(&sent);
  }
  requests_.push_back(std::move(sent));
}

void SimulatedLog::PlanFaults(Sent* sent) {
  const AppendResult unknown{AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement")};
  const int64_t gives_up = tick_ + dice_.Between(15, 40);
  if (Fires(faults.acknowledgement_lost, "acknowledgement lost")) {
    sent->result = unknown;
    sent->told = gives_up;
  } else if (Fires(faults.append_lost, "append lost")) {
    sent->result = unknown;
    sent->told = gives_up;
    sent->arrives = -1;
  } else if (Fires(faults.append_refused, "append refused")) {
    sent->result = {AppendResult::Kind::kNotWritten, -1, absl::UnavailableError("no leader")};
    sent->arrives = -1;
  } else if (Fires(faults.append_delayed, "append delayed")) {
    sent->result = unknown;
    sent->told = gives_up;
    sent->arrives = tick_ + dice_.Between(15, 300);
  } else if (Fires(faults.acknowledgement_late, "acknowledgement late")) {
    sent->told = gives_up;
  }
  if (sent->arrives >= 0 && Fires(faults.append_twice, "append twice")) {
    const bool later = !sent->is_claim && dice_.Chance(0.6);
    sent->arrives_again = later ? sent->arrives + dice_.Between(1, 200) : sent->arrives;
    sent->tells_second = !later && dice_.Chance(0.5);
  }
}

Offset SimulatedLog::Put(const Sent& sent) {
  const AppendRequest& request = sent.request;
  if (!request.key_block.empty()) {
    std::string& block = key_blocks_[{request.key_block_id.claim_id, request.key_block_id.claim_sequence}];
    if (!block.empty() && block != request.key_block) Fired("key block written anew");
    block = request.key_block;
  }
  records_.push_back(request.record);
  return static_cast<Offset>(records_.size()) - 1;
}

void SimulatedLog::Arrive(Sent* sent) {
  if (sent->arrives >= 0 && sent->arrives <= tick_) {
    sent->arrives = -1;
    sent->result.offset = Put(*sent);
    if (writers_.count(sent->writer) == 0) Fired("arrived after its writer");
  }
  if (sent->arrives < 0 && sent->arrives_again >= 0 && sent->arrives_again <= tick_) {
    sent->arrives_again = -1;
    const Offset offset = Put(*sent);
    if (sent->tells_second) sent->result.offset = offset;
  }
}

void SimulatedLog::Tell(Sent* sent) {
  if (sent->told < 0 || sent->told > tick_) return;
  const bool acknowledged = sent->result.kind == AppendResult::Kind::kAcknowledged;
  // The tail that it stood in was cut off, and it is on its way again.
  if (acknowledged && sent->arrives >= 0) return;
  sent->told = -1;
  auto writer = writers_.find(sent->writer);
  if (writer == writers_.end()) return;
  if (acknowledged) {
    durable_ = std::max(durable_, sent->result.offset + 1);
  } else {
    sent->result.offset = -1;
  }
  writer->second->Tell(sent->result);
}

void SimulatedLog::Tick() {
  ++tick_;
  for (size_t i = 0; i < requests_.size(); ++i) Arrive(&requests_[i]);
  for (size_t i = 0; i < requests_.size(); ++i) Tell(&requests_[i]);
  requests_.erase(std::remove_if(requests_.begin(), requests_.end(),
                                 [](const Sent& sent) {
                                   return sent.arrives < 0 && sent.arrives_again < 0 && sent.told < 0;
                                 }),
                  requests_.end());
}

bool SimulatedLog::Truncate() {
  const Offset end = static_cast<Offset>(records_.size());
  if (durable_ >= end) return false;
  const Offset cut = dice_.Between(durable_, end - 1);
  ++leader_;
  old_records_ = records_;
  old_answers_until_ = tick_ + dice_.Between(0, 150);
  records_.resize(static_cast<size_t>(cut));
  Fired("truncated");
  for (Sent& sent : requests_) {
    if (sent.told < 0 || sent.result.offset < cut || sent.result.kind != AppendResult::Kind::kAcknowledged) continue;
    // Its producer sends it again to the new leader, or never learns what became of it.
    if (dice_.Chance(0.5)) {
      sent.arrives = tick_ + dice_.Between(1, 20);
      sent.tells_second = false;
      Fired("truncated and sent again");
    } else {
      sent.result = {AppendResult::Kind::kUnknown, -1, absl::UnavailableError("the leader changed")};
    }
  }
  return true;
}

}  // namespace mynumber::simulation
