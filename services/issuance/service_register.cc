// Registrations, one at a time, and what the stream of them (service_bulk.cc) has in common with that.

#include <algorithm>
#include <utility>

#include "libs/eventsourcing/position.h"
#include "libs/identifiers/person_name.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"
#include "services/issuance/service_register.h"

namespace mynumber::issuance {
namespace {

std::string ToString(const eventsourcing::Bytes16& bytes) { return std::string(eventsourcing::View(bytes)); }

// Departed residents with the same name or kana and birth date.
absl::StatusOr<std::vector<std::string>> LookAlikes(const ServiceContext& context,
                                                    const events::v1::ResidentDetails& details) {
  if (!context.own.knows_departed) return kRefusals.PartitionNotServing();
  std::vector<std::string> ids;
  for (const std::string* name : {&details.full_name(), &details.name_kana()}) {
    if (name->empty()) continue;
    const auto hash = context.own.keys->NameHash(identifiers::MatchingForm(*name), details.birth_date());
    if (!context.own.departed->MayContain(eventsourcing::View(hash))) continue;
    const std::string prefix = IndexKey(kDepartedTable, eventsourcing::View(hash));
    for (const eventsourcing::Rows* rows : context.rows) {
      absl::Status status = rows->Scan(prefix, {}, [&](std::string_view key, std::string_view) {
        const std::string id(IdOfKey(key).view());
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
        return ids.size() < 20;
      });
      if (!status.ok()) return status;
    }
  }
  return ids;
}

// The number where nothing was registered under this request before it was decided: for a resident who is known already
// it is shown to the same caller with the same request id alone, as the first answer showed it.
std::string NumberOf(const ServiceContext& context, const Prepared& prepared, const std::string& request_key) {
  if (!prepared.already) return prepared.state.individual_number();
  if (prepared.state.request_key() != request_key) return "";
  return FirstAnswer(*context.own.keys, prepared.state, request_key).individual_number();
}

const RegisterResident& CommandOf(const Request& request) { return std::get<RegisterResident>(*request.command); }

void FillRegistration(const ServiceContext& context, const SubjectId& subject, const std::string& request_key,
                      const Prepared& prepared, v1::Resident* response) {
  response->Clear();
  if (prepared.repeated) {
    const rows::v1::ResidentState first = FirstAnswer(*context.own.keys, prepared.state, request_key);
    FillResident(first, subject, &prepared.position, response);
    response->set_individual_number(first.individual_number());
  } else {
    FillResident(prepared.state, subject, &prepared.position, response);
    response->set_individual_number(NumberOf(context, prepared, request_key));
  }
}

}  // namespace

absl::StatusOr<Request> MakeRegistration(ServiceContext* context, v1::RegisterResidentRequest* message,
                                         const type::Actor& actor, std::shared_ptr<const Origin> origin,
                                         const type::Date& today) {
  auto request_id = ValidateRequestId(kRefusals, message->request_id());
  if (!request_id.ok()) return request_id.status();
  const std::string& code = message->resident_record_code();
  absl::Status status = ValidateRecordCode(code, context->own.record_code_rule, "resident_record_code");
  if (status.ok()) status = ValidateDetails(message->details(), today);
  if (!status.ok()) return status;
  auto look_alikes = LookAlikes(*context, message->details());
  if (!look_alikes.ok()) return look_alikes.status();
  Request request;
  request.subject = context->own.keys->IdOf(std::string_view(code).substr(0, 10));
  request.origin = std::move(origin);
  request.request_id = *request_id;
  const auto registration_hash = context->own.keys->RegistrationHash(message->details(), code);
  // The payload of a registration is its details, its code, and whether the clerk has looked.
  request.request_hash = registration_hash;
  request.request_hash[0] ^= message->confirmed_distinct() ? 1 : 0;
  RegisterResident command;
  command.resident_record_code = code;
  command.registration_hash = ToString(registration_hash);
  command.request_key =
      ToString(context->own.keys->RequestKey(request.origin->caller, eventsourcing::View(request.request_id)));
  command.actor = actor;
  command.confirmed_distinct = message->confirmed_distinct();
  command.look_alikes = *std::move(look_alikes);
  command.details = std::move(*message->mutable_details());
  request.command = std::move(command);
  return request;
}

std::shared_ptr<const Origin> RegistrationOrigin(const ServiceContext& context, const grpc::CallbackServerContext& call,
                                                 const type::Actor& actor) {
  return MakeOrigin(context.malformed_traces, call, "RegisterResident", actor);
}

void FillRow(const ServiceContext& context, const SubjectId& subject, const std::string& request_key,
             const Prepared& prepared, v1::RegisteredRow* row) {
  row->Clear();
  row->set_name(ResidentName(subject));
  row->set_position(eventsourcing::FormatPosition(prepared.position));
  if (prepared.repeated) {
    const rows::v1::ResidentState first = FirstAnswer(*context.own.keys, prepared.state, request_key);
    row->set_version(first.version());
    row->set_individual_number(first.individual_number());
  } else {
    row->set_version(prepared.state.version());
    row->set_individual_number(NumberOf(context, prepared, request_key));
  }
  const std::string& number = row->individual_number();
  row->set_masked_individual_number(MaskNumber(number.empty() ? prepared.state.individual_number() : number));
}

IssuanceService::Reactor* IssuanceService::RegisterResident(Context* rpc_call,
                                                            const v1::RegisterResidentRequest* message,
                                                            v1::Resident* response) {
  const UnaryCall call(context_, rpc_call, "RegisterResident", *message);
  v1::RegisterResidentRequest own = *message;
  absl::Status status =
      context_->stopping.begun() ? kRefusals.ShuttingDown() : ValidateActor(kRefusals, message->actor(), true);
  const auto origin = RegistrationOrigin(*context_, *rpc_call, message->actor());
  auto request = status.ok() ? MakeRegistration(context_, &own, message->actor(), origin, context_->Today())
                             : absl::StatusOr<Request>(status);
  if (request.ok()) {
    Asked asked{request->origin, request->request_id, request->request_hash, 0};
    if (UsedElsewhere(*context_, asked, request->subject)) request = kRefusals.RequestIdReused();
  }
  if (!request.ok()) {
    call.End(request.status());
    return call.reactor();
  }
  request->deadline_micros = DeadlineMicros(*rpc_call, context_->now());
  const SubjectId subject = request->subject;
  request->prepare = [this, subject, key = CommandOf(*request).request_key, response](const Prepared& prepared) {
    FillRegistration(*context_, subject, key, prepared, response);
  };
  request->finish = [this, call, retry = *request, response](const absl::Status& done) mutable {
    const std::string home = refusals::TakenBy(done);
    if (home.empty()) return call.End(done);
    // The code leads to a resident elsewhere: that one decides whether it is the same registration.
    retry.subject = SubjectId{*ValidateResidentName(home, "")};
    retry.prepare = [this, subject = retry.subject, key = CommandOf(retry).request_key,
                     response](const Prepared& prepared) {
      FillRegistration(*context_, subject, key, prepared, response);
    };
    retry.finish = [call](const absl::Status& followed) { call.End(followed); };
    context_->Submit(context_->PartitionOf(retry.subject), std::move(retry));
  };
  context_->Submit(context_->PartitionOf(subject), *std::move(request));
  return call.reactor();
}

}  // namespace mynumber::issuance
