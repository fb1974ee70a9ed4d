#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_BULK_WINDOW_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_BULK_WINDOW_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "services/mynumberctl/bulk_send.h"

namespace mynumber::mynumberctl {

// Rows that travel together; made once and used for many batches.
template <typename Kind>
struct Batch {
  typename Kind::Request request;
  std::vector<uint64_t> lines;  // of each row
  bool sent = false;            // went out before
};

// What is to be done next.
enum class BulkStep { kSend, kFill, kDone, kEnded };

// The batches of one load: which are free, filled, in flight, and which rows are to be sent again. Keeps them across
// connections. Thread safe; the sink runs in OnAnswer.
template <typename Kind>
class BulkWindow {
 public:
  using Batch = mynumberctl::Batch<Kind>;
  using Row = typename Kind::Row;
  using Answer = typename Kind::Answer;
  using Response = typename Kind::Response;

  // All arguments outlive the window.
  BulkWindow(const BulkOptions& options, const AnswerSink<Kind>& sink, BulkTotals* totals);

  // For the thread that fills and sends. Waits until there is something to do: a batch can be sent, a batch can be
  // filled, every row is answered, or the stream has ended or been silent for too long.
  BulkStep Next();
  Batch* TakeForSending();  // after kSend
  Batch* TakeFree();        // after kFill; comes back by PutFilled, empty if there were no rows
  void PutFilled(Batch* batch);
  void SourceIsEmpty();

  // For gRPC's threads.
  void OnWritten();
  void OnAnswer(const Response& response);
  void OnEnded();

  // Between two connections: what was in flight is to be sent first.
  void Rewind();
  void Sleep(std::chrono::milliseconds duration);

  bool Silent() const;
  // Rows that have their final answer.
  uint64_t Answered() const;
  // Not OK if the server broke the protocol: the load cannot go on.
  absl::Status fault() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct RowToRepeat {
    uint64_t line;
    Row row;
  };

  bool SilentLocked() const { return Clock::now() - last_answer_ > options_.silence_max; }
  bool RepeatIsDue() const { return !repeat_.empty() && Clock::now() >= repeat_at_; }
  bool HasFree() const { return !free_.empty() && free_.back() != writing_; }
  bool MayFill() const;
  bool Finished() const;
  void FillFromRepeats();
  void KeepForRepeat(uint64_t line, Row* row, const absl::Status& why);
  Batch* MatchInFlight(const Response& response);
  void AnswerRow(Batch* batch, int index, const Answer& answer, BulkTotals* counts);

  const BulkOptions& options_;
  const AnswerSink<Kind>& sink_;
  BulkTotals* const totals_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Batch>> batches_;  // owns them all
  std::vector<Batch*> free_;
  std::deque<Batch*> filled_;
  std::deque<Batch*> in_flight_;  // in the order sent, which is that of the answers
  std::deque<RowToRepeat> repeat_;
  Clock::time_point repeat_at_;
  std::chrono::milliseconds repeat_wait_;
  Clock::time_point last_answer_ = Clock::now();
  uint64_t next_batch_id_ = 1;
  bool source_is_empty_ = false;
  Batch* writing_ = nullptr;  // gRPC may still read it, even if it was answered already
  bool ended_ = false;
  absl::Status fault_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_BULK_WINDOW_H_
