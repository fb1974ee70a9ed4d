// Suspending a card. The case's own log and the card service are asked at once: the one keeps what is to happen, the
// other makes it happen. Whatever of the two fails, what the operator is told is true, and nothing that was taken is
// lost: the log's intents and the spool are carried out by service_driver.cc.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "grpcpp/alarm.h"
#include "libs/identifiers/request_id.h"
#include "services/hotline/domain/state_case.h"
#include "services/hotline/service.h"
#include "services/hotline/service_answers.h"
#include "services/hotline/service_asked.h"

namespace mynumber::hotline {
namespace {

using Reactor = HotlineService::Reactor;

// One call, until both have answered or its time is up.
class Suspending : public std::enable_shared_from_this<Suspending> {
 public:
  Suspending(ServiceContext* context, const UnaryCall& call, AskedOfCase asked,
             events::v1::SuspensionRequested requested, v1::SuspendCardResponse* response)
      : context_(context), call_(call), asked_(std::move(asked)), requested_(std::move(requested)),
        response_(response), asked_micros_(context->now()) {}

  void Start() {
    millis_ = context_->own.answer_millis;
    if (asked_.asked.deadline_micros != 0) {
      millis_ = std::min(millis_, (asked_.asked.deadline_micros - asked_micros_) / 1000 - kMarginMillis);
    }
    millis_ = std::max<int64_t>(millis_, 1);
    rows::v1::CaseState state;
    const auto found = context_->Read(asked_.id, &state);
    // A repeated request of a case that has moved on is known by its receipt alone.
    may_ = found.ok() && *found && MaySuspend(state, requested_.card()).ok();
    // The alarm keeps its function, and with it this call, until it has been called.
    alarm_.Set(std::chrono::system_clock::now() + std::chrono::milliseconds(millis_),
               [kept = std::make_shared<std::shared_ptr<Suspending>>(shared_from_this())](bool is_time_up) {
                 const std::shared_ptr<Suspending> self = std::move(*kept);
                 if (is_time_up) self->Take([&] { self->is_time_up_ = true; });
               });
    if (may_) AskCards();
    AskLog();
  }

 private:
  // For the way back to the client.
  static constexpr int64_t kMarginMillis = 100;

  void AskLog() {
    Asked asked = asked_.asked;
    asked.urgent = true;
    asked.deadline_micros = asked_micros_ + millis_ * 1000;
    Send(
        context_, asked, asked_.id, RequestSuspension{requested_}, [](const Prepared&) {},
        [self = shared_from_this()](const absl::Status& done) {
          self->Take([&] { self->intent_ = done; });
          if (done.ok() && !self->may_) self->AskCards();
        });
  }

  void AskCards() {
    const int64_t left_millis = std::max<int64_t>(millis_ - (context_->now() - asked_micros_) / 1000, 1);
    context_->own.cards->SuspendCard(
        CardRequestOf(asked_.id, requested_), left_millis,
        [self = shared_from_this()](const absl::Status& status, const card::v1::SuspendCardResponse& said) {
          CardAnswer answer = AnswerOf(self->requested_.card(), status, said);
          if (answer.kind == CardAnswer::Kind::kInEffect && !answer.took_effect.was_suspended()) {
            self->context_->own.metrics.effect_seconds.Observe(
                static_cast<double>(self->context_->now() - self->asked_micros_) / 1e6);
          }
          self->Take([&] { self->answer_ = std::move(answer); });
        });
  }

  // Takes in what happened, and ends the call once enough is known.
  template <class Happened>
  void Take(const Happened& happened) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      happened();
      const bool is_refused = intent_ && !intent_->ok() && !may_;
      if (is_ended_ || !(is_refused || is_time_up_ || (intent_ && answer_))) return;
      is_ended_ = true;
    }
    alarm_.Cancel();
    Conclude();
  }

  // From here on nothing changes but what comes too late, and what the driver takes up.
  void Conclude() {
    const bool is_in_log = intent_ && intent_->ok();
    const CardAnswer answer = answer_.value_or(CardAnswer());
    if (is_in_log) RecordAnswer(context_, asked_.id, answer, nullptr);
    const bool is_refused = intent_ && !intent_->ok() && (!may_ || IsNo(*intent_));
    if (is_refused && answer.kind != CardAnswer::Kind::kInEffect) return call_.End(*intent_);
    if (answer.kind == CardAnswer::Kind::kRefused) return call_.End(answer.refusal);
    if (!may_ && !is_in_log) return call_.End(kRefusals.OutcomeUnknown());
    if (is_in_log || is_refused) return Answer(answer);
    KeepInSpool(answer);
  }

  void Answer(const CardAnswer& answer) {
    if (answer.kind == CardAnswer::Kind::kInEffect) {
      FillInEffect(answer.took_effect, response_);
    } else {
      FillNotYetInEffect(response_);
    }
    call_.End(absl::OkStatus());
  }

  void KeepInSpool(const CardAnswer& answer) {
    const auto keep = [self = shared_from_this(), answer] {
      const absl::Status kept = self->context_->own.spool->Keep(self->Spooled(), self->context_->vault());
      // In effect it is, whether the case has it or not.
      if (kept.ok() || answer.kind == CardAnswer::Kind::kInEffect) return self->Answer(answer);
      self->call_.End(refusals::SuspensionNotTaken());
    };
    if (!context_->own.spool_writer->Run(keep)) call_.End(refusals::SuspensionNotTaken());
  }

  rows::v1::SpooledSuspension Spooled() const {
    rows::v1::SpooledSuspension spooled;
    spooled.set_case_id(std::string(asked_.id.view()));
    *spooled.mutable_actor() = requested_.actor();
    spooled.set_card(requested_.card());
    spooled.set_reason(requested_.reason());
    spooled.set_request_id(std::string(eventsourcing::View(asked_.asked.request_id)));
    spooled.set_request_hash(std::string(eventsourcing::View(asked_.asked.request_hash)));
    spooled.set_asked_micros(asked_micros_);
    return spooled;
  }

  ServiceContext* const context_;
  const UnaryCall call_;
  const AskedOfCase asked_;
  const events::v1::SuspensionRequested requested_;
  v1::SuspendCardResponse* const response_;
  const int64_t asked_micros_;
  int64_t millis_ = 0;
  // By the rows of now.
  bool may_ = false;
  grpc::Alarm alarm_;
  std::mutex mutex_;
  std::optional<absl::Status> intent_;
  std::optional<CardAnswer> answer_;
  bool is_time_up_ = false;
  bool is_ended_ = false;
};

}  // namespace

Reactor* HotlineService::SuspendCard(Context* rpc_call, const v1::SuspendCardRequest* request,
                                     v1::SuspendCardResponse* response) {
  const UnaryCall call(context_, rpc_call, "SuspendCard", *request);
  absl::Status valid = ValidateCardName(request->card());
  if (valid.ok()) valid = ValidateReason(request->reason());
  auto asked = CheckAskedOfCase(context_, *rpc_call, "SuspendCard", *request, valid);
  if (!asked.ok()) {
    call.End(asked.status());
    return call.reactor();
  }
  events::v1::SuspensionRequested requested;
  *requested.mutable_actor() = request->actor();
  requested.set_card(request->card());
  requested.set_reason(request->reason());
  requested.set_card_request_id(CardRequestId(*context_, asked->id, eventsourcing::View(asked->asked.request_id)));
  std::make_shared<Suspending>(context_, call, *std::move(asked), std::move(requested), response)->Start();
  return call.reactor();
}

std::string CardRequestId(const ServiceContext& context, const SubjectId& id, std::string_view request_id) {
  return identifiers::FormatRequestId(context.own.case_hash->Hash16("suspension", id.view(), request_id));
}

void RecordAnswer(ServiceContext* context, const SubjectId& id, const CardAnswer& answer,
                  std::function<void(bool written)> then) {
  static const auto* const kOrigin = [] {
    auto origin = std::make_shared<Origin>();
    origin->caller = "hotline";
    origin->method = "RecordSuspension";
    origin->needs_no_receipt = true;
    return new std::shared_ptr<const Origin>(std::move(origin));
  }();
  if (answer.kind == CardAnswer::Kind::kNone) return then ? then(false) : void();
  Asked asked;
  asked.origin = *kOrigin;
  asked.urgent = true;
  const bool is_in_effect = answer.kind == CardAnswer::Kind::kInEffect;
  Send(context, asked, id, is_in_effect ? Command(RecordEffect{answer.took_effect}) : RecordRefusal{answer.refused},
       [](const Prepared&) {},
       [then = std::move(then)](const absl::Status& done) {
         if (then) then(done.ok());
       });
}

}  // namespace mynumber::hotline
