// Who looked at a resident's number: for the municipality, and for the resident who asks.

#include <google/protobuf/util/time_util.h>

#include <optional>
#include <string>
#include <utility>

#include "libs/serving/pages.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/state_municipality.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"

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
  // The last row to be told; empty: whatever is there.
  std::string last_key;
};

template <class Response>
absl::Status ReadLooks(const ServiceContext& context, const LooksAsked& asked, Response* response) {
  ResidentState state;
  eventsourcing::SubjectKey key;
  auto found = context.Read(asked.id, &state, &key);
  if (!found.ok()) return found.status();
  if (!*found || state.status() == ResidentState::STATUS_ALIAS) return refusals::ResidentUnknown();
  if (state.status() == ResidentState::STATUS_ERASED) return refusals::ResidentErased();
  const absl::Status seen = MaySee(state, asked.authority);
  if (!seen.ok()) return seen;
  // A page token is the last row's sequence and index; zeros behind the first look, which has no row.
  const std::string prefix = IndexKey(kDisclosureTable, asked.id.view());
  std::string last(12, '\0');
  if (!asked.page_token.empty()) {
    const auto tail = serving::ParsePageToken(asked.page_token);
    if (!tail || tail->size() != last.size()) return kRefusals.PageTokenMalformed();
    last = *tail;
  } else {
    FillDisclosure(FirstLook(state), response->add_disclosures());
  }
  const std::string after = prefix + last;
  absl::Status opened;
  absl::Status scanned = context.rows[context.PartitionOf(asked.id)]->Scan(
      prefix, after, [&](std::string_view row_key, std::string_view value) {
        if (!asked.last_key.empty() && row_key > asked.last_key) return false;
        if (static_cast<size_t>(response->disclosures_size()) == asked.count) {
          response->set_next_page_token(serving::FormatPageToken(last));
          return false;
        }
        std::string plain;
        rows::v1::DisclosureRow row;
        opened = eventsourcing::OpenSealedRow(row_key, value, key, context.vault(), &plain);
        if (opened.ok() && !row.ParseFromString(plain)) {
          opened = absl::DataLossError("a disclosure's row cannot be read");
        }
        if (!opened.ok()) return false;
        FillDisclosure(row, response->add_disclosures());
        last = row_key.substr(prefix.size());
        return true;
      });
  return scanned.ok() ? opened : scanned;
}

}  // namespace

IssuanceService::Reactor* IssuanceService::ListDisclosures(Context* rpc_call,
                                                           const v1::ListDisclosuresRequest* request,
                                                           v1::ListDisclosuresResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListDisclosures");
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
  const UnaryCall call(context_, rpc_call, "ExportAccessHistory");
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
  auto last_key = std::make_shared<std::string>();
  const auto read = [this, call, request, response, last_key, id = SubjectId{*id}] {
    call.End(ReadLooks(*context_, {id, request->actor().authority(), std::string(), kHistoryMax, *last_key}, response));
  };
  Send(
      context_, *asked, SubjectId{*id},
      issuance::DiscloseNumber{NumberDisclosed::WAY_HISTORY_GIVEN, purpose, request->reference(), request->actor(), 0},
      [id = SubjectId{*id}, last_key](const Prepared& prepared) {
        *last_key = DisclosureKey(id.view(), prepared.position.sequence, prepared.position.index);
      },
      [this, call, read](const absl::Status& done) {
        if (!done.ok()) return call.End(done);
        if (!context_->workers->Run(read)) call.End(kRefusals.QueueFull());
      });
  return call.reactor();
}

}  // namespace mynumber::issuance
