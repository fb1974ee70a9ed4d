// The suspension hotline in the process that has everything: which number is open, a case over a restart, what is never
// done by telephone, and rows that are the fold of the log.

#include <grpcpp/grpcpp.h>

#include <filesystem>

#include "libs/rpc/status_details.h"
#include "mynumber/hotline/v1/hotline_service.grpc.pb.h"
#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using hotline::v1::Case;
using ::testing::HasSubstr;
using HotlineStub = hotline::v1::HotlineService::Stub;

class HotlineStory : public ::testing::Test {
 protected:
  HotlineStory() {
    cluster_.options.serves_notices = true;
    cluster_.options.serves_cards = true;
    cluster_.options.clock_off_max_micros = int64_t{1} << 60;
    cluster_.options.hotline.case_retention_days = kRetentionDays;
    Start();
  }
  void Start() {
    cluster_.Start();
    client_ = std::make_unique<Client>(cluster_.NewClient());
    stub_ = std::make_unique<HotlineStub>(std::shared_ptr<grpc::Channel>(client_->channel(), [](grpc::Channel*) {}));
  }
  template <class Method, class Request, class Response>
  absl::Status Ask(Method method, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const grpc::Status status = (stub_.get()->*method)(&context, request, response);
    return status.ok() ? absl::OkStatus() : rpc::FromGrpc(status);
  }
  template <class Request>
  Request Asking() {
    Request request;
    request.set_request_id(NewRequestId());
    request.mutable_actor()->set_authority("hotline");
    request.mutable_actor()->set_clerk_id("operator-1");
    return request;
  }

  hotline::v1::OpenCaseRequest Opening(const std::string& note) {
    auto open = Asking<hotline::v1::OpenCaseRequest>();
    open.set_language("en");
    open.set_caller_kind(hotline::events::v1::CALLER_KIND_HOLDER);
    open.set_note(note);
    return open;
  }
  // One that was opened with this note, and closed.
  Case ClosedCase(const std::string& note) {
    Case one;
    EXPECT_EQ(Ask(&HotlineStub::OpenCase, Opening(note), &one), absl::OkStatus());
    auto close = Asking<hotline::v1::CloseCaseRequest>();
    close.set_name(one.name());
    EXPECT_EQ(Ask(&HotlineStub::CloseCase, close, &one), absl::OkStatus());
    return one;
  }
  absl::Status Look(const std::string& name, Case* seen) {
    hotline::v1::GetCaseRequest get;
    get.set_name(name);
    *get.mutable_actor() = Asking<hotline::v1::CloseCaseRequest>().actor();
    return Ask(&HotlineStub::GetCase, get, seen);
  }
  void AwaitErased(const std::string& name) {
    Case seen;
    for (int i = 0; i < 4000 && Look(name, &seen).ok(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_THAT(Look(name, &seen), IsRefused(StatusCode::kFailedPrecondition, "CASE_ERASED"));
  }

  static constexpr int kRetentionDays = 30;
  RunningCluster cluster_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<HotlineStub> stub_;
};

TEST_F(HotlineStory, ACaseOutlivesTheProcessAndIsClosedOnce) {
  const auto open = Opening("lost on a train");
  Case opened, again, seen, closed;
  ASSERT_EQ(Ask(&HotlineStub::OpenCase, open, &opened), absl::OkStatus());
  cluster_.Stop();
  Start();
  ASSERT_EQ(Ask(&HotlineStub::OpenCase, open, &again), absl::OkStatus());
  EXPECT_EQ(again.SerializeAsString(), opened.SerializeAsString()) << "the same request, the same answer";
  ASSERT_EQ(Look(opened.name(), &seen), absl::OkStatus());
  EXPECT_EQ(seen.notes(0).text(), "lost on a train");
  auto close = Asking<hotline::v1::CloseCaseRequest>();
  close.set_name(opened.name());
  ASSERT_EQ(Ask(&HotlineStub::CloseCase, close, &closed), absl::OkStatus());
  close.set_request_id(NewRequestId());
  EXPECT_THAT(std::string(Ask(&HotlineStub::CloseCase, close, &closed).message()), HasSubstr("closed"));
  EXPECT_TRUE(client_->Verify().value().clean()) << "the rows are the fold of the log";
}

TEST_F(HotlineStory, NothingIsLiftedByTelephoneAndALineIsAlwaysOpen) {
  hotline::v1::LiftSuspensionResponse lifted;
  const absl::Status refused =
      Ask(&HotlineStub::LiftSuspension, Asking<hotline::v1::LiftSuspensionRequest>(), &lifted);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("municipal office"));
  hotline::v1::GetOpenLinesRequest request;
  request.set_language("vi");
  hotline::v1::GetOpenLinesResponse lines;
  ASSERT_EQ(Ask(&HotlineStub::GetOpenLines, request, &lines), absl::OkStatus());
  EXPECT_GT(lines.suspension_lines_size(), 0);
}

TEST_F(HotlineStory, WhatAClosedCaseSaysIsDestroyedWhenItsPeriodIsOver) {
  constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;
  const Case old = ClosedCase("lost on a train");
  cluster_.AdvanceClock(20 * kDayMicros);
  const Case young = ClosedCase("found in a park");
  Case seen;
  ASSERT_EQ(Look(old.name(), &seen), absl::OkStatus());
  EXPECT_EQ(seen.notes(0).text(), "lost on a train");
  cluster_.AdvanceClock(11 * kDayMicros);
  AwaitErased(old.name());
  cluster_.AwaitZero("mynumber_keys_to_destroy");
  EXPECT_TRUE(client_->Verify("hotline")->clean());

  // Folded afresh, without the key.
  cluster_.Stop();
  std::filesystem::remove_all(cluster_.data() + "/hotline");
  Start();
  AwaitErased(old.name());
  EXPECT_TRUE(client_->Verify("hotline")->clean());
  ASSERT_EQ(Look(young.name(), &seen), absl::OkStatus());
  EXPECT_EQ(seen.notes(0).text(), "found in a park");
}

}  // namespace
}  // namespace mynumber::stories
