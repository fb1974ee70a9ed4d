#include "libs/cluster/forwarded.h"

#include "absl/strings/cord.h"

namespace mynumber::cluster {

v1::ForwardedOrigin ToMessage(const eventsourcing::Origin& origin) {
  v1::ForwardedOrigin message;
  message.set_caller(origin.caller);
  message.set_clerk_id(origin.clerk_id);
  message.set_method(origin.method);
  message.set_traceparent(origin.traceparent);
  message.set_cause(origin.cause);
  message.set_shares_request(origin.shares_request);
  message.set_needs_no_receipt(origin.needs_no_receipt);
  return message;
}

std::shared_ptr<const eventsourcing::Origin> FromMessage(const v1::ForwardedOrigin& message) {
  auto origin = std::make_shared<eventsourcing::Origin>();
  origin->caller = message.caller();
  origin->clerk_id = message.clerk_id();
  origin->method = message.method();
  origin->traceparent = message.traceparent();
  origin->cause = message.cause();
  origin->shares_request = message.shares_request();
  origin->needs_no_receipt = message.needs_no_receipt();
  return origin;
}

void PutStatus(const absl::Status& status, v1::Outcome* outcome) {
  outcome->set_code(static_cast<int>(status.code()));
  outcome->set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    (*outcome->mutable_payloads())[std::string(type)] = std::string(payload);
  });
}

absl::Status StatusIn(const v1::Outcome& outcome) {
  absl::Status status(static_cast<absl::StatusCode>(outcome.code()), outcome.message());
  if (status.ok()) return status;
  for (const auto& [type, payload] : outcome.payloads()) status.SetPayload(type, absl::Cord(payload));
  return status;
}

}  // namespace mynumber::cluster
