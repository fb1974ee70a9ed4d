#ifndef MYNUMBER_SERVICES_NOTICE_SERVICE_ASKED_H_
#define MYNUMBER_SERVICES_NOTICE_SERVICE_ASKED_H_

#include <string>

#include "libs/serving/writes.h"
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
  auto name = ValidateNoticeName(notice, "name");
  const auto resident = name.ok() ? absl::StatusOr<SubjectId>(name->resident) : name.status();
  auto asked = serving::CheckAskedOf(context, call, method, request, resident, valid, true);
  if (!asked.ok()) return asked.status();
  return AskedOfNotice{*std::move(asked), *name};
}

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_SERVICE_ASKED_H_
