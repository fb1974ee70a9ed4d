// The stream of registrations: how a nation is loaded.

#include <memory>
#include <optional>
#include <utility>

#include "libs/rpc/status_details.h"
#include "libs/serving/batch_stream.h"
#include "libs/serving/received_call.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"
#include "services/issuance/service_register.h"

namespace mynumber::issuance {
namespace {

constexpr int kRowsMax = 1000;

using Stream = serving::BatchStream<v1::RegisterResidentsRequest, v1::RegisterResidentsResponse>;
using Batch = Stream::BatchPtr;

constexpr char kMethod[] = "RegisterResidents";

// The rows of one stream: answers are filled in by the partitions' loops, each into its own row.
class BulkRegistration {
 public:
  BulkRegistration(ServiceContext* context, grpc::CallbackServerContext* call) : context_(context), call_(call) {}

  absl::Status Admit(const type::Actor& actor, bool is_first) const {
    return serving::AdmitNoted(*context_, *call_, v1::IssuanceService::service_full_name(), kMethod, actor, is_first);
  }
  void Submit(Stream* stream, const Batch& batch);

 private:
  // The row's request for its partition, or for `home`'s; nothing if it is refused already.
  std::optional<Request> MakeRow(Stream* stream, const Batch& batch, int row, v1::RegisterResidentRequest* message,
                                 std::shared_ptr<const Origin>* shared, const type::Date& today,
                                 const SubjectId* home = nullptr);
  // The code leads to a resident elsewhere: that one decides whether it is the same registration.
  void FollowRow(Stream* stream, const Batch& batch, int row, const std::string& home);
  void RefuseRow(Stream* stream, const Batch& batch, int row, const absl::Status& why);

  ServiceContext* context_;
  grpc::CallbackServerContext* call_;
};

void BulkRegistration::RefuseRow(Stream* stream, const Batch& batch, int row, const absl::Status& why) {
  v1::RegisteredRow* answer = batch->response.mutable_rows(row);
  answer->Clear();
  const type::Actor& actor = batch->received.message.actor();
  *answer->mutable_error() = rpc::ToRpc(serving::Refuse(*context_, *call_, kMethod, actor, why));
  stream->Done(batch);
}

void BulkRegistration::Submit(Stream* stream, const Batch& batch) {
  v1::RegisterResidentsRequest& message = batch->received.message;
  batch->response.set_batch_id(message.batch_id());
  const int rows = message.residents_size();
  batch->left += static_cast<size_t>(rows);
  std::vector<std::vector<Request>> requests(context_->host->partition_count());
  std::shared_ptr<const Origin> shared;
  const type::Date today = context_->Today();
  for (int row = 0; row < rows; ++row) batch->response.add_rows();
  for (int row = 0; row < rows; ++row) {
    if (row >= kRowsMax) {
      RefuseRow(stream, batch, row, kRefusals.TooManyItems("residents", kRowsMax));
      continue;
    }
    auto request = MakeRow(stream, batch, row, message.mutable_residents(row), &shared, today);
    if (!request) continue;
    request->finish = [this, stream, batch, row](const absl::Status& done) {
      if (done.ok()) return stream->Done(batch);
      const std::string home = refusals::TakenBy(done);
      home.empty() ? RefuseRow(stream, batch, row, done) : FollowRow(stream, batch, row, home);
    };
    requests[context_->PartitionOf(request->subject)].push_back(*std::move(request));
  }
  for (uint32_t p = 0; p < requests.size(); ++p) {
    if (!requests[p].empty()) context_->Submit(p, std::move(requests[p]));
  }
}

std::optional<Request> BulkRegistration::MakeRow(Stream* stream, const Batch& batch, int row,
                                                 v1::RegisterResidentRequest* message,
                                                 std::shared_ptr<const Origin>* shared, const type::Date& today,
                                                 const SubjectId* home) {
  const type::Actor& actor = message->has_actor() ? message->actor() : batch->received.message.actor();
  absl::Status status = context_->stopping.begun() ? kRefusals.ShuttingDown() : ValidateActor(kRefusals, actor, true);
  // Rows of one batch mostly have one actor: its origin is made once. The batch's own was let in before.
  if (!*shared || (*shared)->caller != actor.authority() || (*shared)->clerk_id != actor.clerk_id()) {
    if (status.ok() && message->has_actor()) status = Admit(actor, /*is_first=*/false);
    *shared = status.ok() ? RegistrationOrigin(*context_, *call_, actor) : nullptr;
  }
  auto request = status.ok() ? MakeRegistration(context_, message, actor, *shared, today)
                             : absl::StatusOr<Request>(status);
  if (!request.ok()) {
    RefuseRow(stream, batch, row, request.status());
    return std::nullopt;
  }
  if (home != nullptr) request->subject = *home;
  request->prepare = [this, subject = request->subject, answer = batch->response.mutable_rows(row), origin = *shared,
                      id = request->request_id](const Prepared& prepared) {
    const bool fresh = !prepared.repeated && !prepared.already;
    std::string key;
    if (!fresh) key = eventsourcing::View(context_->own.keys->RequestKey(origin->caller, eventsourcing::View(id)));
    FillRow(*context_, subject, key, prepared, answer);
  };
  return *std::move(request);
}

void BulkRegistration::FollowRow(Stream* stream, const Batch& batch, int row, const std::string& home) {
  // Rare, so its details, which have moved on with the first request, are read afresh.
  v1::RegisterResidentsRequest again;
  const absl::Status readable = Readable(kRefusals, rpc::ReadRequest(batch->received.bytes, &again));
  if (!readable.ok()) return RefuseRow(stream, batch, row, readable);
  std::shared_ptr<const Origin> origin;
  const SubjectId subject{*ValidateResidentName(home, "")};
  auto request = MakeRow(stream, batch, row, again.mutable_residents(row), &origin, context_->Today(), &subject);
  if (!request) return;
  request->finish = [this, stream, batch, row](const absl::Status& done) {
    done.ok() ? stream->Done(batch) : RefuseRow(stream, batch, row, done);
  };
  context_->Submit(context_->PartitionOf(request->subject), *std::move(request));
}

}  // namespace

grpc::ServerBidiReactor<rpc::Received<v1::RegisterResidentsRequest>, v1::RegisterResidentsResponse>*
IssuanceService::OpenRegistrations(Context* call) {
  auto bulk = std::make_shared<BulkRegistration>(context_, call);
  return new Stream(&context_->stopping, context_->refusals, rpc::CountedCall((*context_->calls)["RegisterResidents"]),
                    [bulk](const auto& message, bool is_first) { return bulk->Admit(message.actor(), is_first); },
                    [bulk](Stream* stream, const Batch& batch) { bulk->Submit(stream, batch); });
}

}  // namespace mynumber::issuance
