// The carrier's ranges, and the pieces that are handed over on a day.

#include <mutex>
#include <utility>

#include "libs/calendar/date.h"
#include "services/notice/domain/state_standing.h"
#include "services/notice/projections/tables.h"
#include "services/notice/service.h"
#include "services/notice/service_answers.h"
#include "services/notice/service_post_office.h"

namespace mynumber::notice {
namespace {

using postoffice::v1::GetManifestRequest;
using postoffice::v1::GetManifestResponse;

// A thousand million: more than the nation needs.
constexpr uint64_t kRangeMax = 1'000'000'000;
constexpr size_t kPostedAtOnce = 500;

// ---- Ranges

struct Registration {
  UnaryCall call;
  std::shared_ptr<const Origin> origin;
  RegisterRange range;
  postoffice::v1::RegisterTrackingRangeResponse* response;
};

// One partition after the other, the first of them being the judge of overlaps: each holds its share of the range. What
// breaks off in between is finished by the same call, asked again.
void RegisterShare(ServiceContext* context, const std::shared_ptr<Registration>& registration, uint32_t partition) {
  Request request;
  request.subject = ShareSubject(partition);
  request.command = registration->range;
  request.origin = registration->origin;
  request.prepare = [](const Prepared&) {};
  request.finish = [context, registration, partition](const absl::Status& done) {
    if (!done.ok() || partition + 1 == context->rows.size()) {
      if (!done.ok()) registration->response->Clear();
      return registration->call.End(done);
    }
    RegisterShare(context, registration, partition + 1);
  };
  context->Submit(partition, std::move(request));
}

absl::StatusOr<RegisterRange> ValidateRange(const postoffice::v1::RegisterTrackingRangeRequest& request,
                                            const type::Date& today) {
  auto first = ValidateTrackingNumber(request.first_tracking_number(), "first_tracking_number");
  if (!first.ok()) return first.status();
  auto last = ValidateTrackingNumber(request.last_tracking_number(), "last_tracking_number");
  if (!last.ok()) return last.status();
  if (last->Serial() < first->Serial()) return refusals::RangeEmpty();
  if (last->Serial() - first->Serial() >= kRangeMax) return refusals::RangeTooLarge(kRangeMax);
  return RegisterRange{first->Serial(), last->Serial(), today};
}

// ---- Manifests

// Posts what is to be posted, partition by partition, then tells all pieces of the day. One thing at a time; what comes
// next is done by whoever ended the step before it.
class Manifest final : public grpc::ServerWriteReactor<GetManifestResponse> {
 public:
  Manifest(ServiceContext* context, grpc::CallbackServerContext* call,
           const rpc::Received<GetManifestRequest>& received)
      : context_(context), counted_((*context->calls)["GetManifest"]) {
    const GetManifestRequest& request = received.message;
    absl::Status status = Readable(kRefusals, received.flaw);
    if (status.ok()) status = ValidatePostOffice(request.actor());
    today_ = calendar::DayInTokyo(context->now());
    day_ = today_;
    if (status.ok() && request.has_posting_date()) status = ValidateDate(request.posting_date(), "posting_date");
    if (status.ok() && request.has_posting_date()) day_ = *calendar::ToDay(request.posting_date());
    if (status.ok() && day_ > today_) status = refusals::PostingDateInTheFuture();
    origin_ = OriginWithoutReceipt(*context, *call, "GetManifest", request.actor());
    const type::Actor& actor = request.actor();
    status.ok() ? Next() : Finish(counted_.End(serving::Refuse(*context, *call, "GetManifest", actor, status)));
  }
  void OnWriteDone(bool ok) override { ok ? Next() : End(absl::CancelledError("the client has gone")); }
  void OnDone() override { delete this; }

 private:
  void End(const absl::Status& status) { Finish(counted_.End(context_->refusals->Refuse(status))); }
  void Next() {
    const bool taken = context_->workers->Run([this] { is_posting_ && day_ == today_ ? Post() : Tell(); });
    if (!taken) End(kRefusals.QueueFull());
  }

  // A piece of the partition's queue that has not been tried; an empty one: on to the next partition.
  absl::Status TakeQueue(std::vector<NoticeKey>* queue) {
    const std::string prefix = TableOf(kToBePostedTable, "");
    return context_->rows[partition_]->Scan(prefix, tried_, [&](std::string_view key, std::string_view) {
      queue->push_back(NoticeOfKey(key));
      tried_ = std::string(key);
      return queue->size() < kPostedAtOnce;
    });
  }
  void Post() {
    auto queue = std::make_shared<std::vector<NoticeKey>>();
    while (queue->empty() && partition_ < context_->rows.size()) {
      const absl::Status status = TakeQueue(queue.get());
      if (!status.ok()) return End(status);
      if (queue->empty()) NextPartition();
    }
    if (queue->empty()) {
      is_posting_ = false;
      partition_ = 0;
      return Tell();
    }
    left_ = queue->size();
    std::vector<Request> requests;
    for (const NoticeKey& key : *queue) requests.push_back(Posting(key));
    context_->Submit(partition_, std::move(requests));
  }
  Request Posting(const NoticeKey& key) {
    Request request;
    request.subject = key.resident;
    request.command = PostNotice{key.notice};
    request.origin = origin_;
    request.prepare = [](const Prepared&) {};
    request.finish = [this](const absl::Status& done) {
      {
        std::lock_guard<std::mutex> lock(mutex_);
        // Without a number it waits for the next manifest; anything else breaks off, and is asked again.
        if (absl::IsFailedPrecondition(done)) ++without_number_;
        if (!done.ok() && !absl::IsFailedPrecondition(done)) failed_ = done;
        if (--left_ > 0) return;
      }
      failed_.ok() ? Next() : End(failed_);
    };
    return request;
  }
  void NextPartition() {
    ++partition_;
    tried_.clear();
  }

  void Tell() {
    response_.Clear();
    while (response_.pieces().empty() && partition_ < context_->rows.size()) {
      const absl::Status status = TellFrom(partition_);
      if (!status.ok()) return End(status);
      if (response_.pieces().empty()) NextPartition();
    }
    if (!response_.pieces().empty()) return StartWrite(&response_);
    if (has_told_all_) return End(absl::OkStatus());
    has_told_all_ = true;
    response_.set_without_number(without_number_);
    StartWrite(&response_);
  }
  absl::Status TellFrom(uint32_t partition) {
    std::vector<std::string> keys;
    const std::string day = TableOf(kManifestTable, EncodeDay(calendar::DayNumber(day_)));
    absl::Status status = context_->rows[partition]->Scan(day, tried_, [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return keys.size() < kPostedAtOnce;
    });
    for (const std::string& key : keys) {
      if (status.ok()) status = AddPiece(key);
      tried_ = key;
    }
    return status;
  }
  absl::Status AddPiece(const std::string& key) {
    const NoticeKey of = NoticeOfKey(key);
    rows::v1::NoticeState state;
    auto found = context_->Read(of.resident, &state);
    if (!found.ok()) return found.status();
    const rows::v1::Notice* notice = FindNotice(state.file(), of.notice);
    // Erased since its key was read.
    if (notice == nullptr) return absl::OkStatus();
    // Mailed again it goes where the resident lives now.
    const auto& addressee = notice->pieces_size() > 1 ? state.file().addressee() : notice->addressee();
    auto* piece = response_.add_pieces();
    piece->set_tracking_number(key.substr(5, 11));
    piece->set_notice(FormatNoticeName({of.resident, of.notice}));
    piece->set_addressee_name(addressee.full_name());
    piece->set_postal_code(addressee.postal_code());
    piece->set_address(addressee.address());
    piece->set_municipality_code(notice->addressee().municipality_code());
    return absl::OkStatus();
  }

  ServiceContext* context_;
  rpc::CountedCall counted_;
  std::shared_ptr<const Origin> origin_;
  calendar::Day today_, day_;
  bool is_posting_ = true;
  bool has_told_all_ = false;
  uint32_t partition_ = 0;
  // The last key of this partition that was looked at.
  std::string tried_;
  GetManifestResponse response_;
  std::mutex mutex_;
  // By mutex while pieces are being posted.
  size_t left_ = 0;
  uint64_t without_number_ = 0;
  absl::Status failed_;
};

}  // namespace

PostOfficeService::Reactor* PostOfficeService::RegisterTrackingRange(
    Context* rpc_call, const postoffice::v1::RegisterTrackingRangeRequest* request,
    postoffice::v1::RegisterTrackingRangeResponse* response) {
  const UnaryCall call(context_, rpc_call, "RegisterTrackingRange", *request);
  absl::Status status = context_->stopping.begun() ? kRefusals.ShuttingDown() : ValidatePostOffice(request->actor());
  auto range = status.ok() ? ValidateRange(*request, context_->Today()) : absl::StatusOr<RegisterRange>(status);
  if (!range.ok()) {
    call.End(range.status());
    return call.reactor();
  }
  response->set_count(range->last_serial - range->first_serial + 1);
  auto origin = OriginWithoutReceipt(*context_, *rpc_call, "RegisterTrackingRange", request->actor());
  RegisterShare(context_, std::make_shared<Registration>(Registration{call, std::move(origin), *range, response}), 0);
  return call.reactor();
}

grpc::ServerWriteReactor<GetManifestResponse>* PostOfficeService::OpenManifest(
    Context* call, const rpc::Received<GetManifestRequest>& received) {
  return new Manifest(context_, call, received);
}

}  // namespace mynumber::notice
