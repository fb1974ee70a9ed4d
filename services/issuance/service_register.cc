// Registrations, one at a time and as a stream.

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <utility>

#include "libs/eventsourcing/position.h"
#include "libs/identifiers/person_name.h"
#include "libs/rpc/call.h"
#include "libs/rpc/status_details.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/validate.h"
#include "services/issuance/projections/tables.h"
#include "services/issuance/service.h"
#include "services/issuance/service_answers.h"
#include "services/issuance/service_call.h"

namespace mynumber::issuance {
namespace {

std::string ToString(const eventsourcing::Bytes16& bytes) { return std::string(eventsourcing::View(bytes)); }

// Departed residents with the same name or kana and birth date.
std::vector<std::string> LookAlikes(const ServiceContext& context, const events::v1::ResidentDetails& details) {
  std::vector<std::string> ids;
  for (const std::string* name : {&details.full_name(), &details.name_kana()}) {
    if (name->empty()) continue;
    const auto hash = context.keys->NameHash(identifiers::MatchingForm(*name), details.birth_date());
    if (!context.departed->MayContain(eventsourcing::View(hash))) continue;
    const std::string prefix = IndexKey(kDepartedTable, eventsourcing::View(hash));
    for (const eventsourcing::Rows* rows : context.rows) {
      (void)rows->Scan(prefix, {}, [&](std::string_view key, std::string_view) {
        const std::string id(IdOfKey(key).view());
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
        return ids.size() < 20;
      });
    }
  }
  return ids;
}

// Checks a registration and makes the request for its partition. `origin` stands for the actor; details move out.
absl::StatusOr<Request> MakeRegistration(ServiceContext* context, v1::RegisterResidentRequest* message,
                                         const type::Actor& actor, std::shared_ptr<const Origin> origin,
                                         const type::Date& today) {
  auto request_id = ValidateRequestId(message->request_id());
  if (!request_id.ok()) return request_id.status();
  const std::string& code = message->resident_record_code();
  absl::Status status = ValidateRecordCode(code, context->record_code_rule, "resident_record_code");
  if (status.ok()) status = ValidateDetails(message->details(), today);
  if (!status.ok()) return status;
  Request request;
  request.subject = context->keys->IdOf(std::string_view(code).substr(0, 10));
  request.origin = std::move(origin);
  request.request_id = *request_id;
  const auto registration_hash = context->keys->RegistrationHash(message->details(), code);
  // The payload of a registration is its details, its code, and whether the clerk has looked.
  request.request_hash = registration_hash;
  request.request_hash[0] ^= message->confirmed_distinct() ? 1 : 0;
  RegisterResident command;
  command.resident_record_code = code;
  command.registration_hash = ToString(registration_hash);
  command.request_key =
      ToString(context->keys->RequestKey(request.origin->caller, eventsourcing::View(request.request_id)));
  command.actor = actor;
  command.confirmed_distinct = message->confirmed_distinct();
  command.look_alikes = LookAlikes(*context, message->details());
  command.details = std::move(*message->mutable_details());
  request.command = std::move(command);
  return request;
}

// The number where nothing was registered under this request before it was decided: for a resident who is known already
// it is shown to the same caller with the same request id alone, as the first answer showed it.
std::string NumberOf(const ServiceContext& context, const Prepared& prepared, const std::string& request_key) {
  if (!prepared.already) return prepared.state.individual_number();
  if (prepared.state.request_key() != request_key) return "";
  return FirstAnswer(*context.keys, prepared.state, request_key).individual_number();
}

const RegisterResident& CommandOf(const Request& request) { return std::get<RegisterResident>(*request.command); }

std::shared_ptr<Origin> OriginOf(const ServiceContext& context, const grpc::CallbackServerContext& call,
                                 const type::Actor& actor) {
  auto origin = std::make_shared<Origin>();
  origin->caller = actor.authority();
  origin->clerk_id = actor.clerk_id();
  origin->method = "RegisterResident";
  origin->traceparent = rpc::TraceOf(call, context.malformed_traces).Traceparent();
  return origin;
}

void FillRegistration(const ServiceContext& context, const SubjectId& subject, const std::string& request_key,
                      const Prepared& prepared, v1::Resident* response) {
  response->Clear();
  if (prepared.repeated) {
    const rows::v1::ResidentState first = FirstAnswer(*context.keys, prepared.state, request_key);
    FillResident(first, subject, &prepared.position, response);
    response->set_individual_number(first.individual_number());
  } else {
    FillResident(prepared.state, subject, &prepared.position, response);
    response->set_individual_number(NumberOf(context, prepared, request_key));
  }
}

void FillRow(const ServiceContext& context, const SubjectId& subject, const std::string& request_key,
             const Prepared& prepared, v1::RegisteredRow* row) {
  row->Clear();
  row->set_name(ResidentName(subject));
  row->set_position(eventsourcing::FormatPosition(prepared.position));
  if (prepared.repeated) {
    const rows::v1::ResidentState first = FirstAnswer(*context.keys, prepared.state, request_key);
    row->set_version(first.version());
    row->set_individual_number(first.individual_number());
  } else {
    row->set_version(prepared.state.version());
    row->set_individual_number(NumberOf(context, prepared, request_key));
  }
  const std::string& number = row->individual_number();
  row->set_masked_individual_number(MaskNumber(number.empty() ? prepared.state.individual_number() : number));
}

}  // namespace

IssuanceService::Reactor* IssuanceService::RegisterResident(Context* rpc_call,
                                                            const v1::RegisterResidentRequest* message,
                                                            v1::Resident* response) {
  const UnaryCall call(context_, rpc_call, "RegisterResident");
  v1::RegisterResidentRequest own = *message;
  absl::Status status =
      context_->stopping ? refusals::ShuttingDown() : ValidateActor(message->actor(), /*clerk_required=*/true);
  auto request = status.ok() ? MakeRegistration(context_, &own, message->actor(),
                                                OriginOf(*context_, *rpc_call, message->actor()), context_->Today())
                             : absl::StatusOr<Request>(status);
  if (request.ok()) {
    Asked asked{request->origin, request->request_id, request->request_hash, 0};
    if (UsedElsewhere(*context_, asked, request->subject)) request = refusals::RequestIdReused();
  }
  if (!request.ok()) {
    call.End(request.status());
    return call.reactor();
  }
  request->deadline_micros = DeadlineMicros(*rpc_call, context_->now());
  const SubjectId subject = request->subject;
  request->prepare = [this, subject, key = CommandOf(*request).request_key, response](const Prepared& prepared) {
    FillRegistration(*context_, subject, key, prepared, response);
  };
  request->finish = [this, call, retry = *request, response](const absl::Status& done) mutable {
    const std::string home = refusals::TakenBy(done);
    if (home.empty()) return call.End(done);
    // The code leads to a resident elsewhere: that one decides whether it is the same registration.
    retry.subject = SubjectId{*ValidateResidentName(home, "")};
    retry.prepare = [this, subject = retry.subject, key = CommandOf(retry).request_key,
                     response](const Prepared& prepared) {
      FillRegistration(*context_, subject, key, prepared, response);
    };
    retry.finish = [call](const absl::Status& followed) { call.End(followed); };
    context_->host->Submit(context_->PartitionOf(retry.subject), std::move(retry));
  };
  context_->host->Submit(context_->PartitionOf(subject), *std::move(request));
  return call.reactor();
}

namespace {

// One batch of a bulk registration on its way: answers are filled in by the partitions' loops, each into its own row.
struct BulkBatch {
  v1::RegisterResidentsRequest request;
  v1::RegisterResidentsResponse response;
  std::atomic<size_t> left{0};
};

// A stream of registrations. Takes a few batches ahead (flow control: a client that sends faster waits in HTTP/2), and
// answers in the order of the batches.
class BulkRegistration final
    : public grpc::ServerBidiReactor<v1::RegisterResidentsRequest, v1::RegisterResidentsResponse> {
 public:
  BulkRegistration(ServiceContext* context, grpc::CallbackServerContext* call)
      : context_(context), call_(call), counted_((*context->calls)["RegisterResidents"]) {
    ReadNext();
  }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override {
    Proceed([&] {
      is_writing_ = false;
      if (!batches_.empty()) batches_.pop_front();
      if (!ok) has_failed_ = true;
    });
  }
  void OnDone() override {
    Proceed([&] { is_done_ = true; });
  }

 private:
  static constexpr size_t kBatchesAhead = 6;
  static constexpr int kRowsMax = 1000;

  void ReadNext() {
    reading_ = std::make_shared<BulkBatch>();
    StartRead(&reading_->request);
  }
  void Submit(const std::shared_ptr<BulkBatch>& batch);
  void SubmitRow(const std::shared_ptr<BulkBatch>& batch, int row, std::shared_ptr<const Origin>* shared,
                 const type::Date& today, std::vector<std::vector<Request>>* requests);
  void RowDone(const std::shared_ptr<BulkBatch>& batch);
  // Notes a change, then does whatever can be done now. May end the life of this object.
  template <class Note>
  void Proceed(const Note& note);

  ServiceContext* context_;
  grpc::CallbackServerContext* call_;
  rpc::CountedCall counted_;
  std::shared_ptr<BulkBatch> reading_;

  std::mutex mutex_;
  // All by mutex. Batches in the order they came; those that are answered wait for the ones before them.
  std::deque<std::shared_ptr<BulkBatch>> batches_;
  size_t working_ = 0;
  bool is_reading_ = true;
  bool is_writing_ = false;
  bool has_ended_ = false;
  bool has_failed_ = false;
  bool has_finished_ = false;
  bool is_done_ = false;
};

template <class Note>
void BulkRegistration::Proceed(const Note& note) {
  const v1::RegisterResidentsResponse* write = nullptr;
  bool read = false, finish = false, last = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    note();
    if (has_failed_ && !is_writing_) batches_.clear();
    if (!is_writing_ && !batches_.empty() && batches_.front()->left == 0) {
      write = &batches_.front()->response;
      is_writing_ = true;
    }
    const bool ending = has_ended_ || has_failed_;
    read = !is_reading_ && !ending && batches_.size() < kBatchesAhead;
    is_reading_ = is_reading_ || read;
    finish = ending && !is_reading_ && !is_writing_ && batches_.empty() && !has_finished_;
    has_finished_ = has_finished_ || finish;
    last = is_done_ && working_ == 0;
  }
  if (write != nullptr) StartWrite(write);
  if (read) ReadNext();
  if (finish) Finish(counted_.End(has_failed_ ? absl::CancelledError("the client has gone") : absl::OkStatus()));
  if (last) delete this;
}

void BulkRegistration::OnReadDone(bool ok) {
  if (!ok) return Proceed([&] { is_reading_ = false, has_ended_ = true; });
  std::shared_ptr<BulkBatch> batch = std::move(reading_);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    batches_.push_back(batch);
    ++working_;
  }
  Submit(batch);
  Proceed([&] { is_reading_ = false; });
}

void BulkRegistration::RowDone(const std::shared_ptr<BulkBatch>& batch) {
  if (batch->left.fetch_sub(1) == 1) Proceed([&] { --working_; });
}

void BulkRegistration::Submit(const std::shared_ptr<BulkBatch>& batch) {
  batch->response.set_batch_id(batch->request.batch_id());
  const int rows = batch->request.residents_size();
  // One for this function itself, so that the batch is not done before all its rows are on their way.
  batch->left = static_cast<size_t>(std::min(rows, kRowsMax)) + 1;
  std::vector<std::vector<Request>> requests(context_->host->partition_count());
  std::shared_ptr<const Origin> shared;
  const type::Date today = context_->Today();
  for (int row = 0; row < rows; ++row) batch->response.add_rows();
  for (int row = 0; row < rows; ++row) {
    if (row >= kRowsMax) {
      *batch->response.mutable_rows(row)->mutable_error() = rpc::ToRpc(refusals::TooManyItems("residents", kRowsMax));
    } else {
      SubmitRow(batch, row, &shared, today, &requests);
    }
  }
  for (uint32_t p = 0; p < requests.size(); ++p) {
    if (!requests[p].empty()) context_->host->Submit(p, std::move(requests[p]));
  }
  RowDone(batch);
}

void BulkRegistration::SubmitRow(const std::shared_ptr<BulkBatch>& batch, int row,
                                 std::shared_ptr<const Origin>* shared, const type::Date& today,
                                 std::vector<std::vector<Request>>* requests) {
  v1::RegisterResidentRequest* message = batch->request.mutable_residents(row);
  v1::RegisteredRow* answer = batch->response.mutable_rows(row);
  const type::Actor& actor = message->has_actor() ? message->actor() : batch->request.actor();
  // Rows of one batch mostly have one actor: its origin is made once.
  if (!*shared || (*shared)->caller != actor.authority() || (*shared)->clerk_id != actor.clerk_id()) {
    *shared = OriginOf(*context_, *call_, actor);
  }
  absl::Status status = context_->stopping ? refusals::ShuttingDown() : ValidateActor(actor, true);
  auto request = status.ok() ? MakeRegistration(context_, message, actor, *shared, today)
                             : absl::StatusOr<Request>(status);
  if (!request.ok()) {
    *answer->mutable_error() = rpc::ToRpc(request.status());
    RowDone(batch);
    return;
  }
  request->prepare = [this, subject = request->subject, answer, origin = *shared,
                      id = request->request_id](const Prepared& prepared) {
    const bool fresh = !prepared.repeated && !prepared.already;
    const std::string key =
        fresh ? "" : ToString(context_->keys->RequestKey(origin->caller, eventsourcing::View(id)));
    FillRow(*context_, subject, key, prepared, answer);
  };
  request->finish = [this, batch, answer](const absl::Status& done) {
    if (!done.ok()) {
      answer->Clear();
      *answer->mutable_error() = rpc::ToRpc(ToRefusal(done));
    }
    RowDone(batch);
  };
  (*requests)[context_->PartitionOf(request->subject)].push_back(*std::move(request));
}

}  // namespace

grpc::ServerBidiReactor<v1::RegisterResidentsRequest, v1::RegisterResidentsResponse>*
IssuanceService::RegisterResidents(Context* call) {
  return new BulkRegistration(context_, call);
}

}  // namespace mynumber::issuance
