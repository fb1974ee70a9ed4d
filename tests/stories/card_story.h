#ifndef MYNUMBER_TESTS_STORIES_CARD_STORY_H_
#define MYNUMBER_TESTS_STORIES_CARD_STORY_H_

// Applications and cards as municipality, applicant, factory and terminal meet them. The clock is driven by hand.

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "libs/calendar/date.h"
#include "libs/identifiers/application_id_permutation.h"
#include "libs/photo/made_photos.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/status_details.h"
#include "libs/sealing/keyring.h"
#include "mynumber/card/v1/card_service.grpc.pb.h"
#include "tests/stories/story.h"

namespace mynumber::stories {

using card::v1::Application;
using card::v1::Card;
using CardStub = card::v1::CardService::Stub;

// A cluster of its own for each story, since each has its own time.
class CardStory : public ::testing::Test {
 protected:
  CardStory() {
    cluster_.options.serves_notices = true;
    cluster_.options.serves_cards = true;
    cluster_.options.clock_off_max_micros = int64_t{1} << 60;
    PassTo(2026, 12, 21, 9);
    Start();
  }

  void Start() {
    cluster_.Start();
    client_ = std::make_unique<Client>(cluster_.NewClient());
    rpc::ChannelOptions options;
    options.retries = false;
    // A photograph is larger than gRPC's own limit.
    options.max_message_bytes = 16 << 20;
    cards_ = std::make_unique<CardStub>(rpc::MakeChannel(cluster_.target(), options));
  }
  // Tokyo's clock shows this, a little more with every moment that passes.
  void PassTo(int year, int month, int day, int hour) {
    const int64_t moment = calendar::StartOfDayMicros(calendar::Day(year, month, day)) + hour * int64_t{3600'000'000};
    cluster_.AdvanceClock(moment - cluster_.NowMicros());
  }
  type::Date Today() const { return calendar::DateInTokyo(cluster_.NowMicros()); }

  static type::Actor Of(const std::string& authority) {
    type::Actor actor;
    actor.set_authority(authority);
    if (authority.find("municipality/") == 0 || authority == "hotline") actor.set_clerk_id("clerk-7");
    return actor;
  }

  // With a request id of its own, and by the municipality unless an actor is set.
  template <class Request, class Response>
  absl::StatusOr<Response> Ask(Request request,
                               grpc::Status (CardStub::*method)(grpc::ClientContext*, const Request&, Response*)) {
    const auto* id = Request::descriptor()->FindFieldByName("request_id");
    const auto* actor = Request::descriptor()->FindFieldByName("actor");
    const auto* reflection = request.GetReflection();
    if (id != nullptr && reflection->GetString(request, id).empty()) {
      reflection->SetString(&request, id, NewRequestId());
    }
    if (actor != nullptr && !reflection->HasField(request, actor)) {
      reflection->MutableMessage(&request, actor)->CopyFrom(city_.Clerk());
    }
    grpc::ClientContext context;
    Response response;
    const absl::Status status = rpc::FromGrpc((cards_.get()->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }
  // About the card.
  template <class Request>
  absl::StatusOr<Card> AskCard(grpc::Status (CardStub::*method)(grpc::ClientContext*, const Request&, Card*),
                               Request request = {}) {
    request.set_name(card_);
    return Ask(request, method);
  }
  template <class Request, class Response>
  absl::StatusOr<std::vector<Response>> Stream(
      const Request& request,
      std::unique_ptr<grpc::ClientReader<Response>> (CardStub::*method)(grpc::ClientContext*, const Request&)) {
    grpc::ClientContext context;
    const auto stream = (cards_.get()->*method)(&context, request);
    std::vector<Response> all;
    Response response;
    while (stream->Read(&response)) all.push_back(response);
    const absl::Status status = rpc::FromGrpc(stream->Finish());
    if (!status.ok()) return status;
    return all;
  }

  // Somebody has a number, and so a form.
  void Register(const Person& person) {
    person_ = person;
    const auto resident = client_->Call(city_.Registration(person));
    ASSERT_THAT(resident, IsOk());
    resident_ = resident->name();
    const auto keyring = sealing::Keyring::Load(cluster_.data() + "/keyring").value();
    sealing::BlockCipher cipher = keyring.ApplicationIdCipher();
    const identifiers::ApplicationIdPermutation permutation({&sealing::BlockCipher::Call, &cipher});
    application_id_ = permutation.IdFor(person.record_code.substr(0, 10), 0).Format();
    // Prepared some milliseconds later; until then nobody knows this ID.
    for (int i = 0; i < 2000 && ReasonOf(AskStatus().status()) == "APPLICATION_ID_UNKNOWN"; ++i) Wait();
  }
  static void Wait() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

  std::string Photo(const std::string& taken = "2026:12:01 10:00:00") const {
    photo::MadePhoto made;
    made.taken = taken;
    return photo::Make(made);
  }

  absl::StatusOr<Application> StartBy(card::events::v1::ApplicationWay way,
                                      const std::string& email = "hanako@example.invalid") {
    card::v1::StartApplicationRequest request;
    *request.mutable_actor() = Of("application-site");
    request.set_application_id(application_id_);
    request.set_email(email);
    request.set_way(way);
    return Ask(request, &CardStub::StartApplication);
  }
  absl::StatusOr<Application> Confirm(const std::string& token) {
    card::v1::ConfirmEmailRequest request;
    *request.mutable_actor() = Of("application-site");
    request.set_token(token);
    return Ask(request, &CardStub::ConfirmEmail);
  }
  absl::StatusOr<Application> Submit(const std::string& photo, const std::string& request_id = NewRequestId()) {
    card::v1::SubmitApplicationRequest request;
    request.set_request_id(request_id);
    *request.mutable_actor() = Of("application-site");
    request.set_name(application_);
    request.set_photo(photo);
    return Ask(request, &CardStub::SubmitApplication);
  }
  card::v1::RecordMailedApplicationRequest Mailed() {
    card::v1::RecordMailedApplicationRequest request;
    request.set_application_id(application_id_);
    *request.mutable_received_date() = Today();
    *request.mutable_photo_taken_date() = Day(2026, 11, 1);
    request.add_documents(card::events::v1::DOCUMENT_APPLICATION_FORM);
    request.set_return_envelope(true);
    return request;
  }
  absl::StatusOr<card::v1::GetApplicationStatusResponse> AskStatus(const type::Date& birth_date) {
    card::v1::GetApplicationStatusRequest request;
    request.set_application_id(application_id_);
    *request.mutable_birth_date() = birth_date;
    return Ask(request, &CardStub::GetApplicationStatus);
  }
  absl::StatusOr<card::v1::GetApplicationStatusResponse> AskStatus() { return AskStatus(person_.details.birth_date()); }

  // The text of each mail that has come, once there are so many.
  std::vector<std::string> Mails(size_t count) {
    std::set<std::filesystem::path> files;
    for (int i = 0; i < 2000 && files.size() < count; ++i, Wait()) {
      for (const auto& entry : std::filesystem::directory_iterator(cluster_.data() + "/mail")) {
        if (entry.path().extension() == ".eml") files.insert(entry.path());
      }
    }
    std::vector<std::string> texts;
    for (const auto& path : files) {
      std::ifstream file(path, std::ios::binary);
      const std::string mail{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      std::string text;
      absl::Base64Unescape(absl::StrReplaceAll(mail.substr(mail.find("\r\n\r\n") + 4), {{"\r\n", ""}}), &text);
      texts.push_back(absl::StrReplaceAll(text, {{"\r\n", "\n"}}));
    }
    return texts;
  }
  // Of the link in a mail; empty if it has none.
  std::string TokenOf(const std::string& text) {
    const std::string before = "confirm?token=";
    const size_t at = text.find(before);
    if (at == text.npos) return "";
    return text.substr(at + before.size(), text.find('\n', at) - at - before.size());
  }

  // From the link's mail to a submission.
  void ApplyBySmartphone() {
    const auto started = StartBy(card::events::v1::APPLICATION_WAY_SMARTPHONE);
    ASSERT_THAT(started, IsOk());
    application_ = started->name();
    const auto mails = Mails(1);
    ASSERT_EQ(mails.size(), 1u);
    token_ = TokenOf(mails[0]);
    ASSERT_THAT(Confirm(token_), IsOk());
    const auto submitted = Submit(Photo());
    ASSERT_THAT(submitted, IsOk());
    EXPECT_EQ(submitted->state(), Application::STATE_RECEIVED);
  }
  absl::StatusOr<card::v1::StartReviewResponse> Review() {
    card::v1::StartReviewRequest request;
    request.set_name(application_);
    return Ask(request, &CardStub::StartReview);
  }
  absl::StatusOr<Application> Judge(const std::vector<card::events::v1::PhotoDefect>& defects) {
    card::v1::ReviewPhotoRequest request;
    request.set_name(application_);
    for (const auto defect : defects) request.add_defects(defect);
    return Ask(request, &CardStub::ReviewPhoto);
  }
  absl::StatusOr<std::vector<card::v1::ProductionOrder>> Batch() {
    card::v1::GetProductionBatchRequest request;
    *request.mutable_actor() = Of("factory");
    *request.mutable_batch_date() = Today();
    auto answers = Stream(request, &CardStub::GetProductionBatch);
    if (!answers.ok()) return answers.status();
    std::vector<card::v1::ProductionOrder> orders;
    for (const auto& answer : *answers) orders.insert(orders.end(), answer.orders().begin(), answer.orders().end());
    return orders;
  }
  card::v1::ReportProductionResponse::Answer Report(card::v1::ProductionResult::Outcome outcome) {
    card::v1::ReportProductionRequest request;
    *request.mutable_actor() = Of("factory");
    auto* result = request.add_results();
    result->set_card(card_);
    result->set_outcome(outcome);
    *result->mutable_day() = Today();
    const auto response = Ask(request, &CardStub::ReportProduction);
    return response.ok() && response->answers_size() == 1 ? response->answers(0)
                                                          : card::v1::ReportProductionResponse::Answer();
  }
  // Of an application that was received.
  void ApproveAndMake() {
    ASSERT_THAT(Review(), IsOk());
    ASSERT_THAT(Judge({}), IsOk());
    const auto orders = Batch();
    ASSERT_THAT(orders, IsOk());
    ASSERT_EQ(orders->size(), 1u);
    card_ = orders->front().card();
    serial_ = orders->front().serial();
  }
  absl::StatusOr<Card> Issue() {
    card::v1::IssueCardRequest request;
    request.add_documents(card::events::v1::DOCUMENT_DRIVING_LICENCE);
    for (const auto pin : {card::events::v1::PIN_SIGNATURE, card::events::v1::PIN_AUTHENTICATION,
                           card::events::v1::PIN_RESIDENT_REGISTER, card::events::v1::PIN_SURFACE_INPUT}) {
      request.add_pins_set(pin);
    }
    return AskCard(&CardStub::IssueCard, request);
  }
  void HandOver() {
    ASSERT_TRUE(Report(card::v1::ProductionResult::OUTCOME_SHIPPED).taken());
    ASSERT_THAT(AskCard(&CardStub::RecordArrival), IsOk());
    ASSERT_THAT(AskCard(&CardStub::SetUpCard), IsOk());
    ASSERT_THAT(AskCard(&CardStub::SendIssueNotice), IsOk());
    const auto issued = Issue();
    ASSERT_THAT(issued, IsOk());
    EXPECT_EQ(issued->state(), Card::STATE_IN_USE);
  }

  absl::StatusOr<card::v1::SuspendCardResponse> Suspend(const type::Actor& actor) {
    card::v1::SuspendCardRequest request;
    *request.mutable_actor() = actor;
    request.set_name(card_);
    request.set_reason(card::events::v1::SUSPENSION_REASON_LOST);
    return Ask(request, &CardStub::SuspendCard);
  }
  card::v1::LiftSuspensionRequest Lifting() {
    card::v1::LiftSuspensionRequest request;
    request.set_person_present(true);
    request.add_documents(card::events::v1::DOCUMENT_PASSPORT);
    request.set_police_receipt("架空警察署 第12号");
    return request;
  }
  absl::StatusOr<card::v1::CardStatus> Status(bool stale = false) {
    card::v1::GetCardStatusRequest request;
    *request.mutable_actor() = Of("terminal");
    request.set_serial(serial_);
    request.set_stale(stale);
    return Ask(request, &CardStub::GetCardStatus);
  }
  absl::StatusOr<std::vector<card::v1::WatchSuspensionsResponse>> Watch(const std::vector<uint64_t>& cursor = {}) {
    card::v1::WatchSuspensionsRequest request;
    *request.mutable_actor() = Of("terminal");
    for (const uint64_t number : cursor) request.add_cursor(number);
    request.set_until_now(true);
    return Stream(request, &CardStub::WatchSuspensions);
  }

  RunningCluster cluster_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<CardStub> cards_;
  const City city_{kChiyoda};
  Person person_;
  std::string resident_, application_id_, application_, token_, card_, serial_;
};

}  // namespace mynumber::stories

#endif  // MYNUMBER_TESTS_STORIES_CARD_STORY_H_
