#include "libs/serving/call.h"

#include "libs/rpc/call.h"
#include "libs/runtime/process.h"

namespace mynumber::serving {

absl::Status Readable(const Refusals& refusals, rpc::Flaw flaw, size_t bytes_max) {
  switch (flaw) {
    case rpc::Flaw::kNone:
      return absl::OkStatus();
    case rpc::Flaw::kTooLarge:
      return refusals.RequestTooLarge(static_cast<int64_t>(bytes_max));
    case rpc::Flaw::kMalformed:
      return refusals.RequestMalformed();
  }
  return absl::OkStatus();
}

int64_t DeadlineMicros(const grpc::CallbackServerContext& call, int64_t now_micros) {
  // gRPC's deadlines are those of the real clock; the services' may be moved by hand.
  const auto left = rpc::MicrosLeft(call, runtime::WallMicros());
  return left ? now_micros + *left : 0;
}

std::shared_ptr<eventsourcing::Origin> MakeOrigin(const metrics::Counter& malformed_traces,
                                                  const grpc::CallbackServerContext& call, const char* method,
                                                  const type::Actor& actor) {
  auto origin = std::make_shared<eventsourcing::Origin>();
  origin->caller = actor.authority();
  origin->clerk_id = actor.clerk_id();
  origin->method = method;
  origin->traceparent = rpc::TraceOf(call, malformed_traces).Traceparent();
  return origin;
}

}  // namespace mynumber::serving
