// What became of a request, by its receipt.

#include <string>
#include <utility>
#include <vector>

#include "libs/eventsourcing/position.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"
#include "services/issuance/service_call.h"

namespace mynumber::issuance {

using rows::v1::ResidentState;

namespace {

// The resident as the receipt's command left it.
absl::Status ReadOutcome(const ServiceContext& context, const std::string& request_key,
                         const eventlog::v1::Receipt::Entry& entry, const eventsourcing::Position& position,
                         v1::Resident* resident) {
  const SubjectId id = SubjectId::FromBytes(entry.subject());
  ResidentState state;
  eventsourcing::SubjectKey key;
  auto found = context.Read(id, &state, &key);
  if (!found.ok()) return found.status();
  if (entry.sealed_state().empty()) {
    FillResident(FirstAnswer(*context.keys, state, request_key), id, &position, resident);
    return absl::OkStatus();
  }
  std::string plain;
  absl::Status status = context.vault()->Open(key, eventsourcing::ReceiptAssociatedData(id, entry.version()),
                                              entry.sealed_state(), &plain);
  if (!status.ok()) return status;
  if (!state.ParseFromString(plain)) return absl::DataLossError("a receipt's state cannot be read");
  FillResident(state, id, &position, resident);
  return absl::OkStatus();
}

absl::Status ReadOutcomes(const ServiceContext& context, const std::vector<uint32_t>& partitions,
                          const std::string& receipt_key, const std::string& request_key,
                          v1::GetOutcomeResponse* response) {
  response->set_outcome(v1::GetOutcomeResponse::OUTCOME_NOT_ACCEPTED);
  for (uint32_t p : partitions) {
    std::string value;
    auto found = context.rows[p]->Get(receipt_key, &value);
    if (!found.ok()) return found.status();
    if (!*found) continue;
    auto receipt = eventsourcing::DecodeReceiptRow(value);
    if (!receipt.ok()) return receipt.status();
    if (IsOld(*receipt, context.now())) continue;
    response->set_outcome(v1::GetOutcomeResponse::OUTCOME_ACCEPTED);
    for (const auto& entry : receipt->entries()) {
      const eventsourcing::Position position{p, entry.sequence(), entry.index()};
      response->set_position(eventsourcing::FormatPosition(position));
      absl::Status status = ReadOutcome(context, request_key, entry, position, response->add_residents());
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

bool IsWritingMethod(std::string_view method) {
  for (std::string_view known :
       {"RegisterResident", "RecordMove", "RecordDeparture", "RecordReturn", "RecordDeath", "CorrectResident",
        "ChangeResidentRecordCode", "VoidRegistration", "DiscloseNumber", "FindResidentByNumber", "ReplaceNumber"}) {
    if (method == known) return true;
  }
  return false;
}

}  // namespace

IssuanceService::Reactor* IssuanceService::GetOutcome(Context* rpc_call, const v1::GetOutcomeRequest* request,
                                                      v1::GetOutcomeResponse* response) {
  const UnaryCall call(context_, rpc_call, "GetOutcome");
  absl::Status status = ValidateActor(request->actor(), false);
  auto request_id = ValidateRequestId(request->request_id());
  if (status.ok()) status = request_id.status();
  if (status.ok() && !IsWritingMethod(request->method())) status = refusals::MethodUnknown();
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
      context_->keys->RequestKey(request->actor().authority(), eventsourcing::View(*request_id))));
  WhenCurrent(context_, partitions, DeadlineMicros(*rpc_call, context_->now()),
              [this, call, partitions, key, request_key, response](const absl::Status& current) {
                call.End(current.ok() ? ReadOutcomes(*context_, partitions, key, request_key, response) : current);
              });
  return call.reactor();
}

}  // namespace mynumber::issuance
