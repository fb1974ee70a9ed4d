// Looks at numbers, each of them an event, and verdicts on numbers, which show nothing of a person.

#include <algorithm>
#include <mutex>
#include <utility>

#include "libs/identifiers/individual_number.h"
#include "libs/serving/received_call.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service.h"
#include "services/issuance/service_access.h"
#include "services/issuance/service_answers.h"

namespace mynumber::issuance {

using events::v1::NumberDisclosed;
using identifiers::IndividualNumber;
using rows::v1::ResidentState;

IssuanceService::Reactor* IssuanceService::DiscloseNumber(Context* rpc_call, const v1::DiscloseNumberRequest* request,
                                                          v1::DiscloseNumberResponse* response) {
  const UnaryCall call(context_, rpc_call, "DiscloseNumber", *request);
  auto asked =
      CheckAsked(context_, *rpc_call, "DiscloseNumber", request->actor(), request->request_id(), *request, true);
  auto id = ValidateResidentName(request->name(), "name");
  absl::Status status = asked.ok() ? id.status() : asked.status();
  if (status.ok()) {
    status = ValidatePurpose(request->purpose(), request->reference(), request->identity_confirmed());
  }
  if (status.ok() && UsedElsewhere(*context_, *asked, SubjectId{*id})) status = kRefusals.RequestIdReused();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  Send(
      context_, *asked, SubjectId{*id},
      issuance::DiscloseNumber{NumberDisclosed::WAY_SHOWN, request->purpose(), request->reference(), request->actor(),
                               0},
      [name = request->name(), response](const Prepared& prepared) {
        response->set_name(name);
        response->set_individual_number(prepared.state.individual_number());
        response->set_version(prepared.state.version());
        response->set_position(eventsourcing::FormatPosition(prepared.position));
      },
      [call, response](const absl::Status& done) {
        if (!done.ok()) response->Clear();
        call.End(done);
      });
  return call.reactor();
}

IssuanceService::Reactor* IssuanceService::FindResidentByNumber(Context* rpc_call,
                                                                const v1::FindResidentByNumberRequest* request,
                                                                v1::FindResidentByNumberResponse* response) {
  const UnaryCall call(context_, rpc_call, "FindResidentByNumber", *request);
  auto asked =
      CheckAsked(context_, *rpc_call, "FindResidentByNumber", request->actor(), request->request_id(), *request, true);
  absl::Status status =
      asked.ok() ? ValidateNumber(request->individual_number(), "individual_number") : asked.status();
  if (status.ok()) {
    status = ValidatePurpose(request->purpose(), request->reference(), request->identity_confirmed());
  }
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const auto home = context_->own.keys->HomeOf(*IndividualNumber::Parse(request->individual_number()));
  const SubjectId subject = context_->own.keys->IdOf(home.ten_free_digits);
  const uint32_t generation = static_cast<uint32_t>(home.generation);
  if (UsedElsewhere(*context_, *asked, subject)) {
    call.End(kRefusals.RequestIdReused());
    return call.reactor();
  }
  Send(
      context_, *asked, subject,
      issuance::DiscloseNumber{NumberDisclosed::WAY_SEARCHED, request->purpose(), request->reference(),
                               request->actor(), generation},
      [subject, generation, response](const Prepared& prepared) {
        response->Clear();
        FillResident(prepared.state, subject, &prepared.position, response->mutable_resident());
        response->set_former(prepared.state.generation() != generation);
      },
      [call, response](const absl::Status& done) {
        if (!done.ok()) response->Clear();
        // Whoever has a number that is nobody's knows no resident.
        call.End(absl::IsNotFound(done) ? refusals::NumberNotIssued() : done);
      });
  return call.reactor();
}

namespace {

using Response = v1::ValidateNumbersResponse;

constexpr char kMethod[] = "ValidateNumbers";

// Whether the verdict tells that the number was given to somebody.
bool IsSomebodys(Response::Verdict verdict) {
  return verdict == Response::VERDICT_ISSUED || verdict == Response::VERDICT_FORMER ||
         verdict == Response::VERDICT_VOIDED || verdict == Response::VERDICT_ERASED;
}

Response::Verdict JudgeForm(std::string_view number) {
  switch (IndividualNumber::Judge(number)) {
    case identifiers::NumberVerdict::kWrongLength:
      return Response::VERDICT_WRONG_LENGTH;
    case identifiers::NumberVerdict::kNotDigits:
      return Response::VERDICT_NOT_DIGITS;
    case identifiers::NumberVerdict::kWrongCheckDigit:
      return Response::VERDICT_WRONG_CHECK_DIGIT;
    case identifiers::NumberVerdict::kReserved:
      return Response::VERDICT_NOT_ISSUED;
    case identifiers::NumberVerdict::kValid:
      return Response::VERDICT_UNSPECIFIED;
  }
  return Response::VERDICT_UNSPECIFIED;
}

Response::Verdict JudgeIssued(const ResidentState& state, uint32_t generation) {
  if (state.status() == ResidentState::STATUS_ERASED) return Response::VERDICT_ERASED;
  const auto& former = state.former_generations();
  if (std::find(former.begin(), former.end(), generation) != former.end()) return Response::VERDICT_FORMER;
  if (state.generation() != generation) return Response::VERDICT_NOT_ISSUED;
  return state.status() == ResidentState::STATUS_VOIDED ? Response::VERDICT_VOIDED : Response::VERDICT_ISSUED;
}

absl::StatusOr<Response::Verdict> Judge(const ServiceContext& context, std::string_view number) {
  const Response::Verdict form = JudgeForm(number);
  if (form != Response::VERDICT_UNSPECIFIED) return form;
  const auto home = context.own.keys->HomeOf(*IndividualNumber::Parse(number));
  ResidentState state;
  auto found = context.Read(context.own.keys->IdOf(home.ten_free_digits), &state);
  if (!found.ok()) return found.status();
  if (!*found || state.status() == ResidentState::STATUS_ALIAS) return Response::VERDICT_NOT_ISSUED;
  return JudgeIssued(state, static_cast<uint32_t>(home.generation));
}

// One request at a time: the next is read when the answer to the last has been written.
class Validation final : public grpc::ServerBidiReactor<rpc::Received<v1::ValidateNumbersRequest>, Response> {
 public:
  Validation(ServiceContext* context, grpc::CallbackServerContext* call)
      : context_(context), call_(call), counted_((*context->calls)[kMethod]) {
    context_->stopping.Listen(this, [this] { EndIfIdle(); });
    ReadNext();
  }
  ~Validation() override { context_->stopping.Forget(this); }

  void OnReadDone(bool ok) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      is_idle_ = false;
      if (has_ended_) return;
    }
    if (!ok) return End(absl::OkStatus());
    absl::Status status = Readable(kRefusals, request_.flaw);
    if (status.ok()) status = ValidateActor(kRefusals, request_.message.actor(), false);
    if (status.ok()) status = Admit();
    if (status.ok() && request_.message.individual_numbers_size() > 10'000) {
      status = kRefusals.TooManyItems("individual_numbers", 10'000);
    }
    if (!status.ok()) return End(status);
    WhenCurrent(context_, AllPartitions(*context_), DeadlineMicros(*call_, context_->now()),
                [this](const absl::Status& current) { Answer(current); });
  }
  void OnWriteDone(bool ok) override {
    ok ? ReadNext() : End(absl::CancelledError("the client has gone"));
  }
  void OnDone() override { delete this; }

 private:
  absl::Status Admit() {
    const auto look_ups = static_cast<uint32_t>(request_.message.individual_numbers_size());
    return serving::Admit(*context_, *call_, full_method_, request_.message.actor(), std::exchange(is_first_, false),
                          look_ups);
  }
  void ReadNext() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      is_idle_ = !context_->stopping.begun();
      if (is_idle_) return StartRead(&request_);
    }
    End(kRefusals.ShuttingDown());
  }
  // Nobody waits for an answer, and none will be given any more.
  void EndIfIdle() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!is_idle_) return;
      has_ended_ = true;
    }
    End(kRefusals.ShuttingDown());
  }
  void End(const absl::Status& status) {
    Finish(counted_.End(serving::Refuse(*context_, *call_, kMethod, request_.message.actor(), status)));
  }

  void Answer(const absl::Status& current) {
    if (!current.ok()) return End(current);
    response_.clear_verdicts();
    uint32_t found = 0;
    for (const std::string& number : request_.message.individual_numbers()) {
      const auto verdict = Judge(*context_, number);
      if (!verdict.ok()) return End(verdict.status());
      response_.add_verdicts(*verdict);
      if (IsSomebodys(*verdict)) ++found;
    }
    const auto asked = static_cast<uint32_t>(response_.verdicts_size());
    NoteLookUp(context_, *call_, {request_.message.actor(), kMethod, asked, found},
               [this](const absl::Status& noted) { noted.ok() ? StartWrite(&response_) : End(noted); });
  }

  ServiceContext* context_;
  grpc::CallbackServerContext* call_;
  rpc::CountedCall counted_;
  std::mutex mutex_;
  // By mutex: a request is awaited; the stream ended while one was.
  bool is_idle_ = false;
  bool has_ended_ = false;
  bool is_first_ = true;
  const std::string full_method_ = serving::FullMethod(v1::IssuanceService::service_full_name(), kMethod);
  rpc::Received<v1::ValidateNumbersRequest> request_;
  Response response_;
};

}  // namespace

grpc::ServerBidiReactor<rpc::Received<v1::ValidateNumbersRequest>, v1::ValidateNumbersResponse>*
IssuanceService::OpenValidation(Context* call) {
  return new Validation(context_, call);
}

}  // namespace mynumber::issuance
