#include "services/issuance/service_call.h"

#include <mutex>
#include <utility>

#include "libs/eventsourcing/sealed_rows.h"
#include "libs/rpc/call.h"
#include "libs/rpc/problem.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service_answers.h"

namespace mynumber::issuance {

void UnaryCall::End(const absl::Status& status) const {
  reactor_->Finish(counted_.End(Refusal(*context_, status)));
}

absl::Status Refusal(const ServiceContext& context, const absl::Status& status) {
  if (status.ok()) return status;
  const absl::Status refusal = ToRefusal(status);
  if (absl::IsCancelled(refusal)) return refusal;
  const auto problem = rpc::ProblemOf(refusal);
  context.refusals[problem ? problem->reason : kFailedInside].Increment();
  return refusal;
}

absl::Status Readable(rpc::Flaw flaw) {
  switch (flaw) {
    case rpc::Flaw::kNone:
      return absl::OkStatus();
    case rpc::Flaw::kTooLarge:
      return refusals::RequestTooLarge(rpc::kRequestBytesMax);
    case rpc::Flaw::kMalformed:
      return refusals::RequestMalformed();
  }
  return absl::OkStatus();
}

int64_t DeadlineMicros(const grpc::CallbackServerContext& call, int64_t now_micros) {
  const auto left = rpc::MicrosLeft(call, now_micros);
  return left ? now_micros + *left : 0;
}

std::shared_ptr<Origin> MakeOrigin(const ServiceContext& context, const grpc::CallbackServerContext& call,
                                   const char* method, const type::Actor& actor) {
  auto origin = std::make_shared<Origin>();
  origin->caller = actor.authority();
  origin->clerk_id = actor.clerk_id();
  origin->method = method;
  origin->traceparent = rpc::TraceOf(call, context.malformed_traces).Traceparent();
  return origin;
}

absl::StatusOr<Asked> CheckAsked(ServiceContext* context, const grpc::CallbackServerContext& call, const char* method,
                                 const type::Actor& actor, std::string_view request_id,
                                 const google::protobuf::Message& request, bool clerk_required, bool shares_request) {
  if (context->stopping.begun()) return refusals::ShuttingDown();
  absl::Status status = ValidateActor(actor, clerk_required);
  if (!status.ok()) return status;
  auto id = ValidateRequestId(request_id);
  if (!id.ok()) return id.status();
  Asked asked;
  auto origin = MakeOrigin(*context, call, method, actor);
  origin->shares_request = shares_request;
  asked.origin = std::move(origin);
  asked.request_id = *id;
  asked.request_hash = context->keys->RequestHash(request.SerializeAsString());
  asked.deadline_micros = DeadlineMicros(call, context->now());
  return asked;
}

bool IsOld(const eventlog::v1::Receipt& receipt, int64_t now_micros) {
  return eventsourcing::IsExpired(receipt.time_micros(), eventsourcing::kReceiptRetentionMicros, now_micros);
}

bool UsedElsewhere(const ServiceContext& context, const Asked& asked, const SubjectId& id) {
  const std::string key = eventsourcing::ReceiptKey(asked.origin->caller, asked.origin->method,
                                                    eventsourcing::View(asked.request_id));
  std::string value;
  for (uint32_t p = 0; p < context.rows.size(); ++p) {
    if (p == context.PartitionOf(id)) continue;
    auto found = context.rows[p]->Get(key, &value);
    if (!found.ok() || !*found) continue;
    auto receipt = eventsourcing::DecodeReceiptRow(value);
    if (!receipt.ok() || IsOld(*receipt, context.now())) continue;
    if (receipt->request_hash() != eventsourcing::View(asked.request_hash)) return true;
  }
  return false;
}

void Send(ServiceContext* context, const Asked& asked, const SubjectId& id, Command command,
          std::function<void(const Prepared&)> prepare, std::function<void(const absl::Status&)> finish) {
  Request request;
  request.subject = id;
  request.command = std::move(command);
  request.origin = asked.origin;
  request.request_id = asked.request_id;
  request.request_hash = asked.request_hash;
  request.deadline_micros = asked.deadline_micros;
  request.prepare = std::move(prepare);
  request.finish = std::move(finish);
  context->host->Submit(context->PartitionOf(id), std::move(request));
}

void WhenCurrent(ServiceContext* context, const std::vector<uint32_t>& partitions, int64_t deadline_micros,
                 std::function<void(const absl::Status&)> then) {
  struct Waiting {
    std::mutex mutex;
    size_t left;
    absl::Status status;
    std::function<void(const absl::Status&)> then;
  };
  auto waiting = std::make_shared<Waiting>();
  waiting->left = partitions.size();
  waiting->then = std::move(then);
  static const auto* const kRead = new std::shared_ptr<const Origin>(std::make_shared<Origin>());
  for (uint32_t p : partitions) {
    Request request;
    request.origin = *kRead;
    request.deadline_micros = deadline_micros;
    request.finish = [context, waiting](const absl::Status& status) {
      {
        std::lock_guard<std::mutex> lock(waiting->mutex);
        if (!status.ok()) waiting->status = status;
        if (--waiting->left > 0) return;
      }
      const bool taken = context->workers->Run([waiting] { waiting->then(waiting->status); });
      if (!taken) waiting->then(refusals::QueueFull());
    };
    context->host->Submit(p, std::move(request));
  }
}

std::vector<uint32_t> AllPartitions(const ServiceContext& context) {
  std::vector<uint32_t> all;
  for (uint32_t p = 0; p < context.rows.size(); ++p) all.push_back(p);
  return all;
}

void OnWorker(ServiceContext* context, const UnaryCall& call, std::function<absl::Status()> work) {
  if (!context->workers->Run([call, work = std::move(work)] { call.End(work()); })) call.End(refusals::QueueFull());
}

}  // namespace mynumber::issuance
