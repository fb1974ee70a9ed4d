// The feed of a municipality: what has changed since the cursor, and then as it comes.

#include <utility>

#include "google/protobuf/util/time_util.h"
#include "grpcpp/alarm.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/notice/projections/tables.h"
#include "services/notice/service.h"

namespace mynumber::notice {
namespace {

constexpr int kChangesMax = 500;
// How often rows are looked at once everything is told.
constexpr int64_t kLookMillis = 200;

// Tells one partition after the other, round and round. One answer is on its way at a time; what it does is done by
// whoever ended the step before it.
class Watch final : public grpc::ServerWriteReactor<v1::WatchNoticesResponse> {
 public:
  Watch(ServiceContext* context, const rpc::Received<v1::WatchNoticesRequest>& received)
      : context_(context), counted_((*context->calls)["WatchNotices"]), until_now_(received.message.until_now()) {
    absl::Status status = Readable(kRefusals, received.flaw);
    if (status.ok()) status = Take(received.message);
    status.ok() ? Next() : End(status);
  }
  void OnWriteDone(bool ok) override { ok ? Next() : End(absl::CancelledError("the client has gone")); }
  void OnCancel() override { is_cancelled_ = true; }
  void OnDone() override { delete this; }

 private:
  absl::Status Take(const v1::WatchNoticesRequest& request) {
    absl::Status status = ValidateActor(kRefusals, request.actor(), false);
    if (!status.ok()) return status;
    if (MunicipalityOf(request.actor()) != request.municipality_code() || request.municipality_code().empty()) {
      return refusals::MunicipalityNotYours();
    }
    feed_ = TableOf(kFeedTable, request.municipality_code());
    told_.assign(request.cursor().begin(), request.cursor().end());
    if (told_.empty()) told_.resize(context_->rows.size());
    return told_.size() == context_->rows.size() ? absl::OkStatus()
                                                 : refusals::CursorMalformed(context_->rows.size());
  }
  void End(const absl::Status& status) { Finish(counted_.End(context_->refusals->Refuse(status))); }

  void Next() {
    const bool taken = context_->workers->Run([this] { Fill(); });
    if (!taken) End(kRefusals.QueueFull());
  }
  void Fill() {
    for (size_t i = 0; i < told_.size(); ++i, partition_ = (partition_ + 1) % told_.size()) {
      response_.Clear();
      absl::Status status = FillFrom(partition_);
      if (!status.ok()) return End(status);
      if (response_.changes().empty()) continue;
      told_[partition_] = response_.changes().rbegin()->number();
      partition_ = (partition_ + 1) % told_.size();
      return StartWrite(&response_);
    }
    if (until_now_) return End(absl::OkStatus());
    if (is_cancelled_) return End(absl::CancelledError("the client has gone"));
    if (context_->stopping.begun()) return End(kRefusals.ShuttingDown());
    alarm_.Set(std::chrono::system_clock::now() + std::chrono::milliseconds(kLookMillis), [this](bool) { Next(); });
  }
  absl::Status FillFrom(size_t partition) {
    response_.set_partition(static_cast<uint32_t>(partition));
    absl::Status failed;
    const std::string after = feed_ + eventsourcing::EncodeListNumber(told_[partition]);
    const auto take = [&](std::string_view key, std::string_view value) {
      if (key.size() == feed_.size()) return true;
      rows::v1::FeedRow row;
      if (!row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
        failed = absl::DataLossError("a row of a feed cannot be read");
        return false;
      }
      AddChange(static_cast<uint32_t>(partition), eventsourcing::DecodeListCount(key.substr(feed_.size())), row);
      return response_.changes_size() < kChangesMax;
    };
    const absl::Status status = context_->rows[partition]->Scan(feed_, after, take);
    return status.ok() ? failed : status;
  }
  void AddChange(uint32_t partition, uint64_t number, const rows::v1::FeedRow& row) {
    v1::NoticeChange* change = response_.add_changes();
    change->set_number(number);
    change->set_notice(FormatNoticeName({SubjectId::FromBytes(row.resident()), row.notice()}));
    change->set_state(static_cast<v1::Notice::State>(row.state()));
    change->set_event_type(row.event_type());
    *change->mutable_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(row.time_micros());
    change->set_position(eventsourcing::FormatPosition({partition, row.sequence(), row.index()}));
  }

  ServiceContext* context_;
  rpc::CountedCall counted_;
  const bool until_now_;
  std::atomic<bool> is_cancelled_{false};
  std::string feed_;
  // By partition: the number that was told last.
  std::vector<uint64_t> told_;
  size_t partition_ = 0;
  v1::WatchNoticesResponse response_;
  grpc::Alarm alarm_;
};

}  // namespace

grpc::ServerWriteReactor<v1::WatchNoticesResponse>* NoticeService::OpenWatch(
    Context*, const rpc::Received<v1::WatchNoticesRequest>& received) {
  return new Watch(context_, received);
}

}  // namespace mynumber::notice
