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

BulkWindow::BulkWindow(const BulkOptions& options, const AnswerSink& sink, BulkTotals* totals)
    : options_(options), sink_(sink), totals_(totals), repeat_wait_(options.first_wait) {
  // One more than fly, so that the next one is filled meanwhile.
  for (int i = 0; i <= options.batches_in_flight; ++i) {
    batches_.push_back(std::make_unique<Batch>());
    *batches_.back()->request.mutable_actor() = options.actor;
    free_.push_back(batches_.back().get());
  }
}

BulkWindow::Step BulkWindow::Next() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (ended_ || SilentLocked()) return Step::kEnded;
    if (writing_ == nullptr && !filled_.empty() &&
        static_cast<int>(in_flight_.size()) < options_.batches_in_flight) {
      return Step::kSend;
    }
    if (filled_.empty() && HasFree()) {
      if (RepeatIsDue()) {
        FillFromRepeats();
        continue;
      }
      if (MayFill()) return Step::kFill;
    }
    if (Finished()) return Step::kDone;
    const auto silent_at = last_answer_ + options_.silence_max + std::chrono::milliseconds(1);
    changed_.wait_until(lock, repeat_.empty() ? silent_at : std::min(silent_at, repeat_at_));
  }
}

// While many rows wait for a partition that does not serve, the source waits too: memory stays bounded.
bool BulkWindow::MayFill() const {
  return !source_is_empty_ && repeat_.size() < static_cast<size_t>(options_.rows_per_batch);
}

bool BulkWindow::Finished() const {
  return source_is_empty_ && writing_ == nullptr && filled_.empty() && in_flight_.empty() && repeat_.empty();
}

void BulkWindow::FillFromRepeats() {
  Batch* batch = free_.back();
  free_.pop_back();
  auto& rows = *batch->request.mutable_residents();
  batch->lines.clear();
  rows.Clear();
  while (!repeat_.empty() && rows.size() < options_.rows_per_batch) {
    rows.Add(std::move(repeat_.front().request));
    batch->lines.push_back(repeat_.front().line);
    repeat_.pop_front();
  }
  batch->sent = true;
  batch->request.set_batch_id(next_batch_id_++);
  filled_.push_back(batch);
  repeat_wait_ = std::min(repeat_wait_ * 2, options_.longest_wait);
}

Batch* BulkWindow::TakeForSending() {
  std::lock_guard lock(mutex_);
  Batch* batch = filled_.front();
  filled_.pop_front();
  in_flight_.push_back(batch);
  writing_ = batch;
  if (batch->sent) totals_->sent_again += batch->lines.size();
  batch->sent = true;
  return batch;
}

Batch* BulkWindow::TakeFree() {
  std::lock_guard lock(mutex_);
  Batch* batch = free_.back();
  free_.pop_back();
  return batch;
}

void BulkWindow::PutFilled(Batch* batch) {
  std::lock_guard lock(mutex_);
  if (batch->lines.empty()) {
    free_.push_back(batch);
    return;
  }
  batch->sent = false;
  batch->request.set_batch_id(next_batch_id_++);
  filled_.push_back(batch);
}

void BulkWindow::SourceIsEmpty() {
  std::lock_guard lock(mutex_);
  source_is_empty_ = true;
}

void BulkWindow::OnWritten() {
  std::lock_guard lock(mutex_);
  writing_ = nullptr;
  changed_.notify_one();
}

void BulkWindow::OnEnded() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_one();
}

void BulkWindow::OnAnswer(const v1::RegisterResidentsResponse& response) {
  Batch* batch = MatchInFlight(response);
  if (batch == nullptr) return;
  BulkTotals counts;
  for (int i = 0; i < response.rows_size(); ++i) AnswerRow(batch, i, response.rows(i), &counts);
  std::lock_guard lock(mutex_);
  if (counts.registered + counts.refused > 0) {
    last_answer_ = Clock::now();
    repeat_wait_ = options_.first_wait;
  }
  totals_->registered += counts.registered;
  totals_->refused += counts.refused;
  in_flight_.pop_front();
  free_.push_back(batch);
  changed_.notify_one();
}

Batch* BulkWindow::MatchInFlight(const v1::RegisterResidentsResponse& response) {
  std::lock_guard lock(mutex_);
  if (!in_flight_.empty() && in_flight_.front()->request.batch_id() == response.batch_id() &&
      in_flight_.front()->request.residents_size() == response.rows_size()) {
    return in_flight_.front();
  }
  fault_ = absl::InternalError(
      "the server answered another batch than the one it was asked: its version and this client's do not fit together");
  ended_ = true;
  changed_.notify_one();
  return nullptr;
}

void BulkWindow::AnswerRow(Batch* batch, int index, const v1::RegisteredRow& answer, BulkTotals* counts) {
  auto* request = batch->request.mutable_residents(index);
  if (answer.has_error() && options_.reconnect && IsNotNow(answer.error())) {
    KeepForRepeat(batch->lines[index], request, rpc::FromRpc(answer.error()));
    return;
  }
  ++(answer.has_error() ? counts->refused : counts->registered);
  sink_({batch->lines[index], *request, answer});
}

void BulkWindow::KeepForRepeat(uint64_t line, v1::RegisterResidentRequest* request, const absl::Status& why) {
  const auto problem = rpc::ProblemOf(why);
  std::lock_guard lock(mutex_);
  const auto wait = problem && problem->retry_millis ? std::chrono::milliseconds(*problem->retry_millis)
                                                     : repeat_wait_;
  repeat_at_ = Clock::now() + wait;
  repeat_.push_back({line, {}});
  repeat_.back().request.Swap(request);
}

void BulkWindow::Rewind() {
  std::lock_guard lock(mutex_);
  filled_.insert(filled_.begin(), in_flight_.begin(), in_flight_.end());
  in_flight_.clear();
  writing_ = nullptr;
  ended_ = false;
}

void BulkWindow::Sleep(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, duration, [] { return false; });
}

bool BulkWindow::Silent() const {
  std::lock_guard lock(mutex_);
  return SilentLocked();
}

uint64_t BulkWindow::Answered() const {
  std::lock_guard lock(mutex_);
  return totals_->registered + totals_->refused;
}

absl::Status BulkWindow::fault() const {
  std::lock_guard lock(mutex_);
  return fault_;
}

}  // namespace mynumber::mynumberctl
