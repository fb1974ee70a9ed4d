// What the public is told of an application, by application ID and birth date, and a clerk's look at one.

#include <utility>

#include "libs/calendar/date.h"
#include "libs/serving/positions.h"
#include "services/card/domain/explain.h"
#include "services/card/service.h"
#include "services/card/service_asked.h"
#include "services/card/service_forms.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;

// What the state says to who knows the birth date; to others all that is wrong looks the same.
absl::StatusOr<v1::GetApplicationStatusResponse> StatusFor(const rows::v1::HolderFile& file, uint32_t form,
                                                           const type::Date& birth_date, int64_t now_micros) {
  if (calendar::DayNumber(file.person().birth_date()) != calendar::DayNumber(birth_date)) {
    return refusals::BirthDateWrong();
  }
  const rows::v1::Application* application = ApplicationOfForm(file, form);
  if (application == nullptr) return refusals::BirthDateWrong();
  return Explain(*application, now_micros);
}

}  // namespace

Reactor* CardService::GetApplicationStatus(Context* rpc_call, const v1::GetApplicationStatusRequest* request,
                                           v1::GetApplicationStatusResponse* response) {
  const UnaryCall call(context_, rpc_call, "GetApplicationStatus", *request);
  const auto form = FormWithId(*context_->own.keys, request->application_id());
  absl::Status status = form.ok() ? ValidateDate(request->birth_date(), "birth_date") : form.status();
  if (status.ok() && context_->stopping.begun()) status = kRefusals.ShuttingDown();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  type::Actor anybody;
  anybody.set_authority("public");
  Asked asked;
  asked.origin = OriginWithoutReceipt(*context_, *rpc_call, "GetApplicationStatus", anybody);
  asked.deadline_micros = DeadlineMicros(*rpc_call, context_->now());
  auto told = std::make_shared<absl::StatusOr<v1::GetApplicationStatusResponse>>(refusals::BirthDateWrong());
  Send(
      context_, asked, form->resident, card::AskStatus{form->number, request->birth_date()},
      [context = context_, form = form->number, request, told](const Prepared& prepared) {
        *told = StatusFor(prepared.state.file(), form, request->birth_date(), context->now());
      },
      [call, told, response](const absl::Status& done) {
        if (done.ok() && told->ok()) *response = **told;
        // An ID whose notice was never printed is as unknown as one that was never made.
        const bool is_nobody = absl::IsNotFound(done);
        call.End(is_nobody ? refusals::ApplicationIdUnknown() : done.ok() ? told->status() : done);
      });
  return call.reactor();
}

Reactor* CardService::GetApplication(Context* call, const v1::GetApplicationRequest* request,
                                     v1::Application* response) {
  const auto name = ValidateApplicationName(request->name());
  return serving::ReadCurrent(
      context_, call, "GetApplication", request->actor(), ResidentOf(name),
      [context = context_, name, request, response](const rows::v1::CardState& state) -> absl::Status {
        if (state.has_erased()) return refusals::ResidentErased();
        const auto* application = FindApplication(state.file(), name->number);
        if (application == nullptr) return refusals::ApplicationUnknown();
        if (!MaySee(request->actor(), state.file().person().municipality_code())) {
          return refusals::MunicipalityNotYours();
        }
        const auto position = serving::PositionNow(*context, context->PartitionOf(name->resident));
        if (!position.ok()) return position.status();
        FillApplication(state, name->resident, *application, &*position, response);
        return absl::OkStatus();
      });
}

}  // namespace mynumber::card
