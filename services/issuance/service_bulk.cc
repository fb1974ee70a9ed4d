// The stream of registrations: how a nation is loaded.

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "libs/rpc/status_details.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"
#include "services/issuance/service_register.h"

namespace mynumber::issuance {
namespace {

constexpr int kRowsMax = 1000;

// One batch on its way: answers are filled in by the partitions' loops, each into its own row.
struct BulkBatch {
  rpc::Received<v1::RegisterResidentsRequest> received;
  v1::RegisterResidentsResponse response;
  std::atomic<size_t> left{0};
};

// Takes a few batches ahead (flow control: a client that sends faster waits in HTTP/2), and answers in the order of the
// batches. When the instance stops, it ends as soon as all that was taken is answered.
class BulkRegistration final
    : public grpc::ServerBidiReactor<rpc::Received<v1::RegisterResidentsRequest>, v1::RegisterResidentsResponse> {
 public:
  BulkRegistration(ServiceContext* context, grpc::CallbackServerContext* call)
      : context_(context), call_(call), counted_((*context->calls)["RegisterResidents"]) {
    ReadNext();
    context_->stopping.Listen(this, [this] { Proceed([] {}); });
    Proceed([] {});
  }
  ~BulkRegistration() override { context_->stopping.Forget(this); }

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
  using Batch = std::shared_ptr<BulkBatch>;
  static constexpr size_t kBatchesAhead = 6;

  void ReadNext() {
    reading_ = std::make_shared<BulkBatch>();
    StartRead(&reading_->received);
  }
  void Submit(const Batch& batch);
  // The row's request for its partition, or for `home`'s; nothing if it is refused already.
  std::optional<Request> MakeRow(const Batch& batch, int row, v1::RegisterResidentRequest* message,
                                 std::shared_ptr<const Origin>* shared, const type::Date& today,
                                 const SubjectId* home = nullptr);
  // The code leads to a resident elsewhere: that one decides whether it is the same registration.
  void FollowRow(const Batch& batch, int row, const std::string& home);
  void RefuseRow(const Batch& batch, int row, const absl::Status& why);
  void RowDone(const Batch& batch);
  // No batch follows; by mutex.
  void Ends(const absl::Status& status) {
    if (!has_ended_) end_ = status;
    has_ended_ = true;
  }
  // Notes a change, then does whatever can be done now. May end the life of this object.
  template <class Note>
  void Proceed(const Note& note);

  ServiceContext* context_;
  grpc::CallbackServerContext* call_;
  rpc::CountedCall counted_;
  Batch reading_;

  std::mutex mutex_;
  // All by mutex. Batches in the order they came; those that are answered wait for the ones before them.
  std::deque<Batch> batches_;
  size_t working_ = 0;
  bool is_reading_ = true;
  bool is_writing_ = false;
  bool has_ended_ = false;
  absl::Status end_;
  bool has_finished_ = false;
  bool is_done_ = false;
  bool is_gone_ = false;
};

template <class Note>
void BulkRegistration::Proceed(const Note& note) {
  const v1::RegisterResidentsResponse* write = nullptr;
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
    if (context_->stopping.begun() && idle) Ends(kRefusals.ShuttingDown());
    read = !is_reading_ && !has_ended_ && batches_.size() < kBatchesAhead;
    is_reading_ = is_reading_ || read;
    finish = has_ended_ && idle && !has_finished_;
    has_finished_ = has_finished_ || finish;
    last = is_done_ && working_ == 0 && !is_gone_;
    is_gone_ = is_gone_ || last;
  }
  if (write != nullptr) StartWrite(write);
  if (read) ReadNext();
  if (finish) Finish(counted_.End(context_->refusals->Refuse(end_)));
  if (last) delete this;
}

void BulkRegistration::OnReadDone(bool ok) {
  Batch batch = std::move(reading_);
  const absl::Status readable = ok ? Readable(kRefusals, batch->received.flaw) : absl::OkStatus();
  if (!ok || !readable.ok()) return Proceed([&] { is_reading_ = false, Ends(readable); });
  {
    std::lock_guard<std::mutex> lock(mutex_);
    // It came while the stream was being ended: not answered, so safe to send again.
    if (has_finished_) return;
    batches_.push_back(batch);
    ++working_;
  }
  Submit(batch);
  Proceed([&] { is_reading_ = false; });
}

void BulkRegistration::RowDone(const Batch& batch) {
  if (batch->left.fetch_sub(1) == 1) Proceed([&] { --working_; });
}

void BulkRegistration::RefuseRow(const Batch& batch, int row, const absl::Status& why) {
  v1::RegisteredRow* answer = batch->response.mutable_rows(row);
  answer->Clear();
  *answer->mutable_error() = rpc::ToRpc(context_->refusals->Refuse(why));
  RowDone(batch);
}

void BulkRegistration::Submit(const Batch& batch) {
  v1::RegisterResidentsRequest& message = batch->received.message;
  batch->response.set_batch_id(message.batch_id());
  const int rows = message.residents_size();
  // One for this function itself, so that the batch is not done before all its rows are on their way.
  batch->left = static_cast<size_t>(rows) + 1;
  std::vector<std::vector<Request>> requests(context_->host->partition_count());
  std::shared_ptr<const Origin> shared;
  const type::Date today = context_->Today();
  for (int row = 0; row < rows; ++row) batch->response.add_rows();
  for (int row = 0; row < rows; ++row) {
    if (row >= kRowsMax) {
      RefuseRow(batch, row, kRefusals.TooManyItems("residents", kRowsMax));
      continue;
    }
    auto request = MakeRow(batch, row, message.mutable_residents(row), &shared, today);
    if (!request) continue;
    request->finish = [this, batch, row](const absl::Status& done) {
      if (done.ok()) return RowDone(batch);
      const std::string home = refusals::TakenBy(done);
      home.empty() ? RefuseRow(batch, row, done) : FollowRow(batch, row, home);
    };
    requests[context_->PartitionOf(request->subject)].push_back(*std::move(request));
  }
  for (uint32_t p = 0; p < requests.size(); ++p) {
    if (!requests[p].empty()) context_->host->Submit(p, std::move(requests[p]));
  }
  RowDone(batch);
}

std::optional<Request> BulkRegistration::MakeRow(const Batch& batch, int row, v1::RegisterResidentRequest* message,
                                                 std::shared_ptr<const Origin>* shared, const type::Date& today,
                                                 const SubjectId* home) {
  const type::Actor& actor = message->has_actor() ? message->actor() : batch->received.message.actor();
  absl::Status status = context_->stopping.begun() ? kRefusals.ShuttingDown() : ValidateActor(kRefusals, actor, true);
  // Rows of one batch mostly have one actor: its origin is made once.
  if (!*shared || (*shared)->caller != actor.authority() || (*shared)->clerk_id != actor.clerk_id()) {
    *shared = RegistrationOrigin(*context_, *call_, actor);
  }
  auto request = status.ok() ? MakeRegistration(context_, message, actor, *shared, today)
                             : absl::StatusOr<Request>(status);
  if (!request.ok()) {
    RefuseRow(batch, row, request.status());
    return std::nullopt;
  }
  if (home != nullptr) request->subject = *home;
  request->prepare = [this, subject = request->subject, answer = batch->response.mutable_rows(row), origin = *shared,
                      id = request->request_id](const Prepared& prepared) {
    const bool fresh = !prepared.repeated && !prepared.already;
    std::string key;
    if (!fresh) key = eventsourcing::View(context_->own.keys->RequestKey(origin->caller, eventsourcing::View(id)));
    FillRow(*context_, subject, key, prepared, answer);
  };
  return *std::move(request);
}

void BulkRegistration::FollowRow(const Batch& batch, int row, const std::string& home) {
  // Rare, so its details, which have moved on with the first request, are read afresh.
  v1::RegisterResidentsRequest again;
  const absl::Status readable = Readable(kRefusals, rpc::ReadRequest(batch->received.bytes, &again));
  if (!readable.ok()) return RefuseRow(batch, row, readable);
  std::shared_ptr<const Origin> origin;
  const SubjectId subject{*ValidateResidentName(home, "")};
  auto request = MakeRow(batch, row, again.mutable_residents(row), &origin, context_->Today(), &subject);
  if (!request) return;
  request->finish = [this, batch, row](const absl::Status& done) {
    done.ok() ? RowDone(batch) : RefuseRow(batch, row, done);
  };
  context_->host->Submit(context_->PartitionOf(request->subject), *std::move(request));
}

}  // namespace

grpc::ServerBidiReactor<rpc::Received<v1::RegisterResidentsRequest>, v1::RegisterResidentsResponse>*
IssuanceService::OpenRegistrations(Context* call) {
  return new BulkRegistration(context_, call);
}

}  // namespace mynumber::issuance
