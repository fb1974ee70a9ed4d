// What operators ask to be written down.

#include <utility>

#include "services/hotline/service.h"
#include "services/hotline/service_answers.h"
#include "services/hotline/service_asked.h"

namespace mynumber::hotline {
namespace {

using Reactor = HotlineService::Reactor;

// Sends the command and answers with the case.
void Write(ServiceContext* context, const UnaryCall& call, const Asked& asked, const SubjectId& id, Command command,
           v1::Case* response) {
  Send(
      context, asked, id, std::move(command),
      [id, response](const Prepared& prepared) {
        response->Clear();
        FillCase(prepared.state, id, &prepared.position, /*with_notes=*/true, response);
      },
      [call, response](const absl::Status& done) {
        if (!done.ok()) response->Clear();
        call.End(done);
      });
}

template <class Message>
Reactor* WriteToCase(ServiceContext* context, grpc::CallbackServerContext* rpc_call, const char* method,
                     const Message& request, const absl::Status& valid, Command command, v1::Case* response) {
  const UnaryCall call(context, rpc_call, method, request);
  auto asked = CheckAskedOfCase(context, *rpc_call, method, request, valid);
  if (asked.ok()) {
    Write(context, call, asked->asked, asked->id, std::move(command), response);
  } else {
    call.End(asked.status());
  }
  return call.reactor();
}

}  // namespace

// The case's name follows from caller and request id, so that the same request meets the same case.
Reactor* HotlineService::OpenCase(Context* rpc_call, const v1::OpenCaseRequest* request, v1::Case* response) {
  const UnaryCall call(context_, rpc_call, "OpenCase", *request);
  auto asked = CheckAsked(context_, *rpc_call, "OpenCase", request->actor(), request->request_id(), *request, true);
  auto language = ValidateLanguage(request->language());
  absl::Status status = asked.ok() ? ValidateOperator(request->actor(), true) : asked.status();
  if (status.ok()) status = language.status();
  if (status.ok()) status = ValidateCallerKind(request->caller_kind());
  if (status.ok()) status = ValidateText(request->note(), "note", kNoteCharactersMax);
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  hotline::OpenCase command;
  *command.opened.mutable_actor() = request->actor();
  command.opened.set_language(std::string(*language));
  command.opened.set_caller_kind(request->caller_kind());
  command.opened.set_note(request->note());
  const SubjectId id{context_->own.case_hash->Hash16(asked->origin->caller, eventsourcing::View(asked->request_id))};
  Write(context_, call, *asked, id, std::move(command), response);
  return call.reactor();
}

Reactor* HotlineService::RecordPoliceReport(Context* call, const v1::RecordPoliceReportRequest* request,
                                            v1::Case* response) {
  const absl::Status valid = request->receipt_number().empty()
                                 ? refusals::ReceiptNumberMissing()
                                 : ValidateText(request->receipt_number(), "receipt_number", kReceiptCharactersMax);
  return WriteToCase(context_, call, "RecordPoliceReport", *request, valid,
                     hotline::RecordPoliceReport{request->actor(), request->receipt_number()}, response);
}

Reactor* HotlineService::AddNote(Context* call, const v1::AddNoteRequest* request, v1::Case* response) {
  const absl::Status valid =
      request->text().empty() ? refusals::NoteMissing() : ValidateText(request->text(), "text", kNoteCharactersMax);
  return WriteToCase(context_, call, "AddNote", *request, valid, hotline::AddNote{request->actor(), request->text()},
                     response);
}

Reactor* HotlineService::CloseCase(Context* call, const v1::CloseCaseRequest* request, v1::Case* response) {
  return WriteToCase(context_, call, "CloseCase", *request, absl::OkStatus(), hotline::CloseCase{request->actor()},
                     response);
}

Reactor* HotlineService::LiftSuspension(Context* rpc_call, const v1::LiftSuspensionRequest* request,
                                        v1::LiftSuspensionResponse*) {
  const UnaryCall call(context_, rpc_call, "LiftSuspension", *request);
  call.End(refusals::LiftedAtOfficeOnly());
  return call.reactor();
}

}  // namespace mynumber::hotline
