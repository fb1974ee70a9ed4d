// The factory: what is to be made on a day, and what became of it.

#include <mutex>
#include <utility>

#include "libs/calendar/date.h"
#include "libs/rpc/problem.h"
#include "services/card/projections/tables.h"
#include "services/card/service.h"
#include "services/card/service_asked.h"

namespace mynumber::card {
namespace {

using v1::GetProductionBatchRequest;
using v1::GetProductionBatchResponse;
using v1::ProductionResult;
using Answer = v1::ReportProductionResponse::Answer;

constexpr int kBatchDays = 100;
constexpr size_t kOrderedAtOnce = 500;
// One answer has as many orders as fit; a photograph alone may be larger.
constexpr size_t kAnswerBytes = 1 << 20;
constexpr int kResultsMax = 1000;
constexpr int kFailureCharactersMax = 200;

// ---- Batches

absl::Status ValidateBatch(const rpc::Received<GetProductionBatchRequest>& received, calendar::Day today) {
  const GetProductionBatchRequest& request = received.message;
  absl::Status status = Readable(kRefusals, received.flaw);
  if (status.ok()) status = ValidateFactory(request.actor());
  if (status.ok()) status = ValidateDate(request.batch_date(), "batch_date");
  if (!status.ok()) return status;
  const calendar::Day day = *calendar::ToDay(request.batch_date());
  return day > today || today - day > kBatchDays ? refusals::BatchDateNotKept() : absl::OkStatus();
}

// Orders what waits, partition by partition, then tells all orders of the day. One thing at a time; what comes next is
// done by whoever ended the step before it.
class Batch final : public grpc::ServerWriteReactor<GetProductionBatchResponse> {
 public:
  Batch(ServiceContext* context, grpc::CallbackServerContext* call,
        const rpc::Received<GetProductionBatchRequest>& received)
      : context_(context), counted_((*context->calls)["GetProductionBatch"]) {
    const calendar::Day today = calendar::DayInTokyo(context->now());
    absl::Status status = ValidateBatch(received, today);
    if (status.ok() && context->stopping.begun()) status = kRefusals.ShuttingDown();
    if (status.ok()) day_ = *calendar::ToDay(received.message.batch_date());
    is_ordering_ = day_ == today;
    origin_ = OriginWithoutReceipt(*context, *call, "GetProductionBatch", received.message.actor());
    const type::Actor& actor = received.message.actor();
    status.ok() ? Next() : Finish(counted_.End(serving::Refuse(*context, *call, "GetProductionBatch", actor, status)));
  }
  void OnWriteDone(bool ok) override { ok ? Next() : End(absl::CancelledError("the client has gone")); }
  void OnDone() override { delete this; }

 private:
  void End(const absl::Status& status) { Finish(counted_.End(context_->refusals->Refuse(status))); }
  void Next() {
    const bool taken = context_->workers->Run([this] { is_ordering_ ? Order() : Tell(); });
    if (!taken) End(kRefusals.QueueFull());
  }
  void NextPartition() {
    ++partition_;
    tried_.clear();
  }

  // Rows of the partition that were not looked at; none: on to the next partition.
  absl::StatusOr<std::vector<NumberedKey>> TakeRows(const std::string& prefix) {
    std::vector<NumberedKey> keys;
    while (keys.empty() && partition_ < context_->rows.size()) {
      const absl::Status status =
          context_->rows[partition_]->Scan(prefix, tried_, [&](std::string_view key, std::string_view) {
            keys.push_back(NumberedOfKey(key));
            tried_ = std::string(key);
            return keys.size() < kOrderedAtOnce;
          });
      if (!status.ok()) return status;
      if (keys.empty()) NextPartition();
    }
    return keys;
  }
  void Order() {
    auto waiting = TakeRows(TableOf(kToBeOrderedTable));
    if (!waiting.ok()) return End(waiting.status());
    if (waiting->empty()) {
      is_ordering_ = false;
      partition_ = 0;
      return Tell();
    }
    left_ = waiting->size();
    std::vector<Request> requests;
    for (const NumberedKey& application : *waiting) requests.push_back(Ordering(application));
    context_->Submit(partition_, std::move(requests));
  }
  Request Ordering(const NumberedKey& application) {
    Request request;
    request.subject = application.resident;
    request.command = OrderProduction{application.number};
    request.origin = origin_;
    request.prepare = [](const Prepared&) {};
    request.finish = [this](const absl::Status& done) {
      {
        std::lock_guard<std::mutex> lock(mutex_);
        // What the rules refuse waits for a clerk; anything else breaks off, and is asked again.
        if (!done.ok() && !absl::IsFailedPrecondition(done)) failed_ = done;
        if (--left_ > 0) return;
      }
      failed_.ok() ? Next() : End(failed_);
    };
    return request;
  }

  void Tell() {
    response_.Clear();
    while (response_.ByteSizeLong() < kAnswerBytes) {
      absl::Status status = to_tell_.empty() ? TakeOrders() : absl::OkStatus();
      if (!status.ok()) return End(status);
      if (to_tell_.empty()) break;
      status = AddOrder(to_tell_.back());
      to_tell_.pop_back();
      if (!status.ok()) return End(status);
    }
    response_.orders().empty() ? End(absl::OkStatus()) : StartWrite(&response_);
  }
  absl::Status TakeOrders() {
    auto keys = TakeRows(TableOf(kBatchTable, EncodeDay(calendar::DayNumber(calendar::ToDate(day_)))));
    if (!keys.ok()) return keys.status();
    to_tell_.assign(keys->rbegin(), keys->rend());
    return absl::OkStatus();
  }
  absl::Status AddOrder(const NumberedKey& of) {
    rows::v1::CardState state;
    eventsourcing::SubjectKey key;
    auto found = context_->Read(of.resident, &state, &key);
    if (!found.ok()) return found.status();
    const rows::v1::Card* card = FindCard(state.file(), of.number);
    if (card == nullptr) return absl::OkStatus();
    const events::v1::Person& person = card->ordered().person();
    v1::ProductionOrder* order = response_.add_orders();
    order->set_card(FormatCardName({of.resident, of.number}));
    order->set_serial(card->ordered().serial());
    order->set_full_name(person.full_name());
    order->set_alias(person.alias());
    *order->mutable_birth_date() = person.birth_date();
    order->set_address(person.address());
    order->set_municipality_code(person.municipality_code());
    *order->mutable_valid_until() = card->ordered().valid_until();
    AddPhoto(of.resident, key, FindApplication(state.file(), card->ordered().application()), order);
    return absl::OkStatus();
  }
  // One that is lost keeps no other card from being made: the order has its digest alone.
  void AddPhoto(const SubjectId& resident, const eventsourcing::SubjectKey& key,
                const rows::v1::Application* application, v1::ProductionOrder* order) {
    if (application == nullptr) return;
    const auto& submitted = application->submitted();
    order->set_express(submitted.express_ground() != events::v1::EXPRESS_GROUND_UNSPECIFIED);
    if (!submitted.has_photo()) return;
    order->set_photo_digest(submitted.photo().digest());
    auto jpeg = context_->own.photos->Find(resident, key, context_->vault(), submitted.photo().digest());
    if (!jpeg.ok()) context_->refusals->Refuse(jpeg.status()).IgnoreError();
    if (jpeg.ok()) order->set_photo(*std::move(jpeg));
  }

  ServiceContext* context_;
  rpc::CountedCall counted_;
  std::shared_ptr<const Origin> origin_;
  calendar::Day day_;
  bool is_ordering_ = false;
  uint32_t partition_ = 0;
  // The last key of this partition that was looked at.
  std::string tried_;
  std::vector<NumberedKey> to_tell_;
  GetProductionBatchResponse response_;
  std::mutex mutex_;
  // By mutex while cards are being ordered.
  size_t left_ = 0;
  absl::Status failed_;
};

// ---- Results

absl::StatusOr<Command> CommandOf(const ProductionResult& result, uint32_t card, const type::Actor& actor) {
  absl::Status status = result.outcome() == ProductionResult::OUTCOME_FAILED ? absl::OkStatus()
                                                                             : ValidateDate(result.day(), "day");
  if (status.ok()) status = ValidateText(result.failure(), "failure", kFailureCharactersMax);
  if (!status.ok()) return status;
  switch (result.outcome()) {
    case ProductionResult::OUTCOME_SHIPPED:
      return Command(RecordShipment{card, result.day(), actor});
    case ProductionResult::OUTCOME_DELIVERED:
      return Command(RecordDelivery{card, result.day(), actor});
    case ProductionResult::OUTCOME_FAILED:
      return Command(RecordFailure{card, result.failure(), actor});
    default:
      return refusals::OutcomeMissing();
  }
}

// All results of one call: it ends when the last of them is answered.
struct Report {
  UnaryCall call;
  v1::ReportProductionResponse* response;
  std::atomic<size_t> left;

  void Done() {
    if (left.fetch_sub(1) == 1) call.End(absl::OkStatus());
  }
};

void Refuse(const UnaryCall& call, const absl::Status& why, Answer* answer) {
  const auto problem = rpc::ProblemOf(call.Refuse(why));
  answer->set_taken(false);
  answer->set_repeated(false);
  answer->set_refused_reason(problem ? problem->reason : serving::kFailedInside);
  if (problem) answer->set_refused_sentence(problem->sentence);
}

void SubmitResult(ServiceContext* context, const std::shared_ptr<Report>& report, const ProductionResult& result,
                  const std::shared_ptr<const Origin>& origin, const type::Actor& actor, Answer* answer) {
  answer->set_card(result.card());
  const auto name = ValidateCardName(result.card(), "results.card");
  auto command = name.ok() ? CommandOf(result, name->number, actor) : absl::StatusOr<Command>(name.status());
  if (!command.ok()) {
    Refuse(report->call, command.status(), answer);
    return report->Done();
  }
  Request request;
  request.subject = name->resident;
  request.command = *std::move(command);
  request.origin = origin;
  request.prepare = [answer](const Prepared& prepared) {
    answer->set_taken(true);
    answer->set_repeated(prepared.already);
  };
  request.finish = [report, answer](const absl::Status& done) {
    if (!done.ok()) Refuse(report->call, done, answer);
    report->Done();
  };
  context->Submit(context->PartitionOf(name->resident), std::move(request));
}

}  // namespace

grpc::ServerWriteReactor<GetProductionBatchResponse>* CardService::OpenBatch(
    Context* call, const rpc::Received<GetProductionBatchRequest>& received) {
  return new Batch(context_, call, received);
}

CardService::Reactor* CardService::ReportProduction(Context* rpc_call, const v1::ReportProductionRequest* request,
                                                    v1::ReportProductionResponse* response) {
  const UnaryCall call(context_, rpc_call, "ReportProduction", *request);
  absl::Status status = context_->stopping.begun() ? kRefusals.ShuttingDown() : ValidateFactory(request->actor());
  if (status.ok() && request->results_size() > kResultsMax) status = kRefusals.TooManyItems("results", kResultsMax);
  if (!status.ok() || request->results().empty()) {
    call.End(status);
    return call.reactor();
  }
  const auto origin = OriginWithoutReceipt(*context_, *rpc_call, "ReportProduction", request->actor());
  const std::shared_ptr<Report> report(
      new Report{call, response, {static_cast<size_t>(request->results_size())}});
  for (int i = 0; i < request->results_size(); ++i) response->add_answers();
  for (int i = 0; i < request->results_size(); ++i) {
    SubmitResult(context_, report, request->results(i), origin, request->actor(), response->mutable_answers(i));
  }
  return call.reactor();
}

}  // namespace mynumber::card
