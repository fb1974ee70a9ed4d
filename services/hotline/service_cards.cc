#include "services/hotline/service_cards.h"

#include <chrono>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "libs/rpc/problem.h"
#include "libs/rpc/status_details.h"
#include "services/hotline/domain/refusals.h"
#include "services/hotline/domain/validate.h"

namespace mynumber::hotline {
namespace {

using google::protobuf::util::TimeUtil;

// Sends one call; `start` gets stub, context, request, response and what to call at the end.
template <class Request, class Response, class Start>
void Send(std::shared_ptr<card::v1::CardService::Stub> stub, const Request& request, int64_t millis,
          CardClient::Done<Response> done, const Start& start) {
  struct Call {
    std::shared_ptr<card::v1::CardService::Stub> stub;
    grpc::ClientContext context;
    Request request;
    Response response;
    CardClient::Done<Response> done;
  };
  if (!stub) return done(absl::UnavailableError("the card service is not connected"), Response());
  auto call = std::make_shared<Call>();
  call->stub = std::move(stub);
  call->request = request;
  call->done = std::move(done);
  call->context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(millis));
  start(call->stub.get(), &call->context, &call->request, &call->response, [call](const grpc::Status& status) {
    call->done(status.ok() ? absl::OkStatus() : rpc::FromGrpc(status), call->response);
  });
}

}  // namespace

void CardClient::Connect(std::shared_ptr<grpc::ChannelInterface> channel) {
  std::lock_guard<std::mutex> lock(mutex_);
  stub_ = card::v1::CardService::NewStub(std::move(channel));
}

std::shared_ptr<CardClient::Stub> CardClient::stub() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return stub_;
}

void CardClient::FindHolders(const card::v1::FindHoldersRequest& request, int64_t millis,
                             Done<card::v1::FindHoldersResponse> done) {
  Send(stub(), request, millis, std::move(done), [](Stub* stub, auto* context, auto* asked, auto* answer, auto end) {
    stub->async()->FindHolders(context, asked, answer, std::move(end));
  });
}

void CardClient::ConfirmHolder(const card::v1::ConfirmHolderRequest& request, int64_t millis,
                               Done<card::v1::ConfirmHolderResponse> done) {
  Send(stub(), request, millis, std::move(done), [](Stub* stub, auto* context, auto* asked, auto* answer, auto end) {
    stub->async()->ConfirmHolder(context, asked, answer, std::move(end));
  });
}

void CardClient::SuspendCard(const card::v1::SuspendCardRequest& request, int64_t millis,
                             Done<card::v1::SuspendCardResponse> done) {
  Send(stub(), request, millis, std::move(done), [](Stub* stub, auto* context, auto* asked, auto* answer, auto end) {
    stub->async()->SuspendCard(context, asked, answer, std::move(end));
  });
}

bool IsForGood(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
      return rpc::ProblemOf(status).has_value();
    default:
      return false;
  }
}

CardAnswer AnswerOf(const std::string& card, const absl::Status& status,
                    const card::v1::SuspendCardResponse& response) {
  CardAnswer answer;
  if (status.ok()) {
    answer.kind = CardAnswer::Kind::kInEffect;
    answer.took_effect.set_card(card);
    answer.took_effect.set_effect_micros(TimeUtil::TimestampToMicroseconds(response.effect_time()));
    answer.took_effect.set_effect_position(response.effect_position());
    answer.took_effect.set_was_suspended(response.was_suspended());
    return answer;
  }
  if (!IsForGood(status)) return answer;
  const auto problem = rpc::ProblemOf(status);
  answer.kind = CardAnswer::Kind::kRefused;
  answer.refused.set_card(card);
  answer.refused.set_reason(problem->reason);
  answer.refused.set_sentence(problem->sentence);
  answer.refusal = absl::IsNotFound(status) ? refusals::CardUnknown(problem->reason, problem->sentence)
                                            : refusals::SuspensionRefused(problem->reason, problem->sentence);
  return answer;
}

card::v1::SuspendCardRequest CardRequestOf(const eventsourcing::SubjectId& id,
                                           const events::v1::SuspensionRequested& requested) {
  card::v1::SuspendCardRequest request;
  request.set_request_id(requested.card_request_id());
  *request.mutable_actor() = requested.actor();
  request.set_name(requested.card());
  request.set_reason(requested.reason());
  request.set_case_name(FormatCaseName(id));
  return request;
}

}  // namespace mynumber::hotline
