#include "tests/soak/cards_in_use.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <thread>

#include "mynumber/card/v1/card_service.grpc.pb.h"
#include "mynumber/issuance/v1/issuance_service.grpc.pb.h"

namespace mynumber::soak {
namespace {

using card::v1::CardService;
using issuance::v1::IssuanceService;

constexpr char kMunicipality[] = "131016";

type::Actor Clerk() {
  type::Actor actor;
  actor.set_authority(std::string("municipality/") + kMunicipality);
  actor.set_clerk_id("soak");
  return actor;
}

type::Actor Factory() {
  type::Actor actor;
  actor.set_authority("factory");
  actor.set_clerk_id("soak");
  return actor;
}

[[noreturn]] void Fail(const char* what, const grpc::Status& status) {
  std::fprintf(stderr, "%s: %s\n", what, status.error_message().c_str());
  std::exit(1);
}

type::Date TodayInTokyo() {
  const std::time_t now = std::time(nullptr) + 9 * 3600;
  std::tm day;
  gmtime_r(&now, &day);
  type::Date date;
  date.set_year(day.tm_year + 1900);
  date.set_month(day.tm_mon + 1);
  date.set_day(day.tm_mday);
  return date;
}

// Calls until the card service has heard of the resident.
template <class Request, class Response, class Call>
Response Ask(const char* what, Request request, const Call& call) {
  for (int attempt = 0;; ++attempt) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = call(&context, request, &response);
    if (status.ok()) return response;
    const bool is_early = status.error_code() == grpc::StatusCode::NOT_FOUND ||
                          status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                          status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
    if (!is_early || attempt > 600) Fail(what, status);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

// Runs `one` for 0 to count-1, by so many threads.
void InParallel(uint32_t count, int threads, const std::function<void(uint32_t)>& one) {
  std::atomic<uint32_t> next{0};
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&] {
      for (uint32_t n = next++; n < count; n = next++) one(n);
    });
  }
  for (std::thread& thread : all) thread.join();
}

std::string Register(IssuanceService::Stub* issuance, uint32_t number) {
  issuance::v1::RegisterResidentRequest request;
  request.set_request_id(NewRequestId());
  *request.mutable_actor() = Clerk();
  char code[16];
  // The eleventh digit is a check digit that is not asked for by default.
  std::snprintf(code, sizeof code, "%010u0", number);
  request.set_resident_record_code(code);
  auto* details = request.mutable_details();
  details->set_full_name("負荷 試験" + std::to_string(number));
  details->mutable_birth_date()->set_year(1990);
  details->mutable_birth_date()->set_month(4);
  details->mutable_birth_date()->set_day(1);
  details->set_address("架空町1-" + std::to_string(number));
  details->set_postal_code("1000001");
  details->set_municipality_code(kMunicipality);
  return Ask<issuance::v1::RegisterResidentRequest, issuance::v1::Resident>(
             "RegisterResident", request,
             [&](auto* context, const auto& asked, auto* answer) {
               return issuance->RegisterResident(context, asked, answer);
             })
      .name();
}

void Apply(CardService::Stub* cards, const std::string& resident) {
  card::v1::RecordMailedApplicationRequest apply;
  apply.set_request_id(NewRequestId());
  *apply.mutable_actor() = Clerk();
  apply.set_resident(resident);
  *apply.mutable_received_date() = TodayInTokyo();
  *apply.mutable_photo_taken_date() = TodayInTokyo();
  apply.add_documents(card::events::v1::DOCUMENT_PASSPORT);
  apply.set_return_envelope(true);
  const auto application = Ask<card::v1::RecordMailedApplicationRequest, card::v1::Application>(
      "RecordMailedApplication", apply, [&](auto* context, const auto& asked, auto* answer) {
        return cards->RecordMailedApplication(context, asked, answer);
      });
  card::v1::StartReviewRequest start;
  start.set_request_id(NewRequestId());
  *start.mutable_actor() = Clerk();
  start.set_name(application.name());
  Ask<card::v1::StartReviewRequest, card::v1::StartReviewResponse>(
      "StartReview", start,
      [&](auto* context, const auto& asked, auto* answer) { return cards->StartReview(context, asked, answer); });
  card::v1::ReviewPhotoRequest review;
  review.set_request_id(NewRequestId());
  *review.mutable_actor() = Clerk();
  review.set_name(application.name());
  Ask<card::v1::ReviewPhotoRequest, card::v1::Application>(
      "ReviewPhoto", review,
      [&](auto* context, const auto& asked, auto* answer) { return cards->ReviewPhoto(context, asked, answer); });
}

// Everything that waits is ordered, and shipped the same day.
std::vector<CardInUse> Produce(CardService::Stub* cards) {
  std::vector<CardInUse> made;
  card::v1::GetProductionBatchRequest batch;
  *batch.mutable_actor() = Factory();
  *batch.mutable_batch_date() = TodayInTokyo();
  grpc::ClientContext context;
  auto stream = cards->GetProductionBatch(&context, batch);
  card::v1::GetProductionBatchResponse some;
  while (stream->Read(&some)) {
    for (const auto& order : some.orders()) made.push_back({order.card(), order.serial()});
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) Fail("GetProductionBatch", status);
  for (size_t begin = 0; begin < made.size(); begin += 1000) {
    card::v1::ReportProductionRequest report;
    *report.mutable_actor() = Factory();
    for (size_t i = begin; i < std::min(begin + 1000, made.size()); ++i) {
      auto* result = report.add_results();
      result->set_card(made[i].name);
      result->set_outcome(card::v1::ProductionResult::OUTCOME_SHIPPED);
      *result->mutable_day() = TodayInTokyo();
    }
    Ask<card::v1::ReportProductionRequest, card::v1::ReportProductionResponse>(
        "ReportProduction", report, [&](auto* call, const auto& asked, auto* answer) {
          return cards->ReportProduction(call, asked, answer);
        });
  }
  return made;
}

template <class Request, class Method>
void AtTheCounter(CardService::Stub* cards, const char* what, Request request, const std::string& card,
                  Method method) {
  request.set_request_id(NewRequestId());
  *request.mutable_actor() = Clerk();
  request.set_name(card);
  Ask<Request, card::v1::Card>(what, request, [&](auto* context, const auto& asked, auto* answer) {
    return (cards->*method)(context, asked, answer);
  });
}

void HandOver(CardService::Stub* cards, const std::string& card) {
  AtTheCounter(cards, "RecordArrival", card::v1::RecordArrivalRequest(), card, &CardService::Stub::RecordArrival);
  AtTheCounter(cards, "SetUpCard", card::v1::SetUpCardRequest(), card, &CardService::Stub::SetUpCard);
  card::v1::IssueCardRequest issue;
  issue.add_documents(card::events::v1::DOCUMENT_PASSPORT);
  for (const auto pin : {card::events::v1::PIN_SIGNATURE, card::events::v1::PIN_AUTHENTICATION,
                         card::events::v1::PIN_RESIDENT_REGISTER, card::events::v1::PIN_SURFACE_INPUT}) {
    issue.add_pins_set(pin);
  }
  AtTheCounter(cards, "IssueCard", issue, card, &CardService::Stub::IssueCard);
}

}  // namespace

std::string NewRequestId() {
  uint8_t bytes[16];
  if (getentropy(bytes, sizeof bytes) != 0) std::abort();
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (int i = 0; i < 16; ++i) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", bytes[i]);
    text.append(hex);
    if (i == 3 || i == 5 || i == 7 || i == 9) text.push_back('-');
  }
  return text;
}

std::vector<CardInUse> BringIntoUse(const std::shared_ptr<grpc::Channel>& channel, uint32_t first, uint32_t count,
                                    int threads) {
  const auto issuance = IssuanceService::NewStub(channel);
  const auto cards = CardService::NewStub(channel);
  std::vector<std::string> residents(count);
  InParallel(count, threads, [&](uint32_t n) { residents[n] = Register(issuance.get(), first + n); });
  InParallel(count, threads, [&](uint32_t n) { Apply(cards.get(), residents[n]); });
  std::map<std::string, bool> ours;
  for (const std::string& resident : residents) ours[resident + "/cards/1"] = true;
  std::vector<CardInUse> made;
  for (CardInUse& card : Produce(cards.get())) {
    if (ours.count(card.name) > 0) made.push_back(std::move(card));
  }
  InParallel(static_cast<uint32_t>(made.size()), threads, [&](uint32_t n) { HandOver(cards.get(), made[n].name); });
  return made;
}

}  // namespace mynumber::soak
