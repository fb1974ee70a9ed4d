// What terminals and validators must know: first all cards that are suspended, then changes as they come.

#include <utility>

#include "google/protobuf/util/time_util.h"
#include "libs/serving/feed.h"
#include "services/card/projections/tables.h"
#include "services/card/service.h"
#include "services/card/service_asked.h"

namespace mynumber::card {
namespace {

using v1::WatchSuspensionsResponse;
using FeedOfSuspensions = serving::FeedOf<WatchSuspensionsResponse>;

constexpr int kSuspendedAtOnce = 1000;

absl::Status AddChange(uint32_t partition, uint64_t number, std::string_view value,
                       WatchSuspensionsResponse* response) {
  rows::v1::StatusRow row;
  if (!row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("a row of the suspensions' list cannot be read");
  }
  v1::SuspensionChange* change = response->add_changes();
  change->set_number(number);
  change->set_card(FormatCardName({SubjectId::FromBytes(row.resident()), row.card()}));
  change->set_state(static_cast<v1::Card::State>(row.state()));
  *change->mutable_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(row.time_micros());
  change->set_position(eventsourcing::FormatPosition({partition, row.sequence(), row.index()}));
  return absl::OkStatus();
}

// The snapshot of one partition after the other. The list's count is read before the rows: what changes while they are
// read is told again as a change.
class Snapshot {
 public:
  explicit Snapshot(const ServiceContext* context) : context_(context) {}

  absl::StatusOr<bool> Add(uint32_t partition, uint64_t* told, WatchSuspensionsResponse* response) {
    if (partition_ != partition) {
      partition_ = partition;
      after_.clear();
      is_told_ = false;
      absl::Status status = ReadCount(partition, told);
      if (!status.ok()) return status;
    }
    // Where nothing has ever changed, nothing is suspended.
    if (*told == 0 || is_told_) return false;
    response->set_snapshot_number(*told);
    const absl::Status status =
        context_->rows[partition]->Scan(TableOf(kSuspendedTable), after_, [&](std::string_view key, std::string_view) {
          const NumberedKey of = NumberedOfKey(key);
          response->add_suspended(FormatCardName({of.resident, of.number}));
          after_ = std::string(key);
          return response->suspended_size() < kSuspendedAtOnce;
        });
    if (!status.ok()) return status;
    is_told_ = response->suspended_size() < kSuspendedAtOnce;
    return true;
  }

 private:
  absl::Status ReadCount(uint32_t partition, uint64_t* count) const {
    std::string value;
    auto found = context_->rows[partition]->Get(TableOf(kStatusTable), &value);
    if (!found.ok()) return found.status();
    *count = *found ? eventsourcing::DecodeListCount(value) : 0;
    return absl::OkStatus();
  }

  const ServiceContext* context_;
  // The one that is being told; at first none.
  uint32_t partition_ = ~uint32_t{0};
  std::string after_;
  bool is_told_ = false;
};

bool MayWatch(const type::Actor& actor) {
  const events::v1::Channel channel = ChannelOf(actor.authority());
  return channel == events::v1::CHANNEL_TERMINAL || channel == events::v1::CHANNEL_HOTLINE;
}

absl::StatusOr<FeedOfSuspensions> FeedFor(const ServiceContext* context,
                                          const rpc::Received<v1::WatchSuspensionsRequest>& received) {
  const v1::WatchSuspensionsRequest& request = received.message;
  absl::Status status = Readable(kRefusals, received.flaw);
  if (status.ok()) status = ValidateActor(kRefusals, request.actor(), false);
  if (status.ok() && !MayWatch(request.actor())) status = refusals::TerminalOnly();
  if (!status.ok()) return status;
  FeedOfSuspensions feed;
  feed.list = TableOf(kStatusTable);
  feed.told.assign(request.cursor().begin(), request.cursor().end());
  feed.until_now = request.until_now();
  feed.add = AddChange;
  if (feed.told.empty()) {
    feed.told.resize(context->rows.size());
    feed.add_snapshot = [snapshot = std::make_shared<Snapshot>(context)](
                            uint32_t partition, uint64_t* told, WatchSuspensionsResponse* response) {
      return snapshot->Add(partition, told, response);
    };
  }
  if (feed.told.size() != context->rows.size()) return refusals::CursorMalformed(context->rows.size());
  return feed;
}

}  // namespace

grpc::ServerWriteReactor<WatchSuspensionsResponse>* CardService::OpenWatch(
    Context* call, const rpc::Received<v1::WatchSuspensionsRequest>& received) {
  return new serving::Feed<CardDomain, CardParts, WatchSuspensionsResponse>(
      context_, call, "WatchSuspensions", serving::ActorOf(received.message), FeedFor(context_, received));
}

}  // namespace mynumber::card
