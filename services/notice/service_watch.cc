// The feed of a municipality: what has changed since the cursor, and then as it comes.

#include <utility>

#include "google/protobuf/util/time_util.h"
#include "libs/serving/feed.h"
#include "services/notice/projections/tables.h"
#include "services/notice/service.h"

namespace mynumber::notice {
namespace {

using FeedOfNotices = serving::FeedOf<v1::WatchNoticesResponse>;

// From the row alone: of a notice that was erased meanwhile, too.
absl::Status AddChange(uint32_t partition, uint64_t number, std::string_view value,
                       v1::WatchNoticesResponse* response) {
  rows::v1::FeedRow row;
  if (!row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::DataLossError("a row of a feed cannot be read");
  }
  v1::NoticeChange* change = response->add_changes();
  change->set_number(number);
  change->set_notice(FormatNoticeName({SubjectId::FromBytes(row.resident()), row.notice()}));
  change->set_state(static_cast<v1::Notice::State>(row.state()));
  change->set_event_type(row.event_type());
  *change->mutable_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(row.time_micros());
  change->set_position(eventsourcing::FormatPosition({partition, row.sequence(), row.index()}));
  return absl::OkStatus();
}

absl::StatusOr<FeedOfNotices> FeedFor(const ServiceContext& context,
                                      const rpc::Received<v1::WatchNoticesRequest>& received) {
  const v1::WatchNoticesRequest& request = received.message;
  absl::Status status = Readable(kRefusals, received.flaw);
  if (status.ok()) status = ValidateActor(kRefusals, request.actor(), false);
  if (!status.ok()) return status;
  if (MunicipalityOf(request.actor()) != request.municipality_code() || request.municipality_code().empty()) {
    return refusals::MunicipalityNotYours();
  }
  FeedOfNotices feed;
  feed.list = TableOf(kFeedTable, request.municipality_code());
  feed.told.assign(request.cursor().begin(), request.cursor().end());
  if (feed.told.empty()) feed.told.resize(context.rows.size());
  if (feed.told.size() != context.rows.size()) return refusals::CursorMalformed(context.rows.size());
  feed.until_now = request.until_now();
  feed.add = AddChange;
  return feed;
}

}  // namespace

grpc::ServerWriteReactor<v1::WatchNoticesResponse>* NoticeService::OpenWatch(
    Context* call, const rpc::Received<v1::WatchNoticesRequest>& received) {
  return new serving::Feed<NoticeDomain, NoticeParts, v1::WatchNoticesResponse>(
      context_, call, "WatchNotices", received.message.actor(), FeedFor(*context_, received));
}

}  // namespace mynumber::notice
