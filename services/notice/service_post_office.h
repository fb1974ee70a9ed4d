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

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_SERVICE_POST_OFFICE_H_
