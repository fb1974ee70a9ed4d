// Who looked at a resident's number: for the municipality, and for the resident who asks.

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "libs/serving/pages.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/state_municipality.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"
#include "services/issuance/service_places.h"

namespace mynumber::issuance {

using events::v1::NumberDisclosed;
using rows::v1::ResidentState;

namespace {

void FillDisclosure(const rows::v1::DisclosureRow& row, v1::Disclosure* out) {
  *out->mutable_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(row.time_micros());
  *out->mutable_actor() = row.disclosed().actor();
  out->set_way(row.disclosed().way());
  out->set_purpose(row.disclosed().purpose());
  out->set_reference(row.disclosed().reference());
  out->set_by_designation(row.by_designation());
}

// The first look of all stands in the state: the registration's answer.
rows::v1::DisclosureRow FirstLook(const ResidentState& state) {
  rows::v1::DisclosureRow row;
  row.mutable_disclosed()->set_way(NumberDisclosed::WAY_SHOWN);
  *row.mutable_disclosed()->mutable_actor() = state.designated_to();
  row.set_time_micros(FirstDesignationMicros(state));
  row.set_by_designation(true);
  return row;
}

constexpr size_t kHistoryMax = 10'000;

struct LooksAsked {
  SubjectId id;
  const std::string& authority;
  const std::string& page_token;
  size_t count;
  // The place of the last one to be told; empty: whatever is there.
  std::string until;
};

// Where looks can stand: from the first designation's month on, or as far back as any record is kept.
absl::CivilMonth FirstMonth(const ServiceContext& context, const ResidentState& state) {
  const calendar::Day back = calendar::DayInTokyo(context.now()) - kAccessRetentionDaysMax;
  const calendar::Day first = calendar::DayInTokyo(FirstDesignationMicros(state));
  return std::max(absl::CivilMonth(back) - 1, absl::CivilMonth(first));
}

// All rows behind the place that was asked for, `asked.count` at most, in the order of the log: the months' records
// follow one another, and between them stands what later designations gave.
absl::Status ReadRows(const ServiceContext& context, const SubjectId& id, const ResidentState& state,
                      const eventsourcing::SubjectKey& key, const PlacesAsked& asked, std::vector<PlacedRow>* rows) {
  std::vector<PlacedRow> recorded;
  absl::Status status;
  if (state.status() != ResidentState::STATUS_ERASED) {
    status = ReadOwn(context, kDisclosureTable, id, key, asked, rows);
  }
  // By the owner's clock it may be the next month already.
  const absl::CivilMonth last = absl::CivilMonth(calendar::DayInTokyo(context.now())) + 1;
  for (absl::CivilMonth month = FirstMonth(context, state); status.ok() && month <= last; ++month) {
    status = ReadRecord(context, kDisclosureTable, id, month, asked, &recorded);
  }
  rows->insert(rows->end(), std::make_move_iterator(recorded.begin()), std::make_move_iterator(recorded.end()));
  std::sort(rows->begin(), rows->end(), [](const PlacedRow& a, const PlacedRow& b) { return a.place < b.place; });
  if (rows->size() > asked.count) rows->resize(asked.count);
  return status;
}

template <class Response>
absl::Status FillLooks(const ServiceContext& context, const LooksAsked& asked, const ResidentState& state,
                       const eventsourcing::SubjectKey& key, Response* response) {
  PlacesAsked places;
  places.until = asked.until;
  if (!ParsePlace(asked.page_token, &places.last)) return kRefusals.PageTokenMalformed();
  if (asked.page_token.empty() && state.status() != ResidentState::STATUS_ERASED) {
    FillDisclosure(FirstLook(state), response->add_disclosures());
  }
  const size_t left = asked.count - static_cast<size_t>(response->disclosures_size());
  places.count = left + 1;
  std::vector<PlacedRow> rows;
  absl::Status status = ReadRows(context, asked.id, state, key, places, &rows);
  if (!status.ok()) return status;
  if (rows.size() > left) {
    rows.pop_back();
    response->set_next_page_token(serving::FormatPageToken(rows.empty() ? places.last : rows.back().place));
  }
  for (const PlacedRow& placed : rows) {
    rows::v1::DisclosureRow row;
    if (!row.ParseFromString(placed.plain)) return absl::DataLossError("a disclosure's row cannot be read");
    FillDisclosure(row, response->add_disclosures());
  }
  return absl::OkStatus();
}

// Of the erased resident, too: who looked is kept for as long as the law says (docs/decisions/0027).
template <class Response>
absl::Status ReadLooks(const ServiceContext& context, const LooksAsked& asked, Response* response) {
  ResidentState state;
  eventsourcing::SubjectKey key;
  auto found = context.Read(asked.id, &state, &key);
  if (!found.ok()) return found.status();
  if (!*found || !IsResident(state)) return refusals::ResidentUnknown();
  const absl::Status seen = MaySee(state, asked.authority);
  return seen.ok() ? FillLooks(context, asked, state, key, response) : seen;
}

}  // namespace

IssuanceService::Reactor* IssuanceService::ListDisclosures(Context* rpc_call,
                                                           const v1::ListDisclosuresRequest* request,
                                                           v1::ListDisclosuresResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListDisclosures", *request);
  auto id = ValidateResidentName(request->parent(), "parent");
  absl::Status status = ValidateActor(kRefusals, request->actor(), true);
  if (status.ok()) status = id.status();
  if (status.ok() && request->page_size() < 0) status = kRefusals.PageSizeNegative();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const size_t page_size = serving::PageSize(request->page_size());
  WhenRead(context_, call, {context_->PartitionOf(SubjectId{*id})},
              [this, call, request, response, page_size, id = SubjectId{*id}](const absl::Status& current) {
                const LooksAsked asked{id, request->actor().authority(), request->page_token(), page_size, {}};
                call.End(current.ok() ? ReadLooks(*context_, asked, response) : current);
              });
  return call.reactor();
}

IssuanceService::Reactor* IssuanceService::ExportAccessHistory(Context* rpc_call,
                                                               const v1::ExportAccessHistoryRequest* request,
                                                               v1::ExportAccessHistoryResponse* response) {
  const UnaryCall call(context_, rpc_call, "ExportAccessHistory", *request);
  auto asked =
      CheckAsked(context_, *rpc_call, "ExportAccessHistory", request->actor(), request->request_id(), *request, true);
  auto id = ValidateResidentName(request->name(), "name");
  absl::Status status = asked.ok() ? id.status() : asked.status();
  const auto purpose = events::v1::PURPOSE_RESIDENT_REQUEST;
  if (status.ok()) status = ValidatePurpose(purpose, request->reference(), request->identity_confirmed());
  if (status.ok() && UsedElsewhere(*context_, *asked, SubjectId{*id})) status = kRefusals.RequestIdReused();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  // The look's own row is the last that is told: the answer to a repetition is the same one.
  auto until = std::make_shared<std::string>();
  const auto read = [this, call, request, response, until, id = SubjectId{*id}] {
    call.End(ReadLooks(*context_, {id, request->actor().authority(), std::string(), kHistoryMax, *until}, response));
  };
  Send(
      context_, *asked, SubjectId{*id},
      issuance::DiscloseNumber{NumberDisclosed::WAY_HISTORY_GIVEN, purpose, request->reference(), request->actor(), 0},
      [until](const Prepared& prepared) {
        *until = PlaceKey({}, prepared.position.sequence, prepared.position.index);
      },
      [this, call, read](const absl::Status& done) {
        if (!done.ok()) return call.End(done);
        if (!context_->workers->Run(read)) call.End(kRefusals.QueueFull());
      });
  return call.reactor();
}

}  // namespace mynumber::issuance
