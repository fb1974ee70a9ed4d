#ifndef MYNUMBER_LIBS_SERVING_FEED_H_
#define MYNUMBER_LIBS_SERVING_FEED_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grpcpp/alarm.h"
#include "grpcpp/grpcpp.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/serving/call.h"

namespace mynumber::serving {

// What a feed tells.
template <class Response>
struct FeedOf {
  // Rows of the list (RowChange::Kind::kAppend), the same in every partition.
  std::string list;
  // By partition: the number that the client has.
  std::vector<uint64_t> told;
  // Ends once everything is told.
  bool until_now = false;
  // Adds the row to response's `changes`, with its number.
  std::function<absl::Status(uint32_t partition, uint64_t number, std::string_view row, Response*)> add;
  // Before the changes of a partition, until it returns false: the next piece of what holds, with `told` set to the
  // number up to which it does. May be empty: changes alone.
  std::function<absl::StatusOr<bool>(uint32_t partition, uint64_t* told, Response*)> add_snapshot = {};
};

// A stream of what has changed since a cursor, and then as it comes: one partition after the other, round and round.
// One answer is on its way at a time; what it does is done by whoever ended the step before it. Owns itself.
template <class S, class Own, class Response>
class Feed final : public grpc::ServerWriteReactor<Response> {
 public:
  // `actor` asks; `feed`: or why there is none.
  Feed(Context<S, Own>* context, grpc::CallbackServerContext* call, const char* method, const type::Actor& actor,
       absl::StatusOr<FeedOf<Response>> feed)
      : context_(context), counted_((*context->calls)[method]) {
    if (feed.ok()) feed_ = *std::move(feed);
    is_snapshot_ = static_cast<bool>(feed_.add_snapshot);
    feed.ok() ? Next() : this->Finish(counted_.End(Refuse(*context, *call, method, actor, feed.status())));
  }
  void OnWriteDone(bool ok) override { ok ? Next() : End(absl::CancelledError("the client has gone")); }
  void OnCancel() override { is_cancelled_ = true; }
  void OnDone() override { delete this; }

 private:
  static constexpr int kChangesMax = 500;
  // How often rows are looked at once everything is told.
  static constexpr int64_t kLookMillis = 200;

  void End(const absl::Status& status) { this->Finish(counted_.End(context_->refusals->Refuse(status))); }
  void Next() {
    const bool taken = context_->workers->Run([this] { is_snapshot_ ? FillSnapshot() : FillChanges(); });
    if (!taken) End(context_->refusals->words().QueueFull());
  }
  void Begin(size_t partition) {
    response_.Clear();
    response_.set_partition(static_cast<uint32_t>(partition));
  }

  void FillSnapshot() {
    while (partition_ < feed_.told.size()) {
      Begin(partition_);
      auto told = feed_.add_snapshot(static_cast<uint32_t>(partition_), &feed_.told[partition_], &response_);
      if (!told.ok()) return End(told.status());
      if (*told) return this->StartWrite(&response_);
      ++partition_;
    }
    is_snapshot_ = false;
    partition_ = 0;
    FillChanges();
  }
  void FillChanges() {
    for (size_t i = 0; i < feed_.told.size(); ++i, partition_ = (partition_ + 1) % feed_.told.size()) {
      Begin(partition_);
      absl::Status status = FillFrom(partition_);
      if (!status.ok()) return End(status);
      if (response_.changes().empty()) continue;
      feed_.told[partition_] = response_.changes().rbegin()->number();
      partition_ = (partition_ + 1) % feed_.told.size();
      return this->StartWrite(&response_);
    }
    if (feed_.until_now) return End(absl::OkStatus());
    if (is_cancelled_) return End(absl::CancelledError("the client has gone"));
    if (context_->stopping.begun()) return End(context_->refusals->words().ShuttingDown());
    alarm_.Set(std::chrono::system_clock::now() + std::chrono::milliseconds(kLookMillis), [this](bool) { Next(); });
  }
  absl::Status FillFrom(size_t partition) {
    absl::Status failed;
    const std::string after = feed_.list + eventsourcing::EncodeListNumber(feed_.told[partition]);
    const auto take = [&](std::string_view key, std::string_view value) {
      // The row that counts the list.
      if (key.size() == feed_.list.size()) return true;
      const uint64_t number = eventsourcing::DecodeListCount(key.substr(feed_.list.size()));
      failed = feed_.add(static_cast<uint32_t>(partition), number, value, &response_);
      return failed.ok() && response_.changes_size() < kChangesMax;
    };
    const absl::Status status = context_->rows[partition]->Scan(feed_.list, after, take);
    return status.ok() ? failed : status;
  }

  Context<S, Own>* context_;
  rpc::CountedCall counted_;
  FeedOf<Response> feed_;
  bool is_snapshot_ = false;
  std::atomic<bool> is_cancelled_{false};
  size_t partition_ = 0;
  Response response_;
  grpc::Alarm alarm_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_FEED_H_
