// A municipality's own settings, and the tables that clients go by.

#include <utility>

#include "services/card/service.h"
#include "services/card/service_asked.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;

// One setting on its way into all partitions.
struct Setting {
  UnaryCall call;
  std::shared_ptr<const Origin> origin;
  card::SetMunicipality command;
  v1::Municipality* response;
};

// One partition after the other, each of which holds the settings for its residents. What breaks off in between is
// finished by the same call, asked again.
void SetIn(ServiceContext* context, const std::shared_ptr<Setting>& setting, uint32_t partition) {
  Request request;
  request.subject = SettingsSubject(setting->command.municipality_code, partition);
  request.command = setting->command;
  request.origin = setting->origin;
  request.prepare = [](const Prepared&) {};
  request.finish = [context, setting, partition](const absl::Status& done) {
    if (!done.ok() || partition + 1 == context->rows.size()) {
      if (!done.ok()) setting->response->Clear();
      return setting->call.End(done);
    }
    SetIn(context, setting, partition + 1);
  };
  context->Submit(partition, std::move(request));
}

absl::Status ValidateSetting(const v1::SetMunicipalityRequest& request) {
  absl::Status status = ValidateActor(kRefusals, request.actor(), true);
  if (status.ok()) status = serving::ValidateRequestId(kRefusals, request.request_id()).status();
  if (status.ok()) status = ValidateMunicipality(request.municipality_code());
  if (!status.ok()) return status;
  if (MunicipalityOf(request.actor()) != request.municipality_code()) return refusals::MunicipalityNotYours();
  return ValidateSettings(request.settings());
}

absl::StatusOr<events::v1::MunicipalitySettings> SettingsOf(const ServiceContext& context, const std::string& code) {
  absl::Status status = ValidateMunicipality(code);
  if (!status.ok()) return status;
  rows::v1::CardState state;
  auto found = context.Read(SettingsSubject(code, 0), &state);
  if (!found.ok()) return found.status();
  return WithDefaults(state.municipality().settings());
}

}  // namespace

Reactor* CardService::SetMunicipality(Context* rpc_call, const v1::SetMunicipalityRequest* request,
                                      v1::Municipality* response) {
  const UnaryCall call(context_, rpc_call, "SetMunicipality", *request);
  const absl::Status status = context_->stopping.begun() ? kRefusals.ShuttingDown() : ValidateSetting(*request);
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  response->set_municipality_code(request->municipality_code());
  *response->mutable_settings() = WithDefaults(request->settings());
  // Whole, so that the same again changes nothing: no receipt is needed to know it again.
  auto origin = OriginWithoutReceipt(*context_, *rpc_call, "SetMunicipality", request->actor());
  card::SetMunicipality command{request->municipality_code(), request->settings(), request->actor()};
  SetIn(context_, std::make_shared<Setting>(Setting{call, std::move(origin), std::move(command), response}), 0);
  return call.reactor();
}

Reactor* CardService::GetMunicipality(Context* rpc_call, const v1::GetMunicipalityRequest* request,
                                      v1::Municipality* response) {
  const UnaryCall call(context_, rpc_call, "GetMunicipality", *request);
  OnWorker(context_, call, [=, context = context_] {
    absl::Status status = ValidateActor(kRefusals, request->actor(), false);
    auto settings = SettingsOf(*context, request->municipality_code());
    if (status.ok()) status = settings.status();
    if (!status.ok()) return status;
    response->set_municipality_code(request->municipality_code());
    *response->mutable_settings() = *settings;
    return absl::OkStatus();
  });
  return call.reactor();
}

Reactor* CardService::ListServices(Context* rpc_call, const v1::ListServicesRequest* request,
                                   v1::ListServicesResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListServices", *request);
  OnWorker(context_, call, [=, context = context_] {
    auto settings = SettingsOf(*context, request->municipality_code());
    if (!settings.ok()) return settings.status();
    *response->mutable_services() = settings->store_services();
    return absl::OkStatus();
  });
  return call.reactor();
}

Reactor* CardService::GetTransitions(Context* rpc_call, const v1::GetTransitionsRequest* request,
                                     v1::GetTransitionsResponse* response) {
  const UnaryCall call(context_, rpc_call, "GetTransitions", *request);
  *response = Transitions();
  call.End(absl::OkStatus());
  return call.reactor();
}

}  // namespace mynumber::card
