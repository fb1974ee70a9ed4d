// Applications that come whole, with their photograph: it is judged, then kept, and only then is the command sent, so
// that no event names a photograph that is not there.

#include <utility>

#include "libs/calendar/date.h"
#include "services/card/service.h"
#include "services/card/service_asked.h"
#include "services/card/service_forms.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;
using events::v1::ApplicationSubmitted;

constexpr int kReferenceCharactersMax = 64;

// What `make` makes the command of: all that is known of the application, the photograph included.
using MakeCommand = std::function<Command(ApplicationSubmitted)>;

// One submission on its way. The request lives until its call ends.
struct Submission {
  UnaryCall call;
  Asked asked;
  SubjectId resident;
  const std::string* jpeg;
  ApplicationSubmitted submitted;
  MakeCommand make;
  // Of the answer: see AnswerApplication.
  uint32_t application;
  v1::Application* response;
};
using SubmissionPtr = std::shared_ptr<Submission>;

void SendSubmission(ServiceContext* context, const SubmissionPtr& submission) {
  serving::SendAndAnswer(
      context, submission->call, submission->asked, submission->resident, submission->make(submission->submitted),
      submission->response,
      AnswerApplication(submission->resident, submission->application, submission->submitted.form()));
}

absl::Status KeepPhoto(const ServiceContext& context, const Submission& submission) {
  rows::v1::CardState state;
  eventsourcing::SubjectKey key;
  auto found = context.Read(submission.resident, &state, &key);
  if (!found.ok()) return found.status();
  if (state.has_erased()) return refusals::ResidentErased();
  if (!*found || !state.file().has_person()) return refusals::HolderUnknown();
  // Nobody fills the disk before the link was opened.
  const auto* application = FindApplication(state.file(), submission.application);
  const bool is_open = application != nullptr && application->stage() == rows::v1::APPLICATION_STAGE_STARTED;
  if (is_open) return refusals::EmailNotConfirmed();
  return context.own.photos->Keep(submission.resident, key, context.vault(), submission.submitted.photo().digest(),
                                  *submission.jpeg);
}

// A photograph that was young enough when the request came first has grown old meanwhile: the request has its answer.
void AnswerIfRepeated(ServiceContext* context, const SubmissionPtr& submission, const absl::Status& refusal) {
  const uint32_t partition = context->PartitionOf(submission->resident);
  WhenCurrent(context, {partition}, submission->asked.deadline_micros,
              [context, submission, refusal, partition](const absl::Status& current) {
                const Asked& asked = submission->asked;
                bool is_known = false;
                absl::Status status = current;
                if (status.ok()) {
                  status = serving::VisitReceipts(
                      *context, {partition},
                      eventsourcing::ReceiptKey(asked.origin->caller, asked.origin->method,
                                                eventsourcing::View(asked.request_id)),
                      [&](uint32_t, const eventlog::v1::Receipt&) {
                        is_known = true;
                        return absl::OkStatus();
                      });
                }
                if (status.ok() && is_known) return SendSubmission(context, submission);
                submission->call.End(status.ok() ? refusal : status);
              });
}

void JudgeAndKeep(ServiceContext* context, const SubmissionPtr& submission) {
  auto photo = JudgePhoto(*submission->jpeg, calendar::DayInTokyo(context->now()));
  context->own.judged_photos[photo.ok() ? "taken" : "refused"].Increment();
  if (photo.status() == refusals::PhotoTooOld()) return AnswerIfRepeated(context, submission, photo.status());
  if (!photo.ok()) return submission->call.End(photo.status());
  *submission->submitted.mutable_photo() = *std::move(photo);
  WhenCurrent(context, {context->PartitionOf(submission->resident)}, submission->asked.deadline_micros,
              [context, submission](const absl::Status& current) {
                const absl::Status kept = current.ok() ? KeepPhoto(*context, *submission) : current;
                kept.ok() ? SendSubmission(context, submission) : submission->call.End(kept);
              });
}

// Checks what every call brings along, and takes the way above; without a photograph the short one.
template <class Message, class Name>
Reactor* Submit(ServiceContext* context, grpc::CallbackServerContext* rpc_call, const char* method,
                const Message& request, const absl::StatusOr<Name>& name, const absl::Status& valid,
                ApplicationSubmitted submitted, v1::Application* response, uint32_t application, MakeCommand make) {
  const UnaryCall call(context, rpc_call, method, request);
  absl::Status status = valid;
  if (status.ok()) status = ValidateRepresentative(request.representative());
  auto asked = serving::CheckAskedOf(context, *rpc_call, method, request, ResidentOf(name), status,
                                     NeedsClerk(request.actor()));
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  *submitted.mutable_actor() = request.actor();
  if (request.has_representative()) *submitted.mutable_representative() = request.representative();
  auto submission = std::make_shared<Submission>(Submission{call, *std::move(asked), name->resident, &request.photo(),
                                                            std::move(submitted), std::move(make), application,
                                                            response});
  if (request.photo().empty()) {
    SendSubmission(context, submission);
  } else if (!context->own.judges->Run([context, submission] { JudgeAndKeep(context, submission); })) {
    call.End(kRefusals.QueueFull());
  }
  return call.reactor();
}

// ---- What is wrong with a request, and what it says

bool IsBooth(const v1::SubmitApplicationRequest& request) { return request.actor().authority() == "photo-booth"; }

absl::Status ValidateSubmission(const v1::SubmitApplicationRequest& request) {
  const bool is_site = request.actor().authority() == "application-site";
  if (!is_site && !IsBooth(request)) return refusals::ApplicationSiteOnly();
  if (!IsBooth(request)) return absl::OkStatus();
  if (request.payment_reference().empty()) return refusals::PaymentReferenceMissing();
  return ValidateText(request.payment_reference(), "payment_reference", kReferenceCharactersMax);
}

absl::Status ValidatePastDay(const ServiceContext& context, const type::Date& date, const char* field) {
  absl::Status status = ValidateDate(date, field);
  if (!status.ok()) return status;
  const bool is_future = calendar::DayNumber(date) > calendar::DayNumber(context.Today());
  return is_future ? refusals::DateInTheFuture(field) : absl::OkStatus();
}

template <class Message>
absl::Status ValidateExpress(const ServiceContext& context, const Message& request) {
  absl::Status status = ValidateExpressGround(request.express_ground());
  return status.ok() && request.has_ground_date() ? ValidatePastDay(context, request.ground_date(), "ground_date")
                                                  : status;
}

absl::Status ValidateMailed(const ServiceContext& context, const v1::RecordMailedApplicationRequest& request) {
  const bool is_mail = request.resident().empty();
  if (MunicipalityOf(request.actor()).empty()) return refusals::MunicipalityOnly();
  absl::Status status;
  if (is_mail || request.has_received_date()) {
    status = ValidatePastDay(context, request.received_date(), "received_date");
  }
  if (status.ok() && request.has_photo_taken_date()) {
    status = ValidatePastDay(context, request.photo_taken_date(), "photo_taken_date");
  }
  if (status.ok()) status = ValidateDocuments(request.documents());
  if (status.ok() && is_mail && !request.return_envelope()) status = refusals::ReturnEnvelopeMissing();
  return status.ok() ? ValidateExpress(context, request) : status;
}

ApplicationSubmitted Mailed(const v1::RecordMailedApplicationRequest& request, uint32_t form) {
  ApplicationSubmitted submitted;
  submitted.set_way(form == 0 ? events::v1::APPLICATION_WAY_COUNTER : events::v1::APPLICATION_WAY_MAIL);
  submitted.set_purpose(events::v1::APPLICATION_PURPOSE_FIRST);
  submitted.set_form(form);
  *submitted.mutable_documents() = request.documents();
  submitted.set_return_envelope(request.return_envelope());
  if (request.has_photo_taken_date()) *submitted.mutable_paper_photo_taken_date() = request.photo_taken_date();
  if (request.has_received_date()) *submitted.mutable_received_date() = request.received_date();
  submitted.set_express_ground(request.express_ground());
  return submitted;
}

std::optional<type::Date> GroundDate(bool is_given, const type::Date& date) {
  return is_given ? std::optional<type::Date>(date) : std::nullopt;
}

absl::StatusOr<OfResident> NamedOrAsked(const ServiceKeys& keys, const v1::RecordMailedApplicationRequest& request) {
  if (request.resident().empty()) return FormWithId(keys, request.application_id());
  auto resident = ValidateResidentName(request.resident(), "resident");
  if (!resident.ok()) return resident.status();
  return OfResident{*resident, 0};
}

absl::Status ValidateReissue(const ServiceContext& context, const v1::ReissueRequest& request) {
  absl::Status status = Known(events::v1::ReissueGround_IsValid, request.ground(), refusals::GroundMissing());
  if (status.ok()) status = ValidateText(request.police_receipt(), "police_receipt", kReferenceCharactersMax);
  if (status.ok()) status = ValidateText(request.fee_receipt(), "fee_receipt", kReferenceCharactersMax);
  return status.ok() ? ValidateExpress(context, request) : status;
}

}  // namespace

Reactor* CardService::SubmitApplication(Context* call, const v1::SubmitApplicationRequest* request,
                                        v1::Application* response) {
  ApplicationSubmitted submitted;
  submitted.set_purpose(events::v1::APPLICATION_PURPOSE_FIRST);
  const absl::Status valid = ValidateSubmission(*request);
  if (!IsBooth(*request)) {
    const auto name = ValidateApplicationName(request->name());
    const uint32_t application = name.ok() ? name->number : 0;
    return Submit(context_, call, "SubmitApplication", *request, name, valid, std::move(submitted), response,
                  application, [application](ApplicationSubmitted said) {
                    return card::SubmitApplication{application, std::move(said), std::nullopt};
                  });
  }
  const auto form = FormWithId(*context_->own.keys, request->application_id());
  submitted.set_way(events::v1::APPLICATION_WAY_PHOTO_BOOTH);
  submitted.set_payment_reference(request->payment_reference());
  if (form.ok()) submitted.set_form(form->number);
  return Submit(context_, call, "SubmitApplication", *request, form, valid, std::move(submitted), response, 0,
                [](ApplicationSubmitted said) { return card::SubmitApplication{0, std::move(said), std::nullopt}; });
}

Reactor* CardService::RecordMailedApplication(Context* call, const v1::RecordMailedApplicationRequest* request,
                                              v1::Application* response) {
  const auto form = NamedOrAsked(*context_->own.keys, *request);
  const auto ground_date = GroundDate(request->has_ground_date(), request->ground_date());
  return Submit(context_, call, "RecordMailedApplication", *request, form, ValidateMailed(*context_, *request),
                Mailed(*request, form.ok() ? form->number : 0), response, 0,
                [ground_date](ApplicationSubmitted said) {
                  return card::SubmitApplication{0, std::move(said), ground_date};
                });
}

Reactor* CardService::Renew(Context* call, const v1::RenewRequest* request, v1::Application* response) {
  const auto name = ValidateCardName(request->name());
  ApplicationSubmitted submitted;
  submitted.set_way(events::v1::APPLICATION_WAY_COUNTER);
  return Submit(context_, call, "Renew", *request, name, absl::OkStatus(), std::move(submitted), response, 0,
                [name, request](ApplicationSubmitted said) {
                  return card::Renew{name->number, {0, std::move(said), std::nullopt}, request->actor()};
                });
}

Reactor* CardService::Reissue(Context* call, const v1::ReissueRequest* request, v1::Application* response) {
  const auto name = ValidateCardName(request->name());
  ApplicationSubmitted submitted;
  submitted.set_way(events::v1::APPLICATION_WAY_COUNTER);
  submitted.set_reissue_ground(request->ground());
  submitted.set_police_receipt(request->police_receipt());
  submitted.set_fee_receipt(request->fee_receipt());
  submitted.set_express_ground(request->express_ground());
  const auto ground_date = GroundDate(request->has_ground_date(), request->ground_date());
  return Submit(context_, call, "Reissue", *request, name, ValidateReissue(*context_, *request), std::move(submitted),
                response, 0, [name, ground_date, request](ApplicationSubmitted said) {
                  return card::Reissue{name->number, {0, std::move(said), ground_date}, request->lost_at_home(),
                                       request->actor()};
                });
}

}  // namespace mynumber::card
