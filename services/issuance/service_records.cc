// What a municipality records of a resident after the registration.

#include <utility>

#include "libs/rpc/status_details.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"
#include "services/issuance/service_change.h"

namespace mynumber::issuance {

IssuanceService::Reactor* IssuanceService::RecordDeparture(Context* call, const v1::RecordDepartureRequest* request,
                                                           v1::Resident* response) {
  return Change(context_, call, {"RecordDeparture"}, *request,
                ValidatePastDay(request->departure_date(), context_->Today(), "departure_date"),
                issuance::RecordDeparture{request->departure_date()}, response);
}

IssuanceService::Reactor* IssuanceService::RecordReturn(Context* call, const v1::RecordReturnRequest* request,
                                                        v1::Resident* response) {
  absl::Status status = ValidatePastDay(request->return_date(), context_->Today(), "return_date");
  if (status.ok()) status = ValidateDetails(request->details(), context_->Today());
  return Change(context_, call, {"RecordReturn"}, *request, status,
                issuance::RecordReturn{request->return_date(), request->details()}, response);
}

IssuanceService::Reactor* IssuanceService::RecordDeath(Context* call, const v1::RecordDeathRequest* request,
                                                       v1::Resident* response) {
  return Change(context_, call, {"RecordDeath"}, *request,
                ValidatePastDay(request->death_date(), context_->Today(), "death_date"),
                issuance::RecordDeath{request->death_date()}, response);
}

IssuanceService::Reactor* IssuanceService::CorrectResident(Context* call, const v1::CorrectResidentRequest* request,
                                                           v1::Resident* response) {
  absl::Status status = ValidateDetails(request->details(), context_->Today());
  if (status.ok()) status = ValidateText(request->reason(), "reason", refusals::EvidenceMissing("reason"));
  return Change(context_, call, {"CorrectResident"}, *request, status,
                issuance::CorrectResident{request->details(), request->reason(), request->expected_version()},
                response);
}

IssuanceService::Reactor* IssuanceService::VoidRegistration(Context* call, const v1::VoidRegistrationRequest* request,
                                                            v1::Resident* response) {
  absl::Status status = ValidateText(request->evidence(), "evidence", refusals::EvidenceMissing("evidence"));
  if (status.ok()) status = ValidateText(request->reason(), "reason", refusals::EvidenceMissing("reason"));
  return Change(context_, call, {"VoidRegistration"}, *request, status,
                issuance::VoidRegistration{request->evidence(), request->reason()}, response);
}

IssuanceService::Reactor* IssuanceService::ReplaceNumber(Context* rpc_call, const v1::ReplaceNumberRequest* request,
                                                         v1::Resident* response) {
  const UnaryCall call(context_, rpc_call, "ReplaceNumber", *request);
  auto asked =
      CheckAsked(context_, *rpc_call, "ReplaceNumber", request->actor(), request->request_id(), *request, true);
  auto id = ValidateResidentName(request->name(), "name");
  absl::Status status = asked.ok() ? id.status() : asked.status();
  // A wish needs no evidence to be refused.
  if (status.ok() && request->ground() == v1::REPLACEMENT_GROUND_LEAK_WITH_RISK_OF_MISUSE) {
    status = ValidateText(request->evidence(), "evidence", refusals::EvidenceMissing("evidence"));
    if (status.ok() && (request->decision() == events::v1::REPLACEMENT_DECISION_UNSPECIFIED ||
                        !events::v1::ReplacementDecision_IsValid(request->decision()))) {
      status = refusals::DecisionMissing();
    }
  }
  if (status.ok() && UsedElsewhere(*context_, *asked, SubjectId{*id})) status = kRefusals.RequestIdReused();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  Send(
      context_, *asked, SubjectId{*id},
      issuance::ReplaceNumber{request->ground(), request->evidence(), request->decision(), request->actor()},
      [subject = SubjectId{*id}, response](const Prepared& prepared) {
        response->Clear();
        FillResident(prepared.state, subject, &prepared.position, response);
        response->set_individual_number(prepared.state.individual_number());
      },
      [call](const absl::Status& s) { call.End(s); });
  return call.reactor();
}

namespace {

constexpr int kHouseholdMax = 50;

absl::Status CheckMove(const ServiceContext& context, const v1::RecordMoveRequest& request) {
  if (request.names_size() < 1 || request.names_size() > kHouseholdMax) {
    return kRefusals.TooManyItems("names", kHouseholdMax);
  }
  for (const std::string& name : request.names()) {
    auto id = ValidateResidentName(name, "names");
    if (!id.ok()) return id.status();
  }
  absl::Status status = ValidatePastDay(request.move_date(), context.Today(), "move_date");
  if (status.ok()) status = ValidateAddress(request.address(), request.postal_code(), "");
  if (status.ok()) status = ValidateMunicipality(request.municipality_code(), "municipality_code");
  return status;
}

}  // namespace

IssuanceService::Reactor* IssuanceService::RecordMove(Context* rpc_call, const v1::RecordMoveRequest* request,
                                                      v1::RecordMoveResponse* response) {
  const UnaryCall call(context_, rpc_call, "RecordMove", *request);
  auto asked = CheckAsked(context_, *rpc_call, "RecordMove", request->actor(), request->request_id(), *request, false,
                          /*shares_request=*/true);
  absl::Status status = asked.ok() ? CheckMove(*context_, *request) : asked.status();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const issuance::RecordMove move{request->address(), request->postal_code(), request->municipality_code(),
                                  request->move_date()};
  auto left = std::make_shared<std::atomic<int>>(request->names_size());
  for (int i = 0; i < request->names_size(); ++i) response->add_results();
  for (int i = 0; i < request->names_size(); ++i) {
    const SubjectId subject{*ValidateResidentName(request->names(i), "names")};
    v1::MovedResident* result = response->mutable_results(i);
    const auto finish = [call, left, result](const absl::Status& done) {
      const absl::Status refusal = call.Refuse(done);
      if (!refusal.ok()) {
        result->clear_resident();
        *result->mutable_error() = rpc::ToRpc(refusal);
      }
      if (left->fetch_sub(1) == 1) call.End(absl::OkStatus());
    };
    if (UsedElsewhere(*context_, *asked, subject)) {
      finish(kRefusals.RequestIdReused());
      continue;
    }
    Send(
        context_, *asked, subject, move,
        [subject, result](const Prepared& prepared) {
          result->clear_resident();
          FillResident(prepared.state, subject, &prepared.position, result->mutable_resident());
        },
        finish);
  }
  return call.reactor();
}

namespace {

// A change of record code that crosses partitions: intent at home, alias in the new code's partition, result at home.
// Every step may be repeated; each one's request id follows from the resident and the code.
class RecordCodeChange : public std::enable_shared_from_this<RecordCodeChange> {
 public:
  RecordCodeChange(ServiceContext* context, SubjectId home, std::string code,
                   std::function<void(const absl::Status&)> done)
      : context_(context), home_(home), code_(std::move(code)), done_(std::move(done)) {}

  void Run() {
    issuance::AliasRecordCode alias{std::string(home_.view()), code_};
    Step(context_->own.keys->IdOf(std::string_view(code_).substr(0, 10)), std::move(alias),
         [self = shared_from_this()](const absl::Status& status) { self->Answered(status); });
  }

 private:
  void Answered(const absl::Status& status) {
    if (status.ok()) {
      Step(home_, issuance::CompleteRecordCodeChange{code_}, done_);
      return;
    }
    const std::string taken_by = refusals::TakenBy(status);
    if (taken_by.empty()) {
      done_(status);
      return;
    }
    Step(home_, issuance::RefuseRecordCodeChange{code_, "the code is another resident's"},
         [done = done_, status](const absl::Status& refused) { done(refused.ok() ? status : refused); });
  }

  void Step(const SubjectId& subject, Command command, std::function<void(const absl::Status&)> finish) {
    Asked asked;
    auto origin = std::make_shared<Origin>();
    origin->caller = "service/issuance";
    origin->method = "ChangeResidentRecordCode";
    origin->cause = "record code change";
    asked.origin = std::move(origin);
    const std::string what = code_ + std::string(home_.view()) + static_cast<char>('0' + command.index());
    asked.request_hash = context_->request_hash->Hash16(what);
    asked.request_id = asked.request_hash;
    Send(context_, asked, subject, std::move(command), [](const Prepared&) {}, std::move(finish));
  }

  ServiceContext* context_;
  SubjectId home_;
  std::string code_;
  std::function<void(const absl::Status&)> done_;
};

}  // namespace

IssuanceService::Reactor* IssuanceService::ChangeResidentRecordCode(Context* rpc_call,
                                                                    const v1::ChangeResidentRecordCodeRequest* request,
                                                                    v1::Resident* response) {
  const UnaryCall call(context_, rpc_call, "ChangeResidentRecordCode", *request);
  auto asked = CheckAsked(context_, *rpc_call, "ChangeResidentRecordCode", request->actor(), request->request_id(),
                          *request, false);
  auto id = ValidateResidentName(request->name(), "name");
  absl::Status status = asked.ok() ? id.status() : asked.status();
  if (status.ok()) {
    status = ValidateRecordCode(request->new_resident_record_code(), context_->own.record_code_rule,
                                "new_resident_record_code");
  }
  if (status.ok()) status = ValidateText(request->evidence(), "evidence", refusals::EvidenceMissing("evidence"));
  if (status.ok() && UsedElsewhere(*context_, *asked, SubjectId{*id})) status = kRefusals.RequestIdReused();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const SubjectId home{*id};
  const std::string& code = request->new_resident_record_code();
  const bool leads_home = context_->own.keys->IdOf(std::string_view(code).substr(0, 10)) == home;
  auto pending = std::make_shared<bool>(false);
  // Whatever became of the steps in between, the answer is the resident as it is then.
  const auto answer = [this, call, home, response](const absl::Status& done) {
    if (!done.ok()) return call.End(done);
    WhenCurrent(context_, {context_->PartitionOf(home)}, 0, [this, call, home, response](const absl::Status& current) {
      if (!current.ok()) return call.End(current);
      rows::v1::ResidentState state;
      auto found = context_->Read(home, &state);
      if (found.ok()) FillResident(state, home, nullptr, response);
      call.End(found.status());
    });
  };
  Send(
      context_, *asked, home, RequestRecordCodeChange{code, request->evidence(), leads_home},
      [pending](const Prepared& prepared) { *pending = !prepared.state.pending_resident_record_code().empty(); },
      [this, home, code, pending, answer](const absl::Status& done) {
        if (!done.ok() || !*pending) return answer(done);
        std::make_shared<RecordCodeChange>(context_, home, code, answer)->Run();
      });
  return call.reactor();
}

void IssuanceService::ResumeRecordCodeChanges() {
  for (uint32_t p = 0; p < context_->rows.size(); ++p) {
    if (!context_->host->ServesSoon(p)) continue;
    (void)context_->rows[p]->Scan(std::string(1, kPendingTable), {}, [&](std::string_view key, std::string_view) {
      const SubjectId home = IdOfKey(key);
      rows::v1::ResidentState state;
      auto found = context_->Read(home, &state);
      if (found.ok() && *found && !state.pending_resident_record_code().empty()) {
        std::make_shared<RecordCodeChange>(context_, home, state.pending_resident_record_code(),
                                           [](const absl::Status&) {})
            ->Run();
      }
      return true;
    });
  }
}

}  // namespace mynumber::issuance
