#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_ASKED_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_ASKED_H_

#include <string>

#include "services/hotline/service_context.h"

namespace mynumber::hotline {

struct AskedOfCase {
  Asked asked;
  SubjectId id;
};

// What every writing call about a case brings along, checked. `valid` is what is wrong with the rest of the request.
template <class Message>
absl::StatusOr<AskedOfCase> CheckAskedOfCase(ServiceContext* context, const grpc::CallbackServerContext& call,
                                             const char* method, const Message& request, const absl::Status& valid) {
  auto asked = CheckAsked(context, call, method, request.actor(), request.request_id(), request, true);
  auto id = ValidateCaseName(request.name());
  absl::Status status = asked.ok() ? ValidateOperator(request.actor(), true) : asked.status();
  if (status.ok()) status = id.status();
  if (status.ok()) status = valid;
  if (status.ok() && UsedElsewhere(*context, *asked, *id)) status = kRefusals.RequestIdReused();
  if (!status.ok()) return status;
  return AskedOfCase{*std::move(asked), *id};
}

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_ASKED_H_
