#ifndef MYNUMBER_LIBS_CLUSTER_FORWARDED_H_
#define MYNUMBER_LIBS_CLUSTER_FORWARDED_H_

// A request and its outcome on their way between instances: engine's words to messages and back.

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "libs/cluster/command_bytes.h"
#include "libs/eventsourcing/request.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "mynumber/cluster/v1/peer_service.pb.h"

namespace mynumber::cluster {

v1::ForwardedOrigin ToMessage(const eventsourcing::Origin& origin);
std::shared_ptr<const eventsourcing::Origin> FromMessage(const v1::ForwardedOrigin& message);

// Code, message and payloads.
void PutStatus(const absl::Status& status, v1::Outcome* outcome);
absl::Status StatusIn(const v1::Outcome& outcome);

// `previous`: the origin of the request before in the same message, or null.
template <class S>
void PutRequest(const eventsourcing::Request<S>& request, const eventsourcing::Origin* previous, int64_t now_micros,
                v1::ForwardedRequest* message) {
  message->set_subject(std::string(request.subject.view()));
  if (request.command) message->set_command(WriteCommand(*request.command));
  if (request.origin.get() != previous) *message->mutable_origin() = ToMessage(*request.origin);
  message->set_request_id(std::string(eventsourcing::View(request.request_id)));
  message->set_request_hash(std::string(eventsourcing::View(request.request_hash)));
  if (request.deadline_micros != 0) {
    message->set_timeout_micros(std::max<int64_t>(1, request.deadline_micros - now_micros));
  }
  message->set_urgent(request.urgent);
  message->set_may_be_written(request.may_be_written);
}

// False: it cannot be read, since its sender is of another version. `origin` is that of the request before, and becomes
// this one's.
template <class S>
bool TakeRequest(const v1::ForwardedRequest& message, int64_t now_micros,
                 std::shared_ptr<const eventsourcing::Origin>* origin, eventsourcing::Request<S>* request) {
  if (message.subject().size() != 16 || message.request_id().size() != 16 || message.request_hash().size() != 16) {
    return false;
  }
  if (message.has_origin()) *origin = FromMessage(message.origin());
  if (*origin == nullptr) return false;
  request->subject = eventsourcing::SubjectId::FromBytes(message.subject());
  request->origin = *origin;
  std::copy(message.request_id().begin(), message.request_id().end(), request->request_id.begin());
  std::copy(message.request_hash().begin(), message.request_hash().end(), request->request_hash.begin());
  if (message.timeout_micros() > 0) request->deadline_micros = now_micros + message.timeout_micros();
  request->urgent = message.urgent();
  request->may_be_written = message.may_be_written();
  request->is_forwarded = true;
  return !message.has_command() || ReadCommand(message.command(), &request->command.emplace());
}

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_FORWARDED_H_
