// A card in its holder's hands, lost at night, suspended by the hotline, and lifted at the counter; and what terminals
// see meanwhile. The clock is driven by hand.

#include <grpcpp/grpcpp.h>

#include <thread>

#include "libs/calendar/date.h"
#include "libs/rpc/status_details.h"
#include "mynumber/card/v1/card_service.grpc.pb.h"
#include "mynumber/hotline/v1/hotline_service.grpc.pb.h"
#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using card::v1::Card;
using card::v1::CardStatus;
using CardStub = card::v1::CardService::Stub;
using HotlineStub = hotline::v1::HotlineService::Stub;

type::Actor Actor(const std::string& authority) {
  type::Actor actor;
  actor.set_authority(authority);
  actor.set_clerk_id("someone-1");
  return actor;
}

class SuspensionStory : public ::testing::Test {
 protected:
  SuspensionStory() {
    cluster_.options.serves_notices = true;
    cluster_.options.serves_cards = true;
    cluster_.options.clock_off_max_micros = int64_t{1} << 60;
    PassTo(2026, 12, 5, 10);
    cluster_.Start();
    client_ = std::make_unique<Client>(cluster_.NewClient());
    const std::shared_ptr<grpc::Channel> channel(client_->channel(), [](grpc::Channel*) {});
    cards_ = std::make_unique<CardStub>(channel);
    hotline_ = std::make_unique<HotlineStub>(channel);
  }

  void PassTo(int year, int month, int day, int hour, int minute = 0) {
    const int64_t moment = calendar::StartOfDayMicros(calendar::Day(year, month, day)) +
                           (hour * 60 + minute) * int64_t{60'000'000};
    cluster_.AdvanceClock(moment - cluster_.NowMicros());
  }
  type::Date Today() const { return calendar::DateInTokyo(cluster_.NowMicros()); }

  template <class Stub, class Request, class Response>
  static absl::StatusOr<Response> Call(Stub* stub, const type::Actor& actor, Request request,
                                       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
    *request.mutable_actor() = actor;
    const auto* id = Request::descriptor()->FindFieldByName("request_id");
    if (id != nullptr && request.GetReflection()->GetString(request, id).empty()) {
      request.GetReflection()->SetString(&request, id, NewRequestId());
    }
    grpc::ClientContext context;
    Response response;
    const absl::Status status = rpc::FromGrpc((stub->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }
  template <class Request, class Response>
  absl::StatusOr<Response> AtTheCounter(Request request, grpc::Status (CardStub::*method)(grpc::ClientContext*,
                                                                                          const Request&, Response*)) {
    return Call(cards_.get(), city_.Clerk(), std::move(request), method);
  }
  template <class Request, class Response>
  absl::StatusOr<Response> ByTelephone(Request request, grpc::Status (HotlineStub::*method)(
                                                            grpc::ClientContext*, const Request&, Response*)) {
    return Call(hotline_.get(), Actor("hotline"), std::move(request), method);
  }
  template <class Request>
  static Request Named(const std::string& name) {
    Request request;
    request.set_name(name);
    return request;
  }

  // At the counter, without the form: the card service hears of the resident some milliseconds after the registration.
  std::string Apply(const Person& person) {
    const auto resident = client_->Call(city_.Registration(person));
    EXPECT_THAT(resident, IsOk());
    card::v1::RecordMailedApplicationRequest apply;
    apply.set_resident(resident->name());
    *apply.mutable_received_date() = Today();
    *apply.mutable_photo_taken_date() = Today();
    apply.add_documents(card::events::v1::DOCUMENT_PASSPORT);
    apply.set_return_envelope(true);
    auto application = AtTheCounter(apply, &CardStub::RecordMailedApplication);
    for (int i = 0; i < 1000 && absl::IsNotFound(application.status()); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      application = AtTheCounter(apply, &CardStub::RecordMailedApplication);
    }
    EXPECT_THAT(application, IsOk());
    EXPECT_THAT(AtTheCounter(Named<card::v1::StartReviewRequest>(application->name()), &CardStub::StartReview), IsOk());
    EXPECT_THAT(AtTheCounter(Named<card::v1::ReviewPhotoRequest>(application->name()), &CardStub::ReviewPhoto), IsOk());
    return resident->name() + "/cards/1";
  }
  // The order for this card.
  card::v1::ProductionOrder Order(const std::string& card) {
    card::v1::GetProductionBatchRequest request;
    *request.mutable_actor() = Actor("factory");
    *request.mutable_batch_date() = Today();
    grpc::ClientContext context;
    const auto stream = cards_->GetProductionBatch(&context, request);
    card::v1::GetProductionBatchResponse some;
    card::v1::ProductionOrder found;
    while (stream->Read(&some)) {
      for (const auto& order : some.orders()) {
        if (order.card() == card) found = order;
      }
    }
    EXPECT_TRUE(stream->Finish().ok());
    return found;
  }
  void Ship(const std::string& card) {
    card::v1::ReportProductionRequest report;
    auto* result = report.add_results();
    result->set_card(card);
    result->set_outcome(card::v1::ProductionResult::OUTCOME_SHIPPED);
    *result->mutable_day() = Today();
    const auto answer = Call(cards_.get(), Actor("factory"), report, &CardStub::ReportProduction);
    ASSERT_THAT(answer, IsOk());
    EXPECT_TRUE(answer->answers(0).taken()) << answer->ShortDebugString();
  }
  absl::StatusOr<Card> HandOver(const std::string& card) {
    auto issue = Named<card::v1::IssueCardRequest>(card);
    issue.add_documents(card::events::v1::DOCUMENT_PASSPORT);
    for (const auto pin : {card::events::v1::PIN_SIGNATURE, card::events::v1::PIN_AUTHENTICATION,
                           card::events::v1::PIN_RESIDENT_REGISTER, card::events::v1::PIN_SURFACE_INPUT}) {
      issue.add_pins_set(pin);
    }
    return AtTheCounter(issue, &CardStub::IssueCard);
  }
  // In the hands of a made-up resident; `serial` as the card shows it.
  std::string CardInUse(const Person& person, std::string* serial = nullptr) {
    const std::string card = Apply(person);
    const auto order = Order(card);
    EXPECT_EQ(order.full_name(), person.details.full_name());
    if (serial != nullptr) *serial = order.serial();
    Ship(card);
    EXPECT_THAT(AtTheCounter(Named<card::v1::RecordArrivalRequest>(card), &CardStub::RecordArrival), IsOk());
    EXPECT_THAT(AtTheCounter(Named<card::v1::SetUpCardRequest>(card), &CardStub::SetUpCard), IsOk());
    EXPECT_THAT(HandOver(card), IsOk());
    return card;
  }

  CardStatus StatusOfCard(const std::string& card) {
    return Call(cards_.get(), Actor("terminal"), Named<card::v1::GetCardStatusRequest>(card), &CardStub::GetCardStatus)
        .value();
  }
  hotline::v1::Case OpenCase(hotline::events::v1::CallerKind kind) {
    hotline::v1::OpenCaseRequest open;
    open.set_language("ja");
    open.set_caller_kind(kind);
    open.set_note("夜の電話（見本）");
    return ByTelephone(open, &HotlineStub::OpenCase).value();
  }
  // Of somebody who holds the card in hand.
  std::string CaseBySerial(const std::string& serial) {
    const std::string name = OpenCase(hotline::events::v1::CALLER_KIND_FINDER).name();
    auto identify = Named<hotline::v1::IdentifyCallerRequest>(name);
    identify.mutable_search()->set_card_serial(serial);
    EXPECT_THAT(ByTelephone(identify, &HotlineStub::IdentifyCaller), IsOk());
    return name;
  }
  absl::StatusOr<hotline::v1::SuspendCardResponse> Suspend(const std::string& case_name, const std::string& card) {
    auto suspend = Named<hotline::v1::SuspendCardRequest>(case_name);
    suspend.set_card(card);
    suspend.set_reason(card::events::v1::SUSPENSION_REASON_LOST);
    return ByTelephone(suspend, &HotlineStub::SuspendCard);
  }
  card::v1::LiftSuspensionRequest Lifting(const std::string& card) {
    auto lift = Named<card::v1::LiftSuspensionRequest>(card);
    lift.set_person_present(true);
    lift.add_documents(card::events::v1::DOCUMENT_PASSPORT);
    lift.set_police_receipt("police-77");
    return lift;
  }

  RunningCluster cluster_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<CardStub> cards_;
  std::unique_ptr<HotlineStub> hotline_;
  const City city_{kChiyoda};
};

TEST_F(SuspensionStory, LostOnSaturdayNightLiftedAtTheOfficeOnMonday) {
  const Person hanako = Hanako();
  const std::string card = CardInUse(hanako);
  EXPECT_TRUE(StatusOfCard(card).usable());

  PassTo(2026, 12, 5, 23, 40);
  hotline::v1::GetOpenLinesRequest lines;
  lines.set_language("ja");
  grpc::ClientContext context;
  hotline::v1::GetOpenLinesResponse open;
  ASSERT_THAT(rpc::FromGrpc(hotline_->GetOpenLines(&context, lines, &open)), IsOk());
  ASSERT_FALSE(open.suspension_lines().empty());
  EXPECT_EQ(open.suspension_lines(0).number(), "0120-95-0178");

  const std::string name = OpenCase(hotline::events::v1::CALLER_KIND_HOLDER).name();
  auto search = Named<hotline::v1::IdentifyCallerRequest>(name);
  search.mutable_search()->set_name(hanako.details.name_kana());
  *search.mutable_search()->mutable_birth_date() = hanako.details.birth_date();
  const auto found = ByTelephone(search, &HotlineStub::IdentifyCaller);
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->candidates_size(), 1);
  EXPECT_NE(found->candidates(0).masked_name(), hanako.details.full_name()) << "an operator sees no more than needed";
  auto claim = Named<hotline::v1::IdentifyCallerRequest>(name);
  claim.mutable_claim()->set_resident(found->candidates(0).resident());
  *claim.mutable_claim()->mutable_birth_date() = hanako.details.birth_date();
  claim.mutable_claim()->set_address(hanako.details.address());
  const auto identified = ByTelephone(claim, &HotlineStub::IdentifyCaller);
  ASSERT_THAT(identified, IsOk());
  EXPECT_TRUE(identified->identified());

  const auto suspended = Suspend(name, card);
  ASSERT_THAT(suspended, IsOk());
  EXPECT_TRUE(suspended->in_effect());
  const CardStatus status = StatusOfCard(card);
  EXPECT_EQ(status.state(), Card::STATE_SUSPENDED);
  EXPECT_FALSE(status.usable());
  EXPECT_EQ(status.certificates_size(), 2);
  for (const auto& certificate : status.certificates()) EXPECT_FALSE(certificate.usable());

  EXPECT_THAT(ByTelephone(hotline::v1::LiftSuspensionRequest(), &HotlineStub::LiftSuspension).status(),
              ::testing::Not(IsOk()))
      << "never by telephone";
  const auto by_hotline = Call(cards_.get(), Actor("hotline"), Lifting(card), &CardStub::LiftSuspension);
  EXPECT_THAT(by_hotline, IsRefused(StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));

  PassTo(2026, 12, 7, 9);
  const auto lifted = AtTheCounter(Lifting(card), &CardStub::LiftSuspension);
  ASSERT_THAT(lifted, IsOk());
  EXPECT_EQ(lifted->state(), Card::STATE_IN_USE);
  EXPECT_TRUE(StatusOfCard(card).usable());
}

TEST_F(SuspensionStory, TwoCallersForOneCardAreTwoCasesAndOneSuspension) {
  std::string serial;
  const std::string card = CardInUse(Hanako(), &serial);
  const std::string first = CaseBySerial(serial), second = CaseBySerial(serial);
  const auto taken = Suspend(first, card), again = Suspend(second, card);
  ASSERT_THAT(taken, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_FALSE(taken->was_suspended());
  EXPECT_TRUE(again->was_suspended());
  EXPECT_EQ(taken->effect_position(), again->effect_position()) << "one event";
  const auto shown = Call(cards_.get(), city_.Clerk(), Named<card::v1::GetCardRequest>(card), &CardStub::GetCard);
  EXPECT_EQ(shown->suspension().case_name(), first);
}

TEST_F(SuspensionStory, ACardThatIsStillBeingMadeIsHandedOverByNobody) {
  const std::string card = Apply(Hanako());
  const std::string serial = Order(card).serial();
  const auto held = Suspend(CaseBySerial(serial), card);
  ASSERT_THAT(held, IsOk());
  EXPECT_TRUE(held->in_effect());
  EXPECT_EQ(StatusOfCard(card).state(), Card::STATE_HELD);
  Ship(card);
  EXPECT_THAT(AtTheCounter(Named<card::v1::RecordArrivalRequest>(card), &CardStub::RecordArrival), IsOk());
  EXPECT_THAT(HandOver(card), IsRefused(StatusCode::kFailedPrecondition, "CARD_HELD"));
  ASSERT_THAT(AtTheCounter(Lifting(card), &CardStub::LiftSuspension), IsOk());
  EXPECT_THAT(AtTheCounter(Named<card::v1::SetUpCardRequest>(card), &CardStub::SetUpCard), IsOk());
  EXPECT_THAT(HandOver(card), IsOk());
}

TEST_F(SuspensionStory, AWatcherHasASnapshotFirstAndThenEveryChange) {
  std::string serial, other_serial;
  const std::string card = CardInUse(Hanako(), &serial), other = CardInUse(Taro(), &other_serial);
  ASSERT_THAT(Suspend(CaseBySerial(serial), card), IsOk());

  std::vector<uint64_t> cursor;
  std::set<std::string> suspended;
  const auto watch = [&] {
    card::v1::WatchSuspensionsRequest request;
    *request.mutable_actor() = Actor("terminal");
    for (const uint64_t number : cursor) request.add_cursor(number);
    request.set_until_now(true);
    grpc::ClientContext context;
    const auto stream = cards_->WatchSuspensions(&context, request);
    card::v1::WatchSuspensionsResponse some;
    while (stream->Read(&some)) {
      if (cursor.size() <= some.partition()) cursor.resize(some.partition() + 1);
      for (const auto& name : some.suspended()) suspended.insert(name);
      if (some.snapshot_number() != 0) cursor[some.partition()] = some.snapshot_number();
      for (const auto& change : some.changes()) {
        EXPECT_EQ(change.number(), cursor[some.partition()] + 1) << "a gap";
        cursor[some.partition()] = change.number();
        const bool is = change.state() == Card::STATE_SUSPENDED || change.state() == Card::STATE_HELD;
        is ? (void)suspended.insert(change.card()) : (void)suspended.erase(change.card());
      }
    }
    EXPECT_TRUE(stream->Finish().ok());
  };
  watch();
  cursor.resize(4);
  EXPECT_EQ(suspended, std::set<std::string>{card});
  ASSERT_THAT(AtTheCounter(Lifting(card), &CardStub::LiftSuspension), IsOk());
  ASSERT_THAT(Suspend(CaseBySerial(other_serial), other), IsOk());
  watch();
  EXPECT_EQ(suspended, std::set<std::string>{other});
}

}  // namespace
}  // namespace mynumber::stories
