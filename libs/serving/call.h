#ifndef MYNUMBER_LIBS_SERVING_CALL_H_
#define MYNUMBER_LIBS_SERVING_CALL_H_

// One call on its way through a service.

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "libs/eventsourcing/request.h"
#include "libs/rpc/call_metrics.h"
#include "libs/rpc/received.h"
#include "libs/serving/caller.h"
#include "libs/serving/context.h"
#include "libs/serving/positions.h"
#include "libs/serving/read_as.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::serving {

inline constexpr int64_t kReadWaitMicros = 10'000'000;

// Notes for the auditor what a caller was refused, as Gate::NoteRefused has it. `method`: as "GetResident".
template <class S, class Own>
void NoteRefused(const Context<S, Own>& context, const grpc::ServerContextBase& call, std::string_view method,
                 const type::Actor& actor, const absl::Status& refusal) {
  if (context.gate == nullptr || refusal.ok()) return;
  context.gate->NoteRefused(context.refusals->words(), call, method, actor, refusal);
}

// What the service says instead of `status`, counted and noted.
template <class S, class Own>
absl::Status Refuse(const Context<S, Own>& context, const grpc::ServerContextBase& call, std::string_view method,
                    const type::Actor& actor, const absl::Status& status) {
  absl::Status refusal = context.refusals->Refuse(status);
  NoteRefused(context, call, method, actor, refusal);
  return refusal;
}

// Admit for a request of a stream, where a refusal is noted at once. `method`: as "GetResident", of the service.
template <class S, class Own>
absl::Status AdmitNoted(const Context<S, Own>& context, const grpc::ServerContextBase& call, std::string_view service,
                        std::string_view method, const type::Actor& actor, bool is_first, uint32_t look_ups = 1) {
  std::string full_method(service);
  full_method.append("/").append(method);
  const absl::Status admitted = Admit(context, call, full_method, actor, is_first, look_ups);
  NoteRefused(context, call, method, actor, admitted);
  return admitted;
}

// A unary call that can be ended from any thread. A value; End once.
class UnaryCall {
 public:
  // `request`: gRPC keeps it until the call has ended.
  template <class S, class Own, class Request>
  UnaryCall(Context<S, Own>* context, grpc::CallbackServerContext* call, const char* method, const Request& request)
      : refusals_(context->refusals),
        gate_(context->gate),
        method_(method),
        actor_(&ActorOf(request)),
        rpc_(call),
        reactor_(call->DefaultReactor()),
        counted_((*context->calls)[method]) {}

  grpc::ServerUnaryReactor* reactor() const { return reactor_; }
  grpc::CallbackServerContext* rpc() const { return rpc_; }
  // What the answer's trailer tells, once it ends with OK.
  ReadTold* told() const { return told_.get(); }
  // Ends the call; engine's codes become refusals.
  void End(const absl::Status& status) const {
    if (status.ok()) told_->AddTo(rpc_);
    reactor_->Finish(counted_.End(Refuse(status)));
  }
  // What the service says instead of `status`, counted and noted: also of a part of the call, which goes on.
  absl::Status Refuse(const absl::Status& status) const {
    absl::Status refusal = refusals_->Refuse(status);
    if (!refusal.ok() && gate_ != nullptr) {
      gate_->NoteRefused(refusals_->words(), *rpc_, method_, *actor_, refusal);
    }
    return refusal;
  }

 private:
  const CountedRefusals* refusals_;
  Gate* gate_;
  const char* method_;
  const type::Actor* actor_;
  grpc::CallbackServerContext* rpc_;
  grpc::ServerUnaryReactor* reactor_;
  std::shared_ptr<ReadTold> told_ = std::make_shared<ReadTold>();
  rpc::CountedCall counted_;
};

// Whether the call is let in to `method`, "package.Service/Method", as Gate::Admit has it.
template <class S, class Own>
absl::Status Admit(const Context<S, Own>& context, const grpc::ServerContextBase& call, std::string_view method,
                   const type::Actor& actor, bool is_first = true, uint32_t look_ups = 1) {
  if (context.gate == nullptr) return absl::OkStatus();
  return context.gate->Admit(context.refusals->words(), call, method, actor, is_first, look_ups);
}

// OK, or why a request cannot be read.
absl::Status Readable(const Refusals& refusals, rpc::Flaw flaw, size_t bytes_max = rpc::kRequestBytesMax);

// By the clock that shows `now_micros`: until when the caller waits; 0: for ever.
int64_t DeadlineMicros(const grpc::CallbackServerContext& call, int64_t now_micros);

// Whence the commands of a call come. A malformed trace is counted.
std::shared_ptr<eventsourcing::Origin> MakeOrigin(const metrics::Counter& malformed_traces,
                                                  const grpc::CallbackServerContext& call, const char* method,
                                                  const type::Actor& actor);

// The same, of commands that tell by themselves whether they were done before.
template <class S, class Own>
std::shared_ptr<const eventsourcing::Origin> OriginWithoutReceipt(const Context<S, Own>& context,
                                                                  const grpc::CallbackServerContext& call,
                                                                  const char* method, const type::Actor& actor) {
  auto origin = MakeOrigin(context.malformed_traces, call, method, actor);
  origin->needs_no_receipt = true;
  return origin;
}

// What every writing call brings along, checked.
struct Asked {
  std::shared_ptr<const eventsourcing::Origin> origin;
  eventsourcing::Bytes16 request_id{};
  eventsourcing::Bytes16 request_hash{};
  int64_t deadline_micros = 0;
  // As eventsourcing::Request has it.
  bool urgent = false;
};

// Checks actor and request id of a writing call and hashes the whole request, so that another payload under the same id
// is noticed.
template <class S, class Own>
absl::StatusOr<Asked> CheckAsked(Context<S, Own>* context, const grpc::CallbackServerContext& call, const char* method,
                                 const type::Actor& actor, std::string_view request_id,
                                 const google::protobuf::Message& request, bool clerk_required,
                                 bool shares_request = false) {
  const Refusals& refusals = context->refusals->words();
  if (context->stopping.begun()) return refusals.ShuttingDown();
  absl::Status status = ValidateActor(refusals, actor, clerk_required);
  if (!status.ok()) return status;
  auto id = ValidateRequestId(refusals, request_id);
  if (!id.ok()) return id.status();
  Asked asked;
  auto origin = MakeOrigin(context->malformed_traces, call, method, actor);
  origin->shares_request = shares_request;
  asked.origin = std::move(origin);
  asked.request_id = *id;
  asked.request_hash = context->request_hash->Hash16(request.SerializeAsString());
  asked.deadline_micros = DeadlineMicros(call, context->now());
  return asked;
}

// Sends one command to `id`'s partition. Both functions are called by its loop: see eventsourcing::Request.
template <class S, class Own>
void Send(Context<S, Own>* context, const Asked& asked, const eventsourcing::SubjectId& id,
          typename S::Command command,
          std::function<void(const eventsourcing::Prepared<typename S::State>&)> prepare,
          std::function<void(const absl::Status&)> finish) {
  eventsourcing::Request<S> request;
  request.subject = id;
  request.command = std::move(command);
  request.origin = asked.origin;
  request.request_id = asked.request_id;
  request.request_hash = asked.request_hash;
  request.deadline_micros = asked.deadline_micros;
  request.urgent = asked.urgent;
  request.prepare = std::move(prepare);
  request.finish = std::move(finish);
  context->Submit(context->PartitionOf(id), std::move(request));
}

// Whether a stale read may show partition `p` as the rows have it.
template <class S, class Own>
bool MayReadAtOnce(const Context<S, Own>& context, const ReadAs& as, uint32_t p) {
  if (as.kind != ReadKind::kStale) return false;
  if (!as.at || as.at->partition != p) return true;
  if (!context.HasRows(p)) return false;
  const auto position = PositionNow(context, p);
  return position.ok() && position->sequence >= as.at->sequence;
}

// Runs `then` on a worker once the rows of these partitions have what `as` asks for; with the refusal if that cannot be
// had. A stale read runs at once, unless the rows lack its position: that partition is read current, and its owner
// proves that it has the position, or that nobody has.
template <class S, class Own>
void WhenRead(Context<S, Own>* context, const std::vector<uint32_t>& partitions, const ReadAs& as,
              int64_t deadline_micros, std::function<void(const absl::Status&)> then) {
  struct Waiting {
    std::mutex mutex;
    size_t left = 1;
    absl::Status status;
    std::function<void(const absl::Status&)> then;
  };
  auto waiting = std::make_shared<Waiting>();
  waiting->then = std::move(then);
  const auto arrive = [context, waiting](const absl::Status& status) {
    {
      std::lock_guard<std::mutex> lock(waiting->mutex);
      if (!status.ok()) waiting->status = status;
      if (--waiting->left > 0) return;
    }
    const bool taken = context->workers->Run([waiting] { waiting->then(waiting->status); });
    if (!taken) waiting->then(context->refusals->words().QueueFull());
  };
  static const auto* const kRead =
      new std::shared_ptr<const eventsourcing::Origin>(std::make_shared<eventsourcing::Origin>());
  // What needs no owner waits no longer than this, whatever the caller would.
  const int64_t until_micros = context->now() + kReadWaitMicros;
  for (uint32_t p : partitions) {
    if (MayReadAtOnce(*context, as, p)) continue;
    eventsourcing::Request<S> request;
    request.origin = *kRead;
    request.fresh = as.kind == ReadKind::kFresh;
    request.deadline_micros = deadline_micros;
    if (request.fresh && (deadline_micros == 0 || deadline_micros > until_micros)) {
      request.deadline_micros = until_micros;
    }
    request.finish = arrive;
    {
      std::lock_guard<std::mutex> lock(waiting->mutex);
      ++waiting->left;
    }
    context->Submit(p, std::move(request));
  }
  arrive(absl::OkStatus());
}

// Runs `then` on a worker once everything answered OK before now is in the rows of these partitions; with the refusal
// if that cannot be had.
template <class S, class Own>
void WhenCurrent(Context<S, Own>* context, const std::vector<uint32_t>& partitions, int64_t deadline_micros,
                 std::function<void(const absl::Status&)> then) {
  WhenRead(context, partitions, ReadAs{}, deadline_micros, std::move(then));
}

// The same of a call that says itself how it wants to read, and is told how it was. `by_default`: if it does not say.
template <class S, class Own>
void WhenRead(Context<S, Own>* context, const UnaryCall& call, const std::vector<uint32_t>& partitions,
              std::optional<ReadAs> as, std::function<void(const absl::Status&)> then) {
  if (!as || (as->at && as->at->partition >= context->rows.size())) {
    return call.End(context->refusals->words().PositionMalformed());
  }
  call.told()->kind = as->kind;
  if (partitions.size() == 1) {
    call.told()->position = [context, p = partitions.front()] {
      const auto position = PositionNow(*context, p);
      return position.ok() ? eventsourcing::FormatPosition(*position) : std::string();
    };
  }
  WhenRead(context, partitions, *as, DeadlineMicros(*call.rpc(), context->now()), std::move(then));
}
template <class S, class Own>
void WhenRead(Context<S, Own>* context, const UnaryCall& call, const std::vector<uint32_t>& partitions,
              std::function<void(const absl::Status&)> then) {
  WhenRead(context, call, partitions, ReadAsOf(*call.rpc(), ReadKind::kCurrent), std::move(then));
}

template <class S, class Own>
std::vector<uint32_t> AllPartitions(const Context<S, Own>& context) {
  std::vector<uint32_t> all;
  for (uint32_t p = 0; p < context.rows.size(); ++p) all.push_back(p);
  return all;
}

// Runs `work`, a stale read, on a worker and ends the call with what it says.
template <class S, class Own>
void OnWorker(Context<S, Own>* context, const UnaryCall& call, std::function<absl::Status()> work) {
  call.told()->kind = ReadKind::kStale;
  const bool taken = context->workers->Run([call, work = std::move(work)] { call.End(work()); });
  if (!taken) call.End(context->refusals->words().QueueFull());
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_CALL_H_
