#include "services/mynumberctl/bulk_window.h"

#include <algorithm>
#include <utility>

#include "google/rpc/code.pb.h"
#include "google/rpc/status.pb.h"
#include "libs/rpc/problem.h"

namespace mynumber::mynumberctl {
namespace {

bool IsNotNow(const google::rpc::Status& error) {
  switch (error.code()) {
    case google::rpc::UNAVAILABLE:
    case google::rpc::RESOURCE_EXHAUSTED:
    case google::rpc::ABORTED:
    case google::rpc::DEADLINE_EXCEEDED:
      return true;
    default:
      return false;
  }
}

}  // namespace

template <typename Kind>
BulkWindow<Kind>::BulkWindow(const BulkOptions& options, const AnswerSink<Kind>& sink, BulkTotals* totals)
    : options_(options), sink_(sink), totals_(totals), repeat_wait_(options.first_wait) {
  // One more than fly, so that the next one is filled meanwhile.
  for (int i = 0; i <= options.batches_in_flight; ++i) {
    batches_.push_back(std::make_unique<Batch>());
    *batches_.back()->request.mutable_actor() = options.actor;
    free_.push_back(batches_.back().get());
  }
}

template <typename Kind>
BulkStep BulkWindow<Kind>::Next() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (ended_ || SilentLocked()) return BulkStep::kEnded;
    if (writing_ == nullptr && !filled_.empty() &&
        static_cast<int>(in_flight_.size()) < options_.batches_in_flight) {
      return BulkStep::kSend;
    }
    if (filled_.empty() && HasFree()) {
      if (RepeatIsDue()) {
        FillFromRepeats();
        continue;
      }
      if (MayFill()) return BulkStep::kFill;
    }
    if (Finished()) return BulkStep::kDone;
    const auto silent_at = last_answer_ + options_.silence_max + std::chrono::milliseconds(1);
    changed_.wait_until(lock, repeat_.empty() ? silent_at : std::min(silent_at, repeat_at_));
  }
}

// While many rows wait for a partition that does not serve, the source waits too: memory stays bounded.
template <typename Kind>
bool BulkWindow<Kind>::MayFill() const {
  return !source_is_empty_ && repeat_.size() < static_cast<size_t>(options_.rows_per_batch);
}

template <typename Kind>
bool BulkWindow<Kind>::Finished() const {
  return source_is_empty_ && writing_ == nullptr && filled_.empty() && in_flight_.empty() && repeat_.empty();
}

template <typename Kind>
void BulkWindow<Kind>::FillFromRepeats() {
  Batch* batch = free_.back();
  free_.pop_back();
  auto& rows = *Kind::Rows(&batch->request);
  batch->lines.clear();
  rows.Clear();
  while (!repeat_.empty() && rows.size() < options_.rows_per_batch) {
    rows.Add(std::move(repeat_.front().row));
    batch->lines.push_back(repeat_.front().line);
    repeat_.pop_front();
  }
  batch->sent = true;
  batch->request.set_batch_id(next_batch_id_++);
  filled_.push_back(batch);
  repeat_wait_ = std::min(repeat_wait_ * 2, options_.longest_wait);
}

template <typename Kind>
Batch<Kind>* BulkWindow<Kind>::TakeForSending() {
  std::lock_guard lock(mutex_);
  Batch* batch = filled_.front();
  filled_.pop_front();
  in_flight_.push_back(batch);
  writing_ = batch;
  if (batch->sent) totals_->sent_again += batch->lines.size();
  batch->sent = true;
  return batch;
}

template <typename Kind>
Batch<Kind>* BulkWindow<Kind>::TakeFree() {
  std::lock_guard lock(mutex_);
  Batch* batch = free_.back();
  free_.pop_back();
  return batch;
}

template <typename Kind>
void BulkWindow<Kind>::PutFilled(Batch* batch) {
  std::lock_guard lock(mutex_);
  if (batch->lines.empty()) {
    free_.push_back(batch);
    return;
  }
  batch->sent = false;
  batch->request.set_batch_id(next_batch_id_++);
  filled_.push_back(batch);
}

template <typename Kind>
void BulkWindow<Kind>::SourceIsEmpty() {
  std::lock_guard lock(mutex_);
  source_is_empty_ = true;
}

template <typename Kind>
void BulkWindow<Kind>::OnWritten() {
  std::lock_guard lock(mutex_);
  writing_ = nullptr;
  changed_.notify_one();
}

template <typename Kind>
void BulkWindow<Kind>::OnEnded() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_one();
}

template <typename Kind>
void BulkWindow<Kind>::OnAnswer(const Response& response) {
  Batch* batch = MatchInFlight(response);
  if (batch == nullptr) return;
  BulkTotals counts;
  const auto& answers = Kind::Answers(response);
  for (int i = 0; i < answers.size(); ++i) AnswerRow(batch, i, answers.Get(i), &counts);
  std::lock_guard lock(mutex_);
  if (counts.accepted + counts.refused > 0) {
    last_answer_ = Clock::now();
    repeat_wait_ = options_.first_wait;
  }
  totals_->accepted += counts.accepted;
  totals_->refused += counts.refused;
  in_flight_.pop_front();
  free_.push_back(batch);
  changed_.notify_one();
}

template <typename Kind>
Batch<Kind>* BulkWindow<Kind>::MatchInFlight(const Response& response) {
  std::lock_guard lock(mutex_);
  if (!in_flight_.empty() && in_flight_.front()->request.batch_id() == response.batch_id() &&
      Kind::Rows(&in_flight_.front()->request)->size() == Kind::Answers(response).size()) {
    return in_flight_.front();
  }
  fault_ = absl::InternalError(
      "the server answered another batch than the one it was asked: its version and this client's do not fit together");
  ended_ = true;
  changed_.notify_one();
  return nullptr;
}

template <typename Kind>
void BulkWindow<Kind>::AnswerRow(Batch* batch, int index, const Answer& answer, BulkTotals* counts) {
  Row* row = Kind::Rows(&batch->request)->Mutable(index);
  if (answer.has_error() && options_.reconnect && IsNotNow(answer.error())) {
    KeepForRepeat(batch->lines[index], row, rpc::FromRpc(answer.error()));
    return;
  }
  ++(answer.has_error() ? counts->refused : counts->accepted);
  sink_({batch->lines[index], *row, answer});
}

template <typename Kind>
void BulkWindow<Kind>::KeepForRepeat(uint64_t line, Row* row, const absl::Status& why) {
  const auto problem = rpc::ProblemOf(why);
  std::lock_guard lock(mutex_);
  const auto wait = problem && problem->retry_millis ? std::chrono::milliseconds(*problem->retry_millis)
                                                     : repeat_wait_;
  repeat_at_ = Clock::now() + wait;
  repeat_.push_back({line, {}});
  repeat_.back().row.Swap(row);
}

template <typename Kind>
void BulkWindow<Kind>::Rewind() {
  std::lock_guard lock(mutex_);
  filled_.insert(filled_.begin(), in_flight_.begin(), in_flight_.end());
  in_flight_.clear();
  writing_ = nullptr;
  ended_ = false;
}

template <typename Kind>
void BulkWindow<Kind>::Sleep(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, duration, [] { return false; });
}

template <typename Kind>
bool BulkWindow<Kind>::Silent() const {
  std::lock_guard lock(mutex_);
  return SilentLocked();
}

template <typename Kind>
uint64_t BulkWindow<Kind>::Answered() const {
  std::lock_guard lock(mutex_);
  return totals_->accepted + totals_->refused;
}

template <typename Kind>
absl::Status BulkWindow<Kind>::fault() const {
  std::lock_guard lock(mutex_);
  return fault_;
}

template class BulkWindow<RegisterResidents>;
template class BulkWindow<ReportTrackingEvents>;

}  // namespace mynumber::mynumberctl
