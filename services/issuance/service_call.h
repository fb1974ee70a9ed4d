#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_CALL_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_CALL_H_

// One call on its way through the service.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "libs/rpc/call_metrics.h"
#include "libs/rpc/received.h"
#include "services/issuance/service_context.h"

namespace mynumber::issuance {

// A unary call that can be ended from any thread. A value; End once.
class UnaryCall {
 public:
  UnaryCall(ServiceContext* context, grpc::CallbackServerContext* call, const char* method)
      : context_(context), reactor_(call->DefaultReactor()), counted_((*context->calls)[method]) {}

  grpc::ServerUnaryReactor* reactor() const { return reactor_; }
  // Ends the call; engine's codes become refusals.
  void End(const absl::Status& status) const;

 private:
  ServiceContext* context_;
  grpc::ServerUnaryReactor* reactor_;
  rpc::CountedCall counted_;
};

// What the engine or a decision said as this service says it, counted by its reason. OK stays OK.
absl::Status Refusal(const ServiceContext& context, const absl::Status& status);

// OK, or why a request cannot be read.
absl::Status Readable(rpc::Flaw flaw);

// What every writing call brings along, checked.
struct Asked {
  std::shared_ptr<const Origin> origin;
  eventsourcing::Bytes16 request_id{};
  eventsourcing::Bytes16 request_hash{};
  int64_t deadline_micros = 0;
};

// Wall clock in micros until which the caller waits; 0: for ever.
int64_t DeadlineMicros(const grpc::CallbackServerContext& call, int64_t now_micros);

// Whence the commands of a call come.
std::shared_ptr<Origin> MakeOrigin(const ServiceContext& context, const grpc::CallbackServerContext& call,
                                   const char* method, const type::Actor& actor);

// Checks actor and request id of a writing call and hashes the whole request, so that another payload under the same id
// is noticed.
absl::StatusOr<Asked> CheckAsked(ServiceContext* context, const grpc::CallbackServerContext& call, const char* method,
                                 const type::Actor& actor, std::string_view request_id,
                                 const google::protobuf::Message& request, bool clerk_required,
                                 bool shares_request = false);

// Whether nobody may ask for this receipt any more, even if it is still there.
bool IsOld(const eventlog::v1::Receipt& receipt, int64_t now_micros);

// Whether another partition than `id`'s knows this request id with another payload (docs/decisions/0007).
bool UsedElsewhere(const ServiceContext& context, const Asked& asked, const SubjectId& id);

// Sends one command to `id`'s partition.
void Send(ServiceContext* context, const Asked& asked, const SubjectId& id, Command command,
          std::function<void(const Prepared&)> prepare, std::function<void(const absl::Status&)> finish);

// Runs `then` on a worker once everything answered OK before now is in the rows of these partitions; with the refusal if
// that cannot be had.
void WhenCurrent(ServiceContext* context, const std::vector<uint32_t>& partitions, int64_t deadline_micros,
                 std::function<void(const absl::Status&)> then);
std::vector<uint32_t> AllPartitions(const ServiceContext& context);

// Runs `work` on a worker and ends the call with what it says.
void OnWorker(ServiceContext* context, const UnaryCall& call, std::function<absl::Status()> work);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_CALL_H_
