// Applications online until their photograph is sent, and what a clerk does with them.

#include <utility>

#include "libs/mailbox/email_address.h"
#include "services/card/service.h"
#include "services/card/service_asked.h"
#include "services/card/service_forms.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;

absl::Status ValidateSite(const type::Actor& actor) {
  return actor.authority() == "application-site" ? absl::OkStatus() : refusals::ApplicationSiteOnly();
}

absl::Status ValidateWay(events::v1::ApplicationWay way) {
  const bool is_linked =
      way == events::v1::APPLICATION_WAY_SMARTPHONE || way == events::v1::APPLICATION_WAY_COMPUTER;
  return is_linked ? absl::OkStatus() : refusals::WayMissing();
}

absl::Status ValidateStart(const v1::StartApplicationRequest& request) {
  absl::Status status = ValidateSite(request.actor());
  if (status.ok()) status = ValidateWay(request.way());
  if (status.ok() && !mailbox::IsEmailAddress(request.email())) status = refusals::EmailMalformed();
  return status;
}

absl::StatusOr<LinkSaid> ReadLink(const ServiceKeys& keys, const std::string& token) {
  LinkSaid said;
  switch (keys.ReadToken(token, &said)) {
    case ServiceKeys::TokenVerdict::kOurs:
      return said;
    case ServiceKeys::TokenVerdict::kMalformed:
      return refusals::TokenMalformed();
    case ServiceKeys::TokenVerdict::kNotOurs:
      return refusals::LinkUnknown();
  }
  return refusals::TokenMalformed();
}

// A writing call about the named application.
template <class Message, class Make>
Reactor* WriteApplication(ServiceContext* context, grpc::CallbackServerContext* rpc_call, const char* method,
                          const Message& request, const absl::Status& valid, v1::Application* response,
                          const Make& make) {
  return WriteNamed(context, rpc_call, method, request, ValidateApplicationName(request.name()), valid, response, make,
                    [](const NumberedName& name) { return AnswerApplication(name.resident, name.number, 0); });
}

// Reads the photograph that the clerk is to judge; none on paper.
absl::Status AddPhoto(const ServiceContext& context, const NumberedName& name, const std::string& digest,
                      v1::StartReviewResponse* response) {
  if (digest.empty()) return absl::OkStatus();
  rows::v1::CardState state;
  eventsourcing::SubjectKey key;
  auto found = context.Read(name.resident, &state, &key);
  if (!found.ok()) return found.status();
  if (state.has_erased()) return refusals::ResidentErased();
  auto jpeg = context.own.photos->Find(name.resident, key, context.vault(), digest);
  if (!jpeg.ok()) return jpeg.status();
  response->set_photo(*std::move(jpeg));
  return absl::OkStatus();
}

}  // namespace

Reactor* CardService::StartApplication(Context* rpc_call, const v1::StartApplicationRequest* request,
                                       v1::Application* response) {
  const UnaryCall call(context_, rpc_call, "StartApplication", *request);
  const auto form = FormWithId(*context_->own.keys, request->application_id());
  auto asked = serving::CheckAskedOf(context_, *rpc_call, "StartApplication", *request, ResidentOf(form),
                                     ValidateStart(*request), false);
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  serving::SendAndAnswer(context_, call, *asked, form->resident,
                         card::StartApplication{form->number, request->way(), request->email()}, response,
                         AnswerApplication(form->resident, 0, form->number));
  return call.reactor();
}

Reactor* CardService::ConfirmEmail(Context* rpc_call, const v1::ConfirmEmailRequest* request,
                                   v1::Application* response) {
  const UnaryCall call(context_, rpc_call, "ConfirmEmail", *request);
  const auto link = ReadLink(*context_->own.keys, request->token());
  auto asked = serving::CheckAskedOf(context_, *rpc_call, "ConfirmEmail", *request, ResidentOf(link),
                                     ValidateSite(request->actor()), false);
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  serving::SendAndAnswer(context_, call, *asked, link->resident,
                         card::ConfirmEmail{link->application, link->link, link->token_hash}, response,
                         AnswerApplication(link->resident, link->application, 0));
  return call.reactor();
}

Reactor* CardService::WithdrawApplication(Context* call, const v1::WithdrawApplicationRequest* request,
                                          v1::Application* response) {
  return WriteApplication(context_, call, "WithdrawApplication", *request, absl::OkStatus(), response,
                          [&](uint32_t application) {
                            return card::WithdrawApplication{application, request->actor()};
                          });
}

Reactor* CardService::ReviewPhoto(Context* call, const v1::ReviewPhotoRequest* request, v1::Application* response) {
  return WriteApplication(context_, call, "ReviewPhoto", *request, ValidateDefects(request->defects()), response,
                          [&](uint32_t application) {
                            return card::ReviewPhoto{application, EnumsOf<events::v1::PhotoDefect>(request->defects()),
                                                     request->actor()};
                          });
}

Reactor* CardService::StartReview(Context* rpc_call, const v1::StartReviewRequest* request,
                                  v1::StartReviewResponse* response) {
  const UnaryCall call(context_, rpc_call, "StartReview", *request);
  const auto name = ValidateApplicationName(request->name());
  auto asked = serving::CheckAskedOf(context_, *rpc_call, "StartReview", *request, ResidentOf(name), absl::OkStatus(),
                                     NeedsClerk(request->actor()));
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  auto digest = std::make_shared<std::string>();
  Send(
      context_, *asked, name->resident, card::StartReview{name->number, request->actor()},
      [name = *name, response, digest](const Prepared& prepared) {
        response->Clear();
        AnswerApplication(name.resident, name.number, 0)(prepared, response->mutable_application());
        const auto* application = FindApplication(prepared.state.file(), name.number);
        if (application != nullptr) *digest = application->submitted().photo().digest();
      },
      [context = context_, call, name = *name, response, digest](const absl::Status& done) {
        if (!done.ok()) {
          response->Clear();
          return call.End(done);
        }
        OnWorker(context, call, [=] { return AddPhoto(*context, name, *digest, response); });
      });
  return call.reactor();
}

}  // namespace mynumber::card
