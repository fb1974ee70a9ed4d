#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_CHANGE_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_CHANGE_H_

#include <string>
#include <utility>

#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"

namespace mynumber::issuance {

// Whoever records a departure here and then registers somebody here who looks the same is asked, wherever rows are.
inline void NoteDeparted(const ServiceContext& context, const rows::v1::ResidentState& state) {
  if (state.status() != rows::v1::ResidentState::STATUS_DEPARTED) return;
  context.own.departed->Add(state.name_hash());
  context.own.departed->Add(state.kana_hash());
}

struct ChangeCall {
  const char* method;
  // Whether the clerk must be named.
  bool needs_clerk = false;
  // Where the request has the resident's name.
  const char* name_field = "name";
};

// A command that changes the resident of this name; `answer(subject, prepared)` fills the response. `first` is what was
// wrong with the request, if anything.
template <class Message, class Answer>
grpc::ServerUnaryReactor* ChangeNamed(ServiceContext* context, grpc::CallbackServerContext* rpc_call,
                                      ChangeCall change, const Message& message, const std::string& name,
                                      absl::Status first, Command command, Answer answer) {
  const UnaryCall call(context, rpc_call, change.method, message);
  auto asked = CheckAsked(context, *rpc_call, change.method, message.actor(), message.request_id(), message,
                          change.needs_clerk);
  if (!asked.ok()) first = asked.status();
  auto id = ValidateResidentName(name, change.name_field);
  if (first.ok() && !id.ok()) first = id.status();
  if (!first.ok()) {
    call.End(first);
    return call.reactor();
  }
  const SubjectId subject{*id};
  if (UsedElsewhere(*context, *asked, subject)) {
    call.End(kRefusals.RequestIdReused());
    return call.reactor();
  }
  Send(
      context, *asked, subject, std::move(command),
      [subject, answer = std::move(answer)](const Prepared& prepared) { answer(subject, prepared); },
      [call](const absl::Status& status) { call.End(status); });
  return call.reactor();
}

// The same of the request's own name, answered with the resident.
template <class Message>
grpc::ServerUnaryReactor* Change(ServiceContext* context, grpc::CallbackServerContext* rpc_call, ChangeCall change,
                                 const Message& message, absl::Status first, Command command, v1::Resident* response) {
  return ChangeNamed(context, rpc_call, change, message, message.name(), std::move(first), std::move(command),
                     [context, response](const SubjectId& subject, const Prepared& prepared) {
                       NoteDeparted(*context, prepared.state);
                       response->Clear();
                       FillResident(prepared.state, subject, &prepared.position, response);
                     });
}

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_CHANGE_H_
