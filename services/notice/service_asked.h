#ifndef MYNUMBER_SERVICES_NOTICE_SERVICE_ASKED_H_
#define MYNUMBER_SERVICES_NOTICE_SERVICE_ASKED_H_

#include <string>

#include "services/notice/service_context.h"

namespace mynumber::notice {

struct AskedOfNotice {
  Asked asked;
  NoticeName name;
};

// What every writing call about a notice brings along, checked. `valid` is what is wrong with the rest of the request.
template <class Message>
absl::StatusOr<AskedOfNotice> CheckAskedOfNotice(ServiceContext* context, const grpc::CallbackServerContext& call,
                                                 const char* method, const Message& request, const std::string& notice,
                                                 const absl::Status& valid) {
  auto asked = CheckAsked(context, call, method, request.actor(), request.request_id(), request, true);
  auto name = ValidateNoticeName(notice, "name");
  absl::Status status = asked.ok() ? name.status() : asked.status();
  if (status.ok()) status = valid;
  if (status.ok() && UsedElsewhere(*context, *asked, name->resident)) status = kRefusals.RequestIdReused();
  if (!status.ok()) return status;
  return AskedOfNotice{*std::move(asked), *name};
}

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_SERVICE_ASKED_H_
