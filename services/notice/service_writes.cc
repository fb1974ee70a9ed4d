// What municipalities, and the hotline for residents, ask to be done.

#include <utility>

#include "services/notice/service.h"
#include "services/notice/service_answers.h"
#include "services/notice/service_asked.h"

namespace mynumber::notice {
namespace {

using Reactor = NoticeService::Reactor;

// Checks what every call brings along, sends the command that `make` makes for the notice, and fills the answer.
// `valid` is what is wrong with the rest of the request.
template <class Message, class Answer, class Make, class Fill>
Reactor* Write(ServiceContext* context, grpc::CallbackServerContext* rpc_call, const char* method,
               const Message& request, const std::string& notice, const absl::Status& valid, Answer* response,
               const Make& make, const Fill& fill) {
  const UnaryCall call(context, rpc_call, method, request);
  auto asked = CheckAskedOfNotice(context, *rpc_call, method, request, notice, valid);
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  serving::SendAndAnswer(context, call, asked->asked, asked->name.resident, make(asked->name.notice), response,
                         [name = asked->name, fill](const Prepared& prepared, Answer* answer) {
                           const rows::v1::Notice* found = FindNotice(prepared.state.file(), name.notice);
                           if (found != nullptr) fill(prepared, name.resident, *found, answer);
                         });
  return call.reactor();
}

void FillChanged(const Prepared& prepared, const SubjectId& resident, const rows::v1::Notice& notice,
                 v1::Notice* response) {
  FillNotice(prepared.state, resident, notice, &prepared.position, response);
}

absl::Status ValidateWork(events::v1::WorkKind kind) {
  return events::v1::WorkKind_IsValid(kind) && kind != events::v1::WORK_KIND_UNSPECIFIED ? absl::OkStatus()
                                                                                         : refusals::WorkKindMissing();
}

}  // namespace

Reactor* NoticeService::RequestResend(Context* call, const v1::RequestResendRequest* request, v1::Notice* response) {
  auto number = ValidateTrackingNumber(request->tracking_number(), "tracking_number");
  absl::Status valid = ValidateResend(request->way(), request->window(), request->day());
  if (!number.ok()) valid = number.status();
  return Write(
      context_, call, "RequestResend", *request, request->name(), valid, response,
      [&](uint32_t notice) {
        return notice::RequestResend{notice,         request->actor(), std::string(number->digits()), request->way(),
                                     request->day(), request->window()};
      },
      FillChanged);
}

Reactor* NoticeService::RecordCounterHandover(Context* call, const v1::RecordCounterHandoverRequest* request,
                                              v1::Notice* response) {
  const bool checked = events::v1::IdentityCheck_IsValid(request->identity_check()) &&
                       request->identity_check() != events::v1::IDENTITY_CHECK_UNSPECIFIED;
  return Write(
      context_, call, "RecordCounterHandover", *request, request->name(),
      checked ? absl::OkStatus() : refusals::IdentityCheckMissing(), response,
      [&](uint32_t notice) {
        return notice::RecordCounterHandover{notice, request->actor(), request->identity_check()};
      },
      FillChanged);
}

Reactor* NoticeService::MailAgain(Context* call, const v1::MailAgainRequest* request, v1::Notice* response) {
  return Write(
      context_, call, "MailAgain", *request, request->name(), absl::OkStatus(), response,
      [&](uint32_t notice) {
        return notice::MailAgain{notice, request->actor()};
      },
      FillChanged);
}

Reactor* NoticeService::RecordDestruction(Context* call, const v1::RecordDestructionRequest* request,
                                          v1::Notice* response) {
  return Write(
      context_, call, "RecordDestruction", *request, request->name(), ValidateRecord(request->record()), response,
      [&](uint32_t notice) {
        return notice::RecordDestruction{notice, request->actor(), request->record()};
      },
      FillChanged);
}

Reactor* NoticeService::DisputeDelivery(Context* call, const v1::DisputeDeliveryRequest* request,
                                        v1::Notice* response) {
  constexpr int kStatementCharactersMax = 1000;
  return Write(
      context_, call, "DisputeDelivery", *request, request->name(),
      ValidateText(request->statement(), "statement", kStatementCharactersMax), response,
      [&](uint32_t notice) {
        return notice::DisputeDelivery{notice, request->actor(), request->statement()};
      },
      FillChanged);
}

Reactor* NoticeService::RecordInvestigation(Context* call, const v1::RecordInvestigationRequest* request,
                                            v1::Notice* response) {
  const bool is_known = events::v1::InvestigationOutcome_IsValid(request->outcome()) &&
                        request->outcome() != events::v1::INVESTIGATION_OUTCOME_UNSPECIFIED;
  return Write(
      context_, call, "RecordInvestigation", *request, request->name(),
      is_known ? ValidateRecord(request->record()) : refusals::OutcomeMissing(), response,
      [&](uint32_t notice) {
        return notice::RecordInvestigation{notice, request->actor(), request->outcome(), request->record()};
      },
      FillChanged);
}

Reactor* NoticeService::ClaimWork(Context* call, const v1::ClaimWorkRequest* request, v1::Work* response) {
  constexpr int kMinutesMax = 480;
  absl::Status valid = ValidateWork(request->kind());
  if (valid.ok() && (request->minutes() < 0 || request->minutes() > kMinutesMax)) {
    valid = kRefusals.TooManyItems("minutes", kMinutesMax);
  }
  return Write(
      context_, call, "ClaimWork", *request, request->notice(), valid, response,
      [&](uint32_t notice) {
        return notice::ClaimWork{notice, request->actor(), request->kind(), request->minutes()};
      },
      [kind = request->kind()](const Prepared&, const SubjectId& resident, const rows::v1::Notice& notice,
                               v1::Work* work) {
        FillWork(notice, {resident, notice.prepared().notice()}, kind, /*now_micros=*/0, work);
      });
}

Reactor* NoticeService::ResolveWork(Context* call, const v1::ResolveWorkRequest* request, v1::Work* response) {
  absl::Status valid = ValidateWork(request->kind());
  if (valid.ok()) valid = ValidateRecord(request->record());
  return Write(
      context_, call, "ResolveWork", *request, request->notice(), valid, response,
      [&](uint32_t notice) {
        return notice::ResolveWork{notice, request->actor(), request->kind(), request->record()};
      },
      [kind = request->kind()](const Prepared&, const SubjectId& resident, const rows::v1::Notice& notice,
                               v1::Work* work) {
        FillWork(notice, {resident, notice.prepared().notice()}, kind, /*now_micros=*/0, work);
      });
}

}  // namespace mynumber::notice
