#ifndef MYNUMBER_LIBS_SERVING_WRITES_H_
#define MYNUMBER_LIBS_SERVING_WRITES_H_

// A writing call about one aggregate, from what it brings along to its answer.

#include <functional>
#include <utility>

#include "libs/serving/call.h"
#include "libs/serving/receipts.h"

namespace mynumber::serving {

// What every writing call brings along, checked. `valid` is what is wrong with the rest of the request.
template <class S, class Own, class Message>
absl::StatusOr<Asked> CheckAskedOf(Context<S, Own>* context, const grpc::CallbackServerContext& call,
                                   const char* method, const Message& request,
                                   const absl::StatusOr<eventsourcing::SubjectId>& subject, const absl::Status& valid,
                                   bool clerk_required) {
  auto asked = CheckAsked(context, call, method, request.actor(), request.request_id(), request, clerk_required);
  absl::Status status = asked.ok() ? subject.status() : asked.status();
  if (status.ok()) status = valid;
  if (status.ok() && UsedElsewhere(*context, *asked, *subject)) status = context->refusals->words().RequestIdReused();
  if (!status.ok()) return status;
  return asked;
}

// Sends the command, has `fill(prepared, response)` make the answer, and ends the call; a refusal leaves the answer
// empty.
template <class S, class Own, class Answer, class Fill>
void SendAndAnswer(Context<S, Own>* context, const UnaryCall& call, const Asked& asked,
                   const eventsourcing::SubjectId& subject, typename S::Command command, Answer* response,
                   const Fill& fill) {
  Send(
      context, asked, subject, std::move(command),
      [response, fill](const eventsourcing::Prepared<typename S::State>& prepared) {
        response->Clear();
        fill(prepared, response);
      },
      [call, response](const absl::Status& done) {
        if (!done.ok()) response->Clear();
        call.End(done);
      });
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_WRITES_H_
