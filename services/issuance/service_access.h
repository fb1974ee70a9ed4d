#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_ACCESS_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_ACCESS_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "services/issuance/service_context.h"

namespace mynumber::issuance {

// Somebody asked who, or which numbers, exist.
struct LookUp {
  const type::Actor& actor;
  const char* method;
  // How many were asked for, and how many of them there are.
  uint32_t asked;
  uint32_t found;
};

// Writes the look-up down in the month's access record; `then` is called once it is there for good, or with why not:
// only then may it be answered. On the partition's loop.
void NoteLookUp(ServiceContext* context, const grpc::CallbackServerContext& call, const LookUp& look_up,
                std::function<void(const absl::Status&)> then);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_ACCESS_H_
