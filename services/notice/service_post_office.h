#ifndef MYNUMBER_SERVICES_NOTICE_SERVICE_POST_OFFICE_H_
#define MYNUMBER_SERVICES_NOTICE_SERVICE_POST_OFFICE_H_

#include "services/notice/service_context.h"

namespace mynumber::notice {

// Of the calls that are the post office's alone.
inline absl::Status ValidatePostOffice(const type::Actor& actor) {
  absl::Status status = ValidateActor(kRefusals, actor, false);
  if (!status.ok()) return status;
  return actor.authority() == "post-office" ? absl::OkStatus() : refusals::PostOfficeOnly();
}

// Whence commands come that tell by themselves whether they were done before.
inline std::shared_ptr<const Origin> OriginWithoutReceipt(const ServiceContext& context,
                                                          const grpc::CallbackServerContext& call, const char* method,
                                                          const type::Actor& actor) {
  auto origin = MakeOrigin(context.malformed_traces, call, method, actor);
  origin->needs_no_receipt = true;
  return origin;
}

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_SERVICE_POST_OFFICE_H_
