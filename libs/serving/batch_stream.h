#ifndef MYNUMBER_LIBS_SERVING_BATCH_STREAM_H_
#define MYNUMBER_LIBS_SERVING_BATCH_STREAM_H_

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "grpcpp/grpcpp.h"
#include "libs/rpc/call_metrics.h"
#include "libs/rpc/received.h"
#include "libs/serving/call.h"
#include "libs/serving/counted_refusals.h"
#include "libs/serving/stopping.h"

namespace mynumber::serving {

// A stream of batches that are answered in the order in which they came: how a nation is loaded. Takes a few batches
// ahead (flow control: a client that sends faster waits in HTTP/2). When the instance stops, it ends as soon as all
// that was taken is answered; what was not answered is safe to send again. Owns itself.
template <class Request, class Response>
class BatchStream final : public grpc::ServerBidiReactor<rpc::Received<Request>, Response> {
 public:
  // One batch on its way: whoever works on it fills in the response.
  struct Batch {
    rpc::Received<Request> received;
    Response response;
    // Pieces of work that are not done; at 0 it is answered. The first one is the submission itself.
    std::atomic<size_t> left{1};
  };
  using BatchPtr = std::shared_ptr<Batch>;
  // Adds the pieces of work to `left` before it begins them; each calls Done once, from any thread, also before this
  // returns. What it captures outlives the stream.
  using Submit = std::function<void(BatchStream*, const BatchPtr&)>;
  // Whether a batch is let in; one that is not ends the stream.
  using AdmitBatch = std::function<absl::Status(const Request&, bool is_first)>;

  BatchStream(Stopping* stopping, const CountedRefusals* refusals, const rpc::CountedCall& counted, AdmitBatch admit,
              Submit submit)
      : stopping_(stopping),
        refusals_(refusals),
        counted_(counted),
        admit_(std::move(admit)),
        submit_(std::move(submit)) {
    ReadNext();
    stopping_->Listen(this, [this] { Proceed([] {}); });
    Proceed([] {});
  }
  ~BatchStream() override { stopping_->Forget(this); }

  void Done(const BatchPtr& batch) {
    if (batch->left.fetch_sub(1) == 1) Proceed([&] { --working_; });
  }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override {
    Proceed([&] {
      is_writing_ = false;
      if (!batches_.empty()) batches_.pop_front();
      if (!ok) Ends(absl::CancelledError("the client has gone"));
    });
  }
  void OnDone() override {
    Proceed([&] { is_done_ = true; });
  }

 private:
  static constexpr size_t kBatchesAhead = 6;

  void ReadNext() {
    reading_ = std::make_shared<Batch>();
    this->StartRead(&reading_->received);
  }
  // No batch follows; by mutex.
  void Ends(const absl::Status& status) {
    if (!has_ended_) end_ = status;
    has_ended_ = true;
  }
  // Notes a change, then does whatever can be done now. May end the life of this object.
  template <class Note>
  void Proceed(const Note& note);

  Stopping* stopping_;
  const CountedRefusals* refusals_;
  rpc::CountedCall counted_;
  AdmitBatch admit_;
  Submit submit_;
  BatchPtr reading_;
  bool is_first_ = true;

  std::mutex mutex_;
  // All by mutex. Batches in the order they came; those that are answered wait for the ones before them.
  std::deque<BatchPtr> batches_;
  size_t working_ = 0;
  bool is_reading_ = true;
  bool is_writing_ = false;
  bool has_ended_ = false;
  absl::Status end_;
  bool has_finished_ = false;
  bool is_done_ = false;
  bool is_gone_ = false;
};

template <class Request, class Response>
template <class Note>
void BatchStream<Request, Response>::Proceed(const Note& note) {
  const Response* write = nullptr;
  bool read = false, finish = false, last = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    note();
    if (absl::IsCancelled(end_) && !is_writing_) batches_.clear();
    if (!is_writing_ && !batches_.empty() && batches_.front()->left == 0) {
      write = &batches_.front()->response;
      is_writing_ = true;
    }
    const bool idle = !is_writing_ && batches_.empty();
    if (stopping_->begun() && idle) Ends(refusals_->words().ShuttingDown());
    read = !is_reading_ && !has_ended_ && batches_.size() < kBatchesAhead;
    is_reading_ = is_reading_ || read;
    finish = has_ended_ && idle && !has_finished_;
    has_finished_ = has_finished_ || finish;
    last = is_done_ && working_ == 0 && !is_gone_;
    is_gone_ = is_gone_ || last;
  }
  if (write != nullptr) this->StartWrite(write);
  if (read) ReadNext();
  if (finish) this->Finish(counted_.End(refusals_->Refuse(end_)));
  if (last) delete this;
}

template <class Request, class Response>
void BatchStream<Request, Response>::OnReadDone(bool ok) {
  BatchPtr batch = std::move(reading_);
  absl::Status status = ok ? Readable(refusals_->words(), batch->received.flaw) : absl::OkStatus();
  if (ok && status.ok()) status = admit_(batch->received.message, std::exchange(is_first_, false));
  if (!ok || !status.ok()) return Proceed([&] { is_reading_ = false, Ends(status); });
  {
    std::lock_guard<std::mutex> lock(mutex_);
    // It came while the stream was being ended: not answered, so safe to send again.
    if (has_finished_) return;
    batches_.push_back(batch);
    ++working_;
  }
  submit_(this, batch);
  Done(batch);
  Proceed([&] { is_reading_ = false; });
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_BATCH_STREAM_H_
