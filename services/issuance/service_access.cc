// Who looked up whom, and what was refused: written down, and read by auditors.

#include "services/issuance/service_access.h"

#include <google/protobuf/util/time_util.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/serving/pages.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service.h"
#include "services/issuance/service_places.h"

namespace mynumber::issuance {
namespace {

using google::protobuf::util::TimeUtil;

// What is not written down by then is tried again the next time.
constexpr int64_t kWriteMicros = 10'000'000;

RecordAttempts CommandOf(const serving::RefusedOf& refused) {
  RecordAttempts command;
  command.refused.set_authority(refused.authority);
  for (const auto& [kind, tally] : refused.attempts) {
    auto* attempts = command.refused.add_attempts();
    attempts->set_clerk_id(kind.clerk_id);
    attempts->set_service(kind.service);
    attempts->set_method(kind.method);
    attempts->set_reason(kind.reason);
    attempts->set_count(tally.count);
    attempts->set_first_micros(tally.first_micros);
    attempts->set_last_micros(tally.last_micros);
  }
  return command;
}

void FillLookUp(const rows::v1::AccessRow& row, v1::AccessRecord* record) {
  *record->mutable_time() = TimeUtil::MicrosecondsToTimestamp(row.time_micros());
  record->set_clerk_id(row.looked_up().actor().clerk_id());
  record->set_service("issuance");
  record->set_method(row.looked_up().method());
  record->set_count(1);
  record->set_asked(row.looked_up().asked());
  record->set_found(row.looked_up().found());
}

void FillAttempts(const rows::v1::AccessRow& row, const events::v1::RefusedAttempts& attempts,
                  v1::AccessRecord* record) {
  *record->mutable_time() = TimeUtil::MicrosecondsToTimestamp(row.time_micros());
  record->set_clerk_id(attempts.clerk_id());
  record->set_service(attempts.service());
  record->set_method(attempts.method());
  record->set_reason(attempts.reason());
  record->set_count(attempts.count());
  *record->mutable_first_time() = TimeUtil::MicrosecondsToTimestamp(attempts.first_micros());
  *record->mutable_last_time() = TimeUtil::MicrosecondsToTimestamp(attempts.last_micros());
}

absl::Status FillRecords(const std::string& plain, v1::ListAccessRecordsResponse* response) {
  rows::v1::AccessRow row;
  if (!row.ParseFromString(plain)) return absl::DataLossError("an access record's row cannot be read");
  if (row.has_looked_up()) FillLookUp(row, response->add_access_records());
  for (const auto& attempts : row.refused().attempts()) FillAttempts(row, attempts, response->add_access_records());
  return absl::OkStatus();
}

absl::Status ReadAccess(const ServiceContext& context, const v1::ListAccessRecordsRequest& request,
                        v1::ListAccessRecordsResponse* response) {
  const SubjectId authority = context.own.keys->AuthorityId(request.authority());
  const absl::CivilMonth month(*calendar::ToDay(request.month()));
  PlacesAsked asked;
  if (!ParsePlace(request.page_token(), &asked.last)) return kRefusals.PageTokenMalformed();
  const size_t page_size = serving::PageSize(request.page_size());
  asked.count = page_size + 1;
  std::vector<PlacedRow> rows;
  absl::Status status = ReadRecord(context, kAccessTable, authority, month, asked, &rows);
  if (status.ok() && rows.size() > page_size) {
    rows.pop_back();
    response->set_next_page_token(serving::FormatPageToken(rows.back().place));
  }
  for (size_t i = 0; i < rows.size() && status.ok(); ++i) status = FillRecords(rows[i].plain, response);
  return status;
}

absl::Status ValidateWhose(const std::string& authority) {
  if (authority == serving::kUnidentified) return absl::OkStatus();
  type::Actor whose;
  whose.set_authority(authority);
  return ValidateActor(kRefusals, whose, false);
}

}  // namespace

void NoteLookUp(ServiceContext* context, const grpc::CallbackServerContext& call, const LookUp& look_up,
                std::function<void(const absl::Status&)> then) {
  RecordLookUp command;
  *command.looked_up.mutable_actor() = look_up.actor;
  command.looked_up.set_method(look_up.method);
  command.looked_up.set_asked(look_up.asked);
  command.looked_up.set_found(look_up.found);
  Asked asked;
  asked.origin = serving::OriginWithoutReceipt(*context, call, look_up.method, look_up.actor);
  asked.deadline_micros = DeadlineMicros(call, context->now());
  Send(context, asked, context->own.keys->AuthorityId(look_up.actor.authority()), std::move(command),
       [](const Prepared&) {}, std::move(then));
}

void IssuanceService::NoteRefusedAttempts() {
  if (context_->gate == nullptr) return;
  auto origin = std::make_shared<Origin>();
  origin->caller = "service/issuance";
  origin->method = "NoteRefusedAttempts";
  origin->needs_no_receipt = true;
  Asked asked;
  asked.origin = std::move(origin);
  asked.deadline_micros = context_->now() + kWriteMicros;
  serving::RefusedAttempts* attempts = context_->gate->attempts();
  for (serving::RefusedOf& refused : attempts->Take()) {
    RecordAttempts command = CommandOf(refused);
    const SubjectId authority = context_->own.keys->AuthorityId(refused.authority);
    Send(context_, asked, authority, std::move(command), [](const Prepared&) {},
         [attempts, refused = std::move(refused)](const absl::Status& noted) { attempts->End(refused, noted.ok()); });
  }
}

IssuanceService::Reactor* IssuanceService::ListAccessRecords(Context* rpc_call,
                                                             const v1::ListAccessRecordsRequest* request,
                                                             v1::ListAccessRecordsResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListAccessRecords", *request);
  absl::Status status = ValidateActor(kRefusals, request->actor(), true);
  if (status.ok()) status = ValidateWhose(request->authority());
  if (status.ok()) status = ValidatePastDay(request->month(), context_->Today(), "month");
  if (status.ok() && request->page_size() < 0) status = kRefusals.PageSizeNegative();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const uint32_t partition = context_->PartitionOf(context_->own.keys->AuthorityId(request->authority()));
  WhenRead(context_, call, {partition}, [this, call, request, response](const absl::Status& current) {
    call.End(current.ok() ? ReadAccess(*context_, *request, response) : current);
  });
  return call.reactor();
}

}  // namespace mynumber::issuance
