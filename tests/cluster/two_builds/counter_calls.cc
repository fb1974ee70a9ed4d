#include "tests/cluster/two_builds/counter_calls.h"

#include "libs/serving/reads.h"
#include "libs/serving/writes.h"

namespace mynumber::two_builds {
namespace {

using eventsourcing::SubjectId;

type::Actor Operator() {
  type::Actor actor;
  actor.set_authority("operator");
  return actor;
}

absl::StatusOr<SubjectId> SubjectOf(const std::string& counter) {
  if (counter.size() != 16) return absl::InvalidArgumentError("a counter's name has 16 bytes");
  return SubjectId::FromBytes(counter);
}

void Fill(const Counter::State& state, testing::v1::CountResponse* response) {
  response->set_total(state.total);
  response->set_version(state.version());
}

}  // namespace

grpc::ServerUnaryReactor* CounterCalls::Count(grpc::CallbackServerContext* rpc,
                                              const testing::v1::CountRequest* request,
                                              testing::v1::CountResponse* response) {
  const serving::UnaryCall call(context_, rpc, "Count", *request);
  const auto subject = SubjectOf(request->counter());
  const auto command = CommandOf(request->deed());
  const auto asked =
      serving::CheckAsked(context_, *rpc, "Count", Operator(), request->request_id(), *request, false);
  absl::Status status = asked.ok() ? subject.status() : asked.status();
  if (status.ok() && !command) status = absl::InvalidArgumentError("this build knows no such deed");
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  serving::SendAndAnswer(context_, call, *asked, *subject, *command, response,
                         [](const auto& prepared, auto* answer) { Fill(prepared.state, answer); });
  return call.reactor();
}

grpc::ServerUnaryReactor* CounterCalls::GetCounter(grpc::CallbackServerContext* rpc,
                                                   const testing::v1::GetCounterRequest* request,
                                                   testing::v1::CountResponse* response) {
  return serving::ReadCurrent(context_, rpc, "GetCounter", Operator(), SubjectOf(request->counter()),
                              [response](const Counter::State& state) {
                                Fill(state, response);
                                return absl::OkStatus();
                              });
}

}  // namespace mynumber::two_builds
