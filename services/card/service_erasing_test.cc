// What clerks, terminals, the factory and the hotline are told of a resident who was erased.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/calendar/date.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status_details.h"
#include "libs/testing/matchers.h"
#include "mynumber/eventlog/v1/eventlog.pb.h"
#include "services/card/service_made_up.h"

namespace mynumber::card {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::HasReason;

constexpr int64_t kSecond = 1'000'000;

class ServiceErasingTest : public made_up::AssemblyFixture {
 protected:
  using Stub = v1::CardService::Stub;
  ~ServiceErasingTest() override { Leave(); }

  void Enter() {
    Start();
    Call();
  }
  void Leave() {
    if (rpc_server_) rpc_server_->Drain(2000);
    End();
    rpc_server_.reset();
  }
  void Call() {
    rpc_server_ = *rpc::Server::Start({}, {assembly_->service()});
    stub_ = v1::CardService::NewStub(rpc_server_->InProcessChannel());
  }
  // A card with the factory, of today's batch.
  void Order(char letter) {
    Begin(letter, std::string(1, letter) + "@example.jp");
    Must(letter, ConfirmEmail{1, 1, keys_.TokenHashFor(made_up::Resident(letter), 1, 1)});
    Must(letter, made_up::Submission(events::v1::APPLICATION_WAY_SMARTPHONE, 1));
    Must(letter, StartReview{1, made_up::Clerk()});
    Must(letter, ReviewPhoto{1, {}, made_up::Clerk()});
    Must(letter, OrderProduction{1});
  }
  // In the holder's hands.
  void Issue(char letter) {
    Order(letter);
    Must(letter, RecordShipment{1, Today(), made_up::Factory()});
    Must(letter, RecordArrival{1, made_up::Clerk()});
    Must(letter, SetUpCard{1, made_up::Clerk()});
    Must(letter, SendIssueNotice{1, made_up::Clerk()});
    Must(letter, made_up::HandOver());
  }
  // In the card service's log.
  size_t DestroyedKeys() {
    const auto log = log_->Partition("card", 0, [] {});
    const auto records = log->Read(0, 1 << 20);
    size_t destroyed = 0;
    for (const auto& record : records.value()) {
      eventlog::v1::Record read;
      EXPECT_TRUE(read.ParseFromString(record.bytes));
      const auto block = log->ReadKeyBlock({read.batch().claim_id(), read.batch().claim_sequence()});
      eventlog::v1::KeyBlock keys;
      if (block.ok()) EXPECT_TRUE(keys.ParseFromString(*block));
      for (const auto& key : keys.keys()) destroyed += key.master_version() == 0;
    }
    return destroyed;
  }
  type::Date Today() const { return calendar::DateInTokyo(now_); }
  static std::string CardOf(char letter) { return FormatCardName({made_up::Resident(letter), 1}); }

  template <class Request, class Response>
  absl::Status Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext call;
    const grpc::Status status = (stub_.get()->*method)(&call, request, response);
    return status.ok() ? absl::OkStatus() : rpc::FromGrpc(status);
  }
  v1::CardStatus StatusOf(char letter) {
    v1::GetCardStatusRequest request;
    *request.mutable_actor() = made_up::Actor("terminal");
    request.set_name(CardOf(letter));
    v1::CardStatus status;
    EXPECT_EQ(Ask(&Stub::GetCardStatus, request, &status), absl::OkStatus());
    return status;
  }
  void ExpectErased(char letter, int64_t erased_micros) {
    v1::GetCardRequest request;
    *request.mutable_actor() = made_up::Clerk();
    request.set_name(CardOf(letter));
    v1::Card card;
    EXPECT_THAT(Ask(&Stub::GetCard, request, &card), HasReason(v1::RESIDENT_ERASED));
    v1::GetApplicationRequest of_application;
    *of_application.mutable_actor() = made_up::Clerk();
    of_application.set_name(FormatApplicationName({made_up::Resident(letter), 1}));
    v1::Application application;
    EXPECT_THAT(Ask(&Stub::GetApplication, of_application, &application), HasReason(v1::RESIDENT_ERASED));
    const v1::CardStatus status = StatusOf(letter);
    EXPECT_FALSE(status.usable());
    EXPECT_EQ(status.state(), v1::Card::STATE_REVOKED);
    EXPECT_EQ(status.name(), CardOf(letter));
    EXPECT_EQ(status.since().seconds(), erased_micros / kSecond);
    EXPECT_THAT(status.certificates(), IsEmpty());
  }

  std::unique_ptr<rpc::Server> rpc_server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(ServiceErasingTest, ReadsSayThatItWasErasedAndTerminalsThatNoCardIsGood) {
  Enter();
  Issue('a');
  EXPECT_TRUE(StatusOf('a').usable());
  const int64_t erased_micros = now_;
  Must('a', EraseResident{});
  ExpectErased('a', erased_micros);
  Pass(3600 * kSecond);
  ExpectErased('a', erased_micros);
}

TEST_F(ServiceErasingTest, RowsThatAreFoldedAfterwardsSayTheSame) {
  Enter();
  Issue('a');
  Issue('b');
  const int64_t erased_micros = now_;
  Must('a', EraseResident{});
  Until([&] { return DestroyedKeys() == 1; });
  Leave();
  std::filesystem::remove_all(folder_ + "/card/0");
  Enter();
  ExpectErased('a', erased_micros);
  EXPECT_TRUE(StatusOf('b').usable());
}

TEST_F(ServiceErasingTest, TheFactoryIsRefusedThatCardAloneAndTheBatchIsToldWithoutIt) {
  Enter();
  Order('a');
  Order('b');
  Must('a', EraseResident{});
  v1::GetProductionBatchRequest of_today;
  *of_today.mutable_actor() = made_up::Factory();
  *of_today.mutable_batch_date() = Today();
  grpc::ClientContext call;
  const auto batch = stub_->GetProductionBatch(&call, of_today);
  std::vector<std::string> told;
  for (v1::GetProductionBatchResponse response; batch->Read(&response);) {
    for (const auto& order : response.orders()) told.push_back(order.card());
  }
  EXPECT_TRUE(batch->Finish().ok());
  EXPECT_THAT(told, ElementsAre(CardOf('b')));

  v1::ReportProductionRequest report;
  *report.mutable_actor() = made_up::Factory();
  for (const char letter : {'a', 'b'}) {
    v1::ProductionResult* result = report.add_results();
    result->set_card(CardOf(letter));
    result->set_outcome(v1::ProductionResult::OUTCOME_SHIPPED);
    *result->mutable_day() = Today();
  }
  v1::ReportProductionResponse answer;
  ASSERT_EQ(Ask(&Stub::ReportProduction, report, &answer), absl::OkStatus());
  ASSERT_EQ(answer.answers_size(), 2);
  EXPECT_FALSE(answer.answers(0).taken());
  EXPECT_EQ(answer.answers(0).refused_reason(), "RESIDENT_ERASED");
  EXPECT_NE(answer.answers(0).refused_sentence(), "");
  EXPECT_TRUE(answer.answers(1).taken());
}

TEST_F(ServiceErasingTest, TheHotlineIsRefusedASuspensionAndFindsNobody) {
  Enter();
  Issue('a');
  Must('a', EraseResident{});
  v1::SuspendCardRequest suspend;
  suspend.set_request_id("00000000-0000-4000-8000-000000000001");
  *suspend.mutable_actor() = made_up::Operator();
  suspend.set_name(CardOf('a'));
  suspend.set_reason(events::v1::SUSPENSION_REASON_LOST);
  v1::SuspendCardResponse suspended;
  const absl::Status refused = Ask(&Stub::SuspendCard, suspend, &suspended);
  EXPECT_THAT(refused, HasReason(v1::RESIDENT_ERASED));
  EXPECT_THAT(refused, testing::HasCode(absl::StatusCode::kFailedPrecondition)) << "no reason to ask again";
  v1::ConfirmHolderRequest confirm;
  *confirm.mutable_actor() = made_up::Operator();
  confirm.set_resident(FormatResidentName(made_up::Resident('a')));
  v1::ConfirmHolderResponse confirmed;
  EXPECT_THAT(Ask(&Stub::ConfirmHolder, confirm, &confirmed), HasReason(v1::HOLDER_UNKNOWN));
  v1::FindHoldersRequest find;
  *find.mutable_actor() = made_up::Operator();
  find.set_name("見本 花子");
  *find.mutable_birth_date() = made_up::Hanako().birth_date();
  v1::FindHoldersResponse found;
  EXPECT_EQ(Ask(&Stub::FindHolders, find, &found), absl::OkStatus());
  EXPECT_THAT(found.candidates(), IsEmpty());
}

TEST_F(ServiceErasingTest, TheListForTerminalsGoesOnAndSaysThatTheCardEnded) {
  Enter();
  Issue('a');
  Must('a', made_up::Suspension());
  Issue('b');
  Must('b', made_up::Suspension());
  Must('a', EraseResident{});
  const auto watch = [&](bool from_the_beginning) {
    v1::WatchSuspensionsRequest request;
    *request.mutable_actor() = made_up::Actor("terminal");
    if (from_the_beginning) request.add_cursor(0);
    request.set_until_now(true);
    grpc::ClientContext call;
    const auto stream = stub_->WatchSuspensions(&call, request);
    std::vector<v1::WatchSuspensionsResponse> all;
    for (v1::WatchSuspensionsResponse response; stream->Read(&response);) all.push_back(response);
    EXPECT_TRUE(stream->Finish().ok());
    return all;
  };
  std::vector<std::string> suspended;
  for (const auto& response : watch(false)) {
    suspended.insert(suspended.end(), response.suspended().begin(), response.suspended().end());
  }
  EXPECT_THAT(suspended, ElementsAre(CardOf('b')));
  std::map<std::string, v1::Card::State> last;
  for (const auto& response : watch(true)) {
    for (const auto& change : response.changes()) last[change.card()] = change.state();
  }
  EXPECT_EQ(last[CardOf('a')], v1::Card::STATE_REVOKED);
  EXPECT_EQ(last[CardOf('b')], v1::Card::STATE_SUSPENDED);
}

TEST_F(ServiceErasingTest, APhotographIsOfNoUseAnyMore) {
  Enter();
  Order('a');
  const auto resident = made_up::Resident('a');
  const std::string file = keys_.PhotoFileName(resident, std::string(32, 'p'));
  EXPECT_TRUE(assembly_->IsPhotoOfUse(resident, file));
  Must('a', EraseResident{});
  EXPECT_FALSE(assembly_->IsPhotoOfUse(resident, file));
  Leave();
  std::filesystem::remove_all(folder_ + "/card/0");
  Enter();
  EXPECT_FALSE(assembly_->IsPhotoOfUse(resident, file)) << "folded afterwards";
}

TEST_F(ServiceErasingTest, AMailThatWaitedIsNotSent) {
  server_.Answer(absl::UnavailableError("down"));
  Enter();
  Begin('a', "hanako@example.jp");
  Until([&] { return Came() == 1; });
  Settle();
  Must('a', EraseResident{});
  EXPECT_EQ(StillToBeSent(), 0u);
  Pass(3600 * kSecond);
  Settle();
  EXPECT_EQ(Came(), 1u);
}

}  // namespace
}  // namespace mynumber::card
