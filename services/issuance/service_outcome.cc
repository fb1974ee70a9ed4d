// What became of a request, by its receipt.

#include <string>
#include <utility>
#include <vector>

#include "libs/eventsourcing/position.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"

namespace mynumber::issuance {

namespace {

using rows::v1::ResidentState;

absl::Status ReadOutcome(const ServiceContext& context, const std::string& request_key,
                         const eventlog::v1::Receipt::Entry& entry, const eventsourcing::Position& position,
                         v1::Resident* resident) {
  ResidentState state;
  bool is_first = false;
  absl::Status status = serving::ReadFirstState(context, entry, &state, &is_first);
  if (!status.ok()) return status;
  FillResident(is_first ? state : FirstAnswer(*context.own.keys, state, request_key),
               SubjectId::FromBytes(entry.subject()), &position, resident);
  return absl::OkStatus();
}

absl::Status ReadOutcomes(const ServiceContext& context, const std::vector<uint32_t>& partitions,
                          const std::string& receipt_key, const std::string& request_key,
                          v1::GetOutcomeResponse* response) {
  response->set_outcome(v1::GetOutcomeResponse::OUTCOME_NOT_ACCEPTED);
  return serving::VisitReceipts(
      context, partitions, receipt_key, [&](uint32_t partition, const eventlog::v1::Receipt& receipt) {
        response->set_outcome(v1::GetOutcomeResponse::OUTCOME_ACCEPTED);
        for (const auto& entry : receipt.entries()) {
          const eventsourcing::Position position{partition, entry.sequence(), entry.index()};
          response->set_position(eventsourcing::FormatPosition(position));
          absl::Status status = ReadOutcome(context, request_key, entry, position, response->add_residents());
          if (!status.ok()) return status;
        }
        return absl::OkStatus();
      });
}

bool IsWritingMethod(std::string_view method) {
  for (std::string_view known :
       {"RegisterResident", "RecordMove", "RecordDeparture", "RecordReturn", "RecordDeath", "CorrectResident",
        "ChangeResidentRecordCode", "VoidRegistration", "DiscloseNumber", "FindResidentByNumber", "ReplaceNumber",
        "ExportAccessHistory", "RequestErasure", "ApproveErasure", "WithdrawErasure"}) {
    if (method == known) return true;
  }
  return false;
}

}  // namespace

IssuanceService::Reactor* IssuanceService::GetOutcome(Context* rpc_call, const v1::GetOutcomeRequest* request,
                                                      v1::GetOutcomeResponse* response) {
  const UnaryCall call(context_, rpc_call, "GetOutcome", *request);
  absl::Status status = ValidateActor(kRefusals, request->actor(), false);
  auto request_id = ValidateRequestId(kRefusals, request->request_id());
  if (status.ok()) status = request_id.status();
  if (status.ok() && !IsWritingMethod(request->method())) status = kRefusals.MethodUnknown();
  std::vector<uint32_t> partitions = AllPartitions(*context_);
  if (status.ok() && !request->name().empty()) {
    auto id = ValidateResidentName(request->name(), "name");
    status = id.status();
    if (id.ok()) partitions = {context_->PartitionOf(SubjectId{*id})};
  }
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const std::string key =
      eventsourcing::ReceiptKey(request->actor().authority(), request->method(), eventsourcing::View(*request_id));
  const std::string request_key(eventsourcing::View(
      context_->own.keys->RequestKey(request->actor().authority(), eventsourcing::View(*request_id))));
  WhenRead(context_, call, partitions,
              [this, call, partitions, key, request_key, response](const absl::Status& current) {
                call.End(current.ok() ? ReadOutcomes(*context_, partitions, key, request_key, response) : current);
              });
  return call.reactor();
}

}  // namespace mynumber::issuance
