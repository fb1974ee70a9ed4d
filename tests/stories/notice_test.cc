// Notices and their mail, from the number's issue to the resident's hands, as municipality and post office meet them.
// The clock is driven by hand, across holidays and the year's end.

#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <thread>

#include "libs/calendar/date.h"
#include "libs/identifiers/tracking_number.h"
#include "libs/rpc/status_details.h"
#include "mynumber/notice/v1/notice_service.grpc.pb.h"
#include "mynumber/postoffice/v1/postoffice_service.grpc.pb.h"
#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using notice::events::v1::TrackingReport;
using notice::v1::Notice;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using NoticeStub = notice::v1::NoticeService::Stub;
using PostOfficeStub = postoffice::v1::PostOfficeService::Stub;
using postoffice::v1::ReportedEvent;

type::Date Date(int year, int month, int day) { return calendar::ToDate(calendar::Day(year, month, day)); }

TrackingReport Report(const std::string& status, const type::Date& day, int minute) {
  TrackingReport report;
  *report.mutable_day() = day;
  report.set_minute_of_day(static_cast<uint32_t>(minute));
  report.set_status(status);
  report.set_office("架空郵便局");
  return report;
}

// A cluster of its own for each story, since each has its own time.
class NoticeStory : public ::testing::Test {
 protected:
  NoticeStory() {
    cluster_.options.serves_notices = true;
    cluster_.options.notices.custody_months[kChiyoda] = 6;
    cluster_.options.clock_off_max_micros = int64_t{1} << 60;
    PassTo(2026, 12, 21, 9);
    Start();
  }

  void Start() {
    cluster_.Start();
    client_ = std::make_unique<Client>(cluster_.NewClient());
    const std::shared_ptr<grpc::Channel> channel(client_->channel(), [](grpc::Channel*) {});
    notices_ = std::make_unique<NoticeStub>(channel);
    post_office_ = std::make_unique<PostOfficeStub>(channel);
  }
  // Tokyo's clock shows this, a little more with every moment that passes.
  void PassTo(int year, int month, int day, int hour) {
    const int64_t moment = calendar::StartOfDayMicros(calendar::Day(year, month, day)) + hour * int64_t{3600'000'000};
    cluster_.AdvanceClock(moment - cluster_.NowMicros());
  }

  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Call(Stub* stub, Request request,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
    *request.mutable_actor() = city_.Clerk();
    grpc::ClientContext context;
    Response response;
    const absl::Status status = rpc::FromGrpc((stub->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }
  template <class Request, class Response>
  absl::StatusOr<Response> Ask(Request request,
                               grpc::Status (NoticeStub::*method)(grpc::ClientContext*, const Request&, Response*)) {
    const auto* field = Request::descriptor()->FindFieldByName("request_id");
    if (field != nullptr) request.GetReflection()->SetString(&request, field, NewRequestId());
    return Call(notices_.get(), std::move(request), method);
  }

  Notice Get() {
    notice::v1::GetNoticeRequest request;
    request.set_name(name_);
    const auto notice = Ask(request, &NoticeStub::GetNotice);
    return notice.ok() ? *notice : Notice();
  }
  // A reaction, or a deadline, is met some milliseconds after its time.
  void AwaitState(Notice::State state) {
    for (int i = 0; i < 2000 && Get().state() != state; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_EQ(Notice::State_Name(Get().state()), Notice::State_Name(state));
  }
  notice::v1::ExplainNoticeResponse Explain() {
    notice::v1::ExplainNoticeRequest request;
    request.set_name(name_);
    return Ask(request, &NoticeStub::ExplainNotice).value();
  }

  void Register() {
    const auto resident = client_->Call(city_.Registration(Hanako()));
    ASSERT_THAT(resident, IsOk());
    name_ = resident->name() + "/notices/1";
    AwaitState(Notice::STATE_PREPARED);
  }
  absl::StatusOr<notice::v1::RenderNoticeResponse> Render() {
    notice::v1::RenderNoticeRequest request;
    request.set_name(name_);
    request.set_mayor_title("架空市長");
    request.set_mayor_name("見本 市長");
    return Ask(request, &NoticeStub::RenderNotice);
  }
  void RegisterRange() {
    postoffice::v1::RegisterTrackingRangeRequest request;
    request.mutable_actor()->set_authority("post-office");
    request.set_first_tracking_number(identifiers::TrackingNumber::FromSerial(3'010'010'000).Format());
    request.set_last_tracking_number(identifiers::TrackingNumber::FromSerial(3'010'010'999).Format());
    for (int time = 0; time < 2; ++time) {
      grpc::ClientContext context;
      postoffice::v1::RegisterTrackingRangeResponse response;
      ASSERT_THAT(rpc::FromGrpc(post_office_->RegisterTrackingRange(&context, request, &response)), IsOk());
      EXPECT_EQ(response.count(), 1000u);
    }
  }
  std::vector<postoffice::v1::ManifestPiece> Manifest() {
    postoffice::v1::GetManifestRequest request;
    request.mutable_actor()->set_authority("post-office");
    grpc::ClientContext context;
    const auto stream = post_office_->GetManifest(&context, request);
    std::vector<postoffice::v1::ManifestPiece> pieces;
    postoffice::v1::GetManifestResponse response;
    while (stream->Read(&response)) pieces.insert(pieces.end(), response.pieces().begin(), response.pieces().end());
    EXPECT_THAT(rpc::FromGrpc(stream->Finish()), IsOk());
    return pieces;
  }
  void PrintAndPost() {
    ASSERT_THAT(Render(), IsOk());
    RegisterRange();
    const auto pieces = Manifest();
    ASSERT_EQ(pieces.size(), 1u);
    EXPECT_EQ(pieces[0].notice(), name_);
    EXPECT_EQ(pieces[0].addressee_name(), Hanako().details.full_name());
    number_ = pieces[0].tracking_number();
    EXPECT_EQ(Manifest()[0].tracking_number(), number_) << "asked again: the same piece";
  }
  std::vector<ReportedEvent> Report(const std::vector<std::pair<std::string, TrackingReport>>& reports) {
    grpc::ClientContext context;
    const auto stream = post_office_->ReportTrackingEvents(&context);
    postoffice::v1::ReportTrackingEventsRequest request;
    request.mutable_actor()->set_authority("post-office");
    request.set_batch_id(7);
    for (const auto& [number, report] : reports) {
      request.add_reports()->set_tracking_number(number);
      *request.mutable_reports()->rbegin()->mutable_report() = report;
    }
    EXPECT_TRUE(stream->Write(request));
    stream->WritesDone();
    postoffice::v1::ReportTrackingEventsResponse response;
    EXPECT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.batch_id(), 7u);
    EXPECT_THAT(rpc::FromGrpc(stream->Finish()), IsOk());
    return {response.events().begin(), response.events().end()};
  }
  void Tell(const std::string& status, const type::Date& day, int minute) {
    const auto events = Report({{number_, stories::Report(status, day, minute)}});
    ASSERT_EQ(events.size(), 1u);
    ASSERT_EQ(events[0].outcome(), ReportedEvent::OUTCOME_ACCEPTED) << rpc::FromRpc(events[0].error());
  }
  absl::StatusOr<Notice> Resend(const type::Date& day) {
    notice::v1::RequestResendRequest request;
    request.set_name(name_);
    request.set_tracking_number(number_);
    request.set_way(notice::events::v1::RESEND_WAY_DELIVERY);
    *request.mutable_day() = day;
    request.set_window(notice::events::v1::RESEND_WINDOW_19_TO_21);
    return Ask(request, &NoticeStub::RequestResend);
  }
  notice::v1::ListWorkResponse Work() {
    notice::v1::ListWorkRequest request;
    request.set_municipality_code(kChiyoda);
    return Ask(request, &NoticeStub::ListWork).value();
  }

  RunningCluster cluster_;
  const City city_{kChiyoda};
  std::unique_ptr<Client> client_;
  std::unique_ptr<NoticeStub> notices_;
  std::unique_ptr<PostOfficeStub> post_office_;
  std::string name_;
  std::string number_;
};

TEST_F(NoticeStory, AbsentThenBroughtAgainThenDelivered) {
  Register();
  PrintAndPost();
  PassTo(2026, 12, 24, 18);
  Tell("引受", Date(2026, 12, 21), 17 * 60);
  Tell("ご不在のため持ち戻り", Date(2026, 12, 24), 14 * 60);
  const auto held = Get();
  EXPECT_EQ(held.state(), Notice::STATE_HELD);
  EXPECT_EQ(held.held_until().day(), 31) << "seven days from the 24th, whatever the calendar says";
  EXPECT_THAT(Explain().sentence_ja(), HasSubstr("12月31日"));
  EXPECT_THAT(Explain().sentence_en(), HasSubstr("Thursday 31 December 2026"));
  // Into the closure of the year's end, when municipal offices are closed and the mail is brought.
  EXPECT_THAT(Resend(Date(2026, 12, 30)), IsOk());
  EXPECT_THAT(Explain().sentence_en(), HasSubstr("brought again on Wednesday 30 December"));
  PassTo(2026, 12, 30, 21);
  Tell("お届け先にお届け済み", Date(2026, 12, 30), 20 * 60);
  EXPECT_EQ(Get().state(), Notice::STATE_DELIVERED);
  EXPECT_THAT(Resend(Date(2026, 12, 31)), IsRefused(StatusCode::kFailedPrecondition, "NOTICE_DELIVERED"));
  EXPECT_THAT(client_->Verify(), IsOk());
}

TEST_F(NoticeStory, SevenDaysThenBackInCustodyThenMailedAgain) {
  Register();
  PrintAndPost();
  PassTo(2026, 12, 28, 18);
  Tell("ご不在のため持ち戻り", Date(2026, 12, 28), 11 * 60);
  PassTo(2027, 1, 4, 23);
  EXPECT_EQ(Get().state(), Notice::STATE_HELD) << "4 January is the limit day, and counts";
  PassTo(2027, 1, 5, 0);
  AwaitState(Notice::STATE_RETURNING);
  EXPECT_THAT(Resend(Date(2027, 1, 6)), IsRefused(StatusCode::kFailedPrecondition, "STORAGE_OVER"));
  PassTo(2027, 1, 6, 12);
  Tell("差出人に返送済み", Date(2027, 1, 6), 600);
  EXPECT_EQ(Get().state(), Notice::STATE_IN_CUSTODY);
  EXPECT_EQ(Get().custody_until().month(), 7) << "six months, as this municipality has it";
  ASSERT_EQ(Work().work_size(), 1);
  EXPECT_EQ(Work().work(0).kind(), notice::events::v1::WORK_KIND_IN_CUSTODY);
  notice::v1::MailAgainRequest again;
  again.set_name(name_);
  EXPECT_THAT(Ask(again, &NoticeStub::MailAgain), IsOk());
  const auto pieces = Manifest();
  ASSERT_EQ(pieces.size(), 1u);
  EXPECT_NE(pieces[0].tracking_number(), number_);
  EXPECT_EQ(Get().state(), Notice::STATE_POSTED);
  EXPECT_EQ(Work().work_size(), 0);
}

TEST_F(NoticeStory, ItIsDrawnUntilItIsPostedAndNeverReissued) {
  Register();
  const auto first = Render();
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(first->pdf(), StartsWith("%PDF-"));
  EXPECT_EQ(Render()->pdf(), first->pdf());
  PrintAndPost();
  const auto refused = Render();
  EXPECT_THAT(refused, IsRefused(StatusCode::kFailedPrecondition, "NOTICE_NEVER_REISSUED"));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("residence record with the number"));
}

TEST_F(NoticeStory, EachReportIsAnswered) {
  Register();
  PrintAndPost();
  const std::string nobodys(identifiers::TrackingNumber::FromSerial(3'010'010'777).digits());
  const auto accepted = stories::Report("引受", Date(2026, 12, 21), 600);
  const auto events = Report({{number_, accepted},
                              {number_, accepted},
                              {nobodys, accepted},
                              {"30100123455", accepted},
                              {number_, stories::Report("引受", Date(2026, 12, 22), 600)},
                              {number_, stories::Report("見知らぬことば", Date(2026, 12, 21), 610)}});
  std::vector<ReportedEvent::Outcome> outcomes;
  for (const auto& event : events) outcomes.push_back(event.outcome());
  EXPECT_THAT(outcomes, ElementsAre(ReportedEvent::OUTCOME_ACCEPTED, ReportedEvent::OUTCOME_DUPLICATE,
                                    ReportedEvent::OUTCOME_KEPT_UNMATCHED, ReportedEvent::OUTCOME_REFUSED,
                                    ReportedEvent::OUTCOME_REFUSED, ReportedEvent::OUTCOME_ACCEPTED));
  EXPECT_EQ(ReasonOf(rpc::FromRpc(events[3].error())), "TRACKING_NUMBER_WRONG_CHECK_DIGIT");
  EXPECT_EQ(ReasonOf(rpc::FromRpc(events[4].error())), "REPORT_IN_THE_FUTURE");
  EXPECT_EQ(Get().unknown_words(), 1u);
  postoffice::v1::ListUnknownWordsRequest request;
  request.mutable_actor()->set_authority("post-office");
  grpc::ClientContext context;
  postoffice::v1::ListUnknownWordsResponse words;
  ASSERT_THAT(rpc::FromGrpc(post_office_->ListUnknownWords(&context, request, &words)), IsOk());
  ASSERT_EQ(words.words_size(), 1);
  EXPECT_EQ(words.words(0).status(), "見知らぬことば");
}

TEST_F(NoticeStory, WhatIsMissingOrWrongIsRefusedByName) {
  name_ = "residents/00112233445566778899aabbccddeeff/notices/1";
  EXPECT_THAT(Render(), IsRefused(StatusCode::kNotFound, "NOTICE_UNKNOWN")) << "not yet prepared";
  Register();
  notice::v1::RecordCounterHandoverRequest handover;
  handover.set_name(name_);
  EXPECT_THAT(Ask(handover, &NoticeStub::RecordCounterHandover),
              IsRefused(StatusCode::kInvalidArgument, "IDENTITY_CHECK_MISSING"));
  handover.set_identity_check(notice::events::v1::IDENTITY_CHECK_TWO_DOCUMENTS);
  EXPECT_THAT(Ask(handover, &NoticeStub::RecordCounterHandover),
              IsRefused(StatusCode::kFailedPrecondition, "NOTICE_NOT_IN_CUSTODY"));
  number_ = "301-00-10000-5";
  EXPECT_THAT(Resend(Date(2026, 12, 30)), IsRefused(StatusCode::kInvalidArgument, "TRACKING_NUMBER_WRONG_CHECK_DIGIT"));
  number_ = "301-00-10000-4";
  EXPECT_THAT(Resend(Date(2026, 12, 30)), IsRefused(StatusCode::kFailedPrecondition, "NOTICE_NOT_POSTED"));
  EXPECT_THAT(Resend({}), IsRefused(StatusCode::kInvalidArgument, "DATE_MISSING"));
  notice::v1::RecordDestructionRequest destruction;
  destruction.set_name(name_);
  EXPECT_THAT(Ask(destruction, &NoticeStub::RecordDestruction),
              IsRefused(StatusCode::kInvalidArgument, "RECORD_MISSING"));
  notice::v1::GetNoticeRequest get;
  get.set_name("residents/1");
  EXPECT_THAT(Ask(get, &NoticeStub::GetNotice), IsRefused(StatusCode::kInvalidArgument, "NOTICE_NAME_MALFORMED"));
}

TEST_F(NoticeStory, AFeedHasNoGapAndGoesOnFromItsCursor) {
  Register();
  PrintAndPost();
  Tell("引受", Date(2026, 12, 21), 600);
  const auto watch = [&](const std::vector<uint64_t>& cursor) {
    notice::v1::WatchNoticesRequest request;
    *request.mutable_actor() = city_.Clerk();
    request.set_municipality_code(kChiyoda);
    request.mutable_cursor()->Add(cursor.begin(), cursor.end());
    request.set_until_now(true);
    grpc::ClientContext context;
    const auto stream = notices_->WatchNotices(&context, request);
    std::vector<notice::v1::WatchNoticesResponse> told;
    notice::v1::WatchNoticesResponse response;
    while (stream->Read(&response)) told.push_back(response);
    EXPECT_THAT(rpc::FromGrpc(stream->Finish()), IsOk());
    return told;
  };
  const auto told = watch({});
  ASSERT_EQ(told.size(), 1u);
  std::vector<std::string> types;
  for (int i = 0; i < told[0].changes_size(); ++i) {
    EXPECT_EQ(told[0].changes(i).number(), static_cast<uint64_t>(i) + 1);
    types.push_back(told[0].changes(i).event_type());
  }
  EXPECT_THAT(types, ElementsAre("notice_prepared", "notice_rendered", "notice_posted", "tracking_reported"));
  std::vector<uint64_t> cursor(4);
  cursor[told[0].partition()] = 2;
  EXPECT_EQ(watch(cursor)[0].changes(0).event_type(), "notice_posted");
  cursor[told[0].partition()] = 4;
  EXPECT_TRUE(watch(cursor).empty());
}

TEST_F(NoticeStory, AnotherMunicipalitySeesAndDoesNothing) {
  Register();
  notice::v1::GetNoticeRequest request;
  request.set_name(name_);
  *request.mutable_actor() = City(kOsaka).Clerk();
  grpc::ClientContext context;
  Notice response;
  EXPECT_THAT(rpc::FromGrpc(notices_->GetNotice(&context, request, &response)),
              IsRefused(StatusCode::kPermissionDenied, "MUNICIPALITY_NOT_YOURS"));
}

TEST_F(NoticeStory, ADeathBeforePostingCancelsAndAReplacementIsANoticeOfItsOwn) {
  Register();
  const std::string resident = name_.substr(0, name_.find("/notices"));
  ASSERT_THAT(client_->Call(city_.Replacement(resident)), IsOk());
  AwaitState(Notice::STATE_SUPERSEDED);
  name_ = resident + "/notices/2";
  AwaitState(Notice::STATE_PREPARED);
  v1::RecordDeathRequest death = city_.Death(resident);
  *death.mutable_death_date() = Date(2026, 12, 21);
  ASSERT_THAT(client_->Call(death), IsOk());
  AwaitState(Notice::STATE_CANCELLED);
}

TEST_F(NoticeStory, AfterARestartAllIsAsItWas) {
  Register();
  PrintAndPost();
  Tell("引受", Date(2026, 12, 21), 600);
  const std::string before = Get().SerializeAsString();
  cluster_.Stop();
  std::filesystem::remove_all(cluster_.data() + "/notice");
  Start();
  Notice after = Get(), was;
  was.ParseFromString(before);
  after.clear_position();
  was.clear_position();
  EXPECT_EQ(after.SerializeAsString(), was.SerializeAsString()) << "folded afresh";
  const auto report = client_->Verify();
  ASSERT_THAT(report, IsOk());
  EXPECT_TRUE(report->clean());
}

}  // namespace
}  // namespace mynumber::stories
