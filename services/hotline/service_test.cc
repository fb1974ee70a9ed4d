// The hotline over gRPC beside a made-up card service: what operators are told, and that it is true.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/testing/matchers.h"
#include "mynumber/hotline/v1/error_reason.pb.h"
#include "services/hotline/service_made_up.h"

namespace mynumber::hotline {
namespace {

using namespace made_up;  // NOLINT: people and words of these stories
using ::testing::AllOf;
using ::testing::HasSubstr;
using mynumber::testing::HasCode;
using mynumber::testing::HasReason;
using mynumber::testing::NamesField;
using Manner = MadeUpCards::Manner;

class HotlineTest : public HotlineFixture {};

TEST_F(HotlineTest, AHolderCallsAndTheCardIsSuspended) {
  const std::string name = OpenedCase();
  const auto found = Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, Searching(name));
  ASSERT_EQ(found.candidates_size(), 1);
  EXPECT_EQ(found.candidates(0).masked_name(), "見* 花*");
  EXPECT_FALSE(found.identified());
  const auto known = Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, Claiming(name));
  EXPECT_TRUE(known.identified());
  ASSERT_EQ(known.case_().cards_size(), 2);
  const auto suspended = Suspend(Suspending(name));
  EXPECT_TRUE(suspended.in_effect());
  EXPECT_EQ(suspended.state(), v1::Suspension::STATE_IN_EFFECT);
  EXPECT_EQ(suspended.effect_position(), "0@9.0");
  EXPECT_FALSE(suspended.sentence_ja().empty() || suspended.sentence_en().empty());
  EXPECT_EQ(cards_.suspended().count(Card()), 1u);
  EXPECT_THAT(registry_.Text(), HasSubstr("mynumber_suspension_effect_seconds_count 1"));
  EXPECT_EQ(CaseNow(name).state(), v1::Case::STATE_SUSPENDED) << "a read that begins later sees it";
  auto report = Asking<v1::RecordPoliceReportRequest>(name);
  report.set_receipt_number("A-123");
  EXPECT_EQ(Must<v1::Case>(&Stub::RecordPoliceReport, report).police_receipts(0), "A-123");
  auto note = Asking<v1::AddNoteRequest>(name);
  note.set_text("折り返し不要");
  EXPECT_EQ(Must<v1::Case>(&Stub::AddNote, note).notes(0).text(), "折り返し不要");
  EXPECT_EQ(Must<v1::Case>(&Stub::CloseCase, Asking<v1::CloseCaseRequest>(name)).state(), v1::Case::STATE_CLOSED);
  v1::Case again;
  EXPECT_THAT(Ask(&Stub::CloseCase, Asking<v1::CloseCaseRequest>(name), &again), HasReason(v1::CASE_CLOSED));
}

TEST_F(HotlineTest, TheSameRequestGetsTheSameAnswer) {
  auto open = Asking<v1::OpenCaseRequest>();
  open.set_language("en-GB");
  open.set_caller_kind(events::v1::CALLER_KIND_HOLDER);
  const v1::Case first = Must<v1::Case>(&Stub::OpenCase, open), again = Must<v1::Case>(&Stub::OpenCase, open);
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  const std::string name = IdentifiedCase();
  const auto request = Suspending(name);
  const std::string answer = Suspend(request).SerializeAsString();
  EXPECT_EQ(Suspend(request).SerializeAsString(), answer);
  Must<v1::Case>(&Stub::CloseCase, Asking<v1::CloseCaseRequest>(name));
  EXPECT_EQ(Suspend(request).SerializeAsString(), answer) << "though no new one is taken in a closed case";
  const auto asked = cards_.asked();
  EXPECT_EQ(std::set<std::string>(asked.begin(), asked.end()).size(), 1u) << "the card service is asked the same";
  auto other = request;
  other.set_reason(card::events::v1::SUSPENSION_REASON_STOLEN);
  v1::SuspendCardResponse refused;
  EXPECT_THAT(Ask(&Stub::SuspendCard, other, &refused), HasReason(v1::REQUEST_ID_REUSED));
}

TEST_F(HotlineTest, TwoCallersForOneCardAreTwoCasesAndOneSuspension) {
  const std::string first = IdentifiedCase(), second = IdentifiedCase();
  EXPECT_FALSE(Suspend(Suspending(first)).was_suspended());
  EXPECT_TRUE(Suspend(Suspending(second)).was_suspended());
  EXPECT_EQ(CaseNow(first).state(), v1::Case::STATE_SUSPENDED);
  EXPECT_EQ(CaseNow(second).state(), v1::Case::STATE_SUSPENDED);
}

TEST_F(HotlineTest, AFinderGoesByTheSerialAndLearnsNoName) {
  const std::string name = OpenedCase(events::v1::CALLER_KIND_FINDER);
  auto search = Asking<v1::IdentifyCallerRequest>(name);
  search.mutable_search()->set_card_serial("12345678901234567890");
  const auto found = Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, search);
  ASSERT_EQ(found.candidates_size(), 1);
  EXPECT_EQ(found.candidates(0).masked_name(), "");
  ASSERT_EQ(found.candidates(0).cards_size(), 1) << "the other card is not in the finder's hand";
  auto other = Suspending(name);
  other.set_card(Card('h', 2));
  v1::SuspendCardResponse refused;
  EXPECT_THAT(Ask(&Stub::SuspendCard, other, &refused), HasReason(v1::SERIAL_NEEDED));
  EXPECT_TRUE(Suspend(Suspending(name)).in_effect());
}

// ---- When the card service does not answer

TEST_F(HotlineTest, WithoutAnAnswerItIsNotYetInEffectAndFollowsByItself) {
  for (const Manner manner : {Manner::kSaysNothing, Manner::kFails}) {
    const std::string name = IdentifiedCase();
    cards_.Be(manner);
    const auto pending = Suspend(Suspending(name));
    EXPECT_FALSE(pending.in_effect());
    EXPECT_EQ(pending.state(), v1::Suspension::STATE_NOT_YET_IN_EFFECT);
    EXPECT_THAT(pending.sentence_en(), HasSubstr("not yet in effect"));
    EXPECT_EQ(CaseNow(name).state(), v1::Case::STATE_SUSPENSION_PENDING);
    EXPECT_EQ(SpoolFiles(), 0u) << "the log has it";
    v1::Case refused;
    EXPECT_THAT(Ask(&Stub::CloseCase, Asking<v1::CloseCaseRequest>(name), &refused),
                HasReason(v1::SUSPENSION_PENDING));
    v1::IdentifyCallerResponse nobody;
    EXPECT_THAT(Ask(&Stub::IdentifyCaller, Searching(name), &nobody), HasReason(v1::CARD_SERVICE_UNAVAILABLE));
    EXPECT_THAT(registry_.Text(), HasSubstr("mynumber_suspensions_pending"));
    cards_.Be(Manner::kAnswers);
    UntilSuspended(name);
  }
}

TEST_F(HotlineTest, WhatIsPendingSurvivesARestart) {
  const std::string name = IdentifiedCase();
  cards_.Be(Manner::kFails);
  EXPECT_FALSE(Suspend(Suspending(name)).in_effect());
  Restart();
  cards_.Be(Manner::kAnswers);
  Serve();
  UntilSuspended(name);
}

// ---- When the hotline's own log is not to be had

TEST_F(HotlineTest, WithoutALogACardIsSuspendedAndTheCaseFollows) {
  const std::string name = IdentifiedCase();
  Restart();
  EXPECT_TRUE(Suspend(Suspending(name)).in_effect());
  EXPECT_EQ(SpoolFiles(), 1u);
  Serve();
  UntilSuspended(name);
  Until([&] { return SpoolFiles() == 0; });
}

// Neither says no: each says nothing.
TEST_F(HotlineTest, ALogThatHangsKeepsNobodyWaitingForLong) {
  const std::string in_effect = IdentifiedCase(), pending = IdentifiedCase();
  is_stuck_ = true;
  EXPECT_TRUE(Suspend(Suspending(in_effect)).in_effect());
  cards_.Be(Manner::kSaysNothing);
  EXPECT_EQ(Suspend(Suspending(pending)).state(), v1::Suspension::STATE_NOT_YET_IN_EFFECT);
  EXPECT_EQ(SpoolFiles(), 2u);
  cards_.Be(Manner::kAnswers);
  is_stuck_ = false;
  UntilSuspended(in_effect);
  UntilSuspended(pending);
  Until([&] { return SpoolFiles() == 0; });
  const v1::Case once = CaseNow(pending);
  EXPECT_EQ(once.suspensions_size(), 1);
  EXPECT_EQ(once.suspensions(0).effect_position(), "0@9.0");
}

TEST_F(HotlineTest, WithoutEitherItIsKeptInTheSpoolOverRestarts) {
  const std::string name = IdentifiedCase();
  Restart();
  cards_.Be(Manner::kFails);
  const auto request = Suspending(name);
  EXPECT_FALSE(Suspend(request).in_effect());
  EXPECT_FALSE(Suspend(request).in_effect());
  EXPECT_EQ(SpoolFiles(), 1u) << "the same request is kept once";
  Restart();
  EXPECT_EQ(SpoolFiles(), 1u);
  cards_.Be(Manner::kAnswers);
  Until([&] { return cards_.suspended().count(Card()) == 1; });
  EXPECT_EQ(SpoolFiles(), 1u) << "the case does not have it yet";
  Serve();
  UntilSuspended(name);
  Until([&] { return SpoolFiles() == 0; });
  const auto asked = cards_.asked();
  EXPECT_EQ(std::set<std::string>(asked.begin(), asked.end()).size(), 1u);
}

TEST_F(HotlineTest, WhatNothingCouldKeepIsNotTaken) {
  const std::string name = IdentifiedCase();
  hotline_.spool_files_max = 0;
  Restart();
  cards_.Be(Manner::kFails);
  v1::SuspendCardResponse response;
  const absl::Status refused = Ask(&Stub::SuspendCard, Suspending(name), &response);
  EXPECT_THAT(refused, AllOf(HasCode(absl::StatusCode::kUnavailable), HasReason(v1::SUSPENSION_NOT_TAKEN)));
}

TEST_F(HotlineTest, SomebodyUnknownIsNotSuspendedByWayOfTheSpool) {
  const std::string name = OpenedCase();
  Restart();
  v1::SuspendCardResponse response;
  EXPECT_THAT(Ask(&Stub::SuspendCard, Suspending(name), &response), HasReason(v1::PARTITION_NOT_SERVING));
  EXPECT_EQ(SpoolFiles(), 0u);
  EXPECT_TRUE(cards_.suspended().empty());
}

// ---- Load

TEST_F(HotlineTest, ASuspensionIsAdmittedWhenOtherCallsAreRefused) {
  const std::string name = IdentifiedCase();
  options_.waiting_commands = 0;
  Restart();
  Serve();
  auto note = Asking<v1::AddNoteRequest>(name);
  note.set_text("n");
  v1::Case refused;
  EXPECT_THAT(Ask(&Stub::AddNote, note, &refused), HasReason(v1::QUEUE_FULL));
  EXPECT_TRUE(Suspend(Suspending(name)).in_effect());
  EXPECT_EQ(SpoolFiles(), 0u) << "its log has taken it";
}

// ---- What is refused

TEST_F(HotlineTest, WhatTheCardServiceRefusesIsToldAndKept) {
  const std::string name = IdentifiedCase();
  cards_.refusal = "CARD_REVOKED";
  v1::SuspendCardResponse response;
  const absl::Status refused = Ask(&Stub::SuspendCard, Suspending(name), &response);
  EXPECT_THAT(refused, HasReason(v1::SUSPENSION_REFUSED));
  EXPECT_EQ(refused.message(), "As the card service says it.");
  const v1::Case kept = CaseNow(name);
  ASSERT_EQ(kept.suspensions_size(), 1);
  EXPECT_EQ(kept.suspensions(0).state(), v1::Suspension::STATE_REFUSED);
  EXPECT_EQ(kept.suspensions(0).refused_reason(), "CARD_REVOKED");
}

TEST_F(HotlineTest, FiveFailuresBlockACase) {
  const std::string name = OpenedCase();
  Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, Searching(name));
  for (int i = 0; i < 4; ++i) {
    const auto wrong = Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, Claiming(name, "elsewhere"));
    EXPECT_FALSE(wrong.identified());
    EXPECT_EQ(wrong.failure(), events::v1::IDENTIFICATION_FAILURE_ADDRESS);
  }
  const auto nobody = Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, Searching(name, "nobody"));
  EXPECT_EQ(nobody.failure(), events::v1::IDENTIFICATION_FAILURE_NOBODY_FOUND);
  EXPECT_TRUE(nobody.case_().identification_blocked());
  v1::IdentifyCallerResponse refused;
  EXPECT_THAT(Ask(&Stub::IdentifyCaller, Claiming(name), &refused), HasReason(v1::IDENTIFICATION_BLOCKED));
}

TEST_F(HotlineTest, ATypingErrorIsNoFailure) {
  const std::string name = OpenedCase();
  auto search = Asking<v1::IdentifyCallerRequest>(name);
  search.mutable_search()->set_card_serial("1");
  v1::IdentifyCallerResponse refused;
  EXPECT_THAT(Ask(&Stub::IdentifyCaller, search, &refused),
              AllOf(HasReason(v1::SEARCH_MALFORMED), NamesField("search.card_serial")));
  EXPECT_EQ(CaseNow(name).failures(), 0u);
  search.set_request_id(NewId());
  search.mutable_search()->set_card_serial("unknown");
  EXPECT_EQ(Must<v1::IdentifyCallerResponse>(&Stub::IdentifyCaller, search).case_().failures(), 1u);
}

TEST_F(HotlineTest, BadInputIsRefusedByName) {
  const std::string name = OpenedCase();
  v1::Case response;
  auto open = Asking<v1::OpenCaseRequest>();
  open.set_language("de");
  open.set_caller_kind(events::v1::CALLER_KIND_HOLDER);
  EXPECT_THAT(Ask(&Stub::OpenCase, open, &response), HasReason(v1::LANGUAGE_UNKNOWN));
  open.set_language("ja");
  open.mutable_actor()->set_authority("municipality/131016");
  EXPECT_THAT(Ask(&Stub::OpenCase, open, &response), HasReason(v1::HOTLINE_ONLY));
  open.mutable_actor()->set_authority("hotline");
  open.mutable_actor()->clear_clerk_id();
  EXPECT_THAT(Ask(&Stub::OpenCase, open, &response), HasReason(v1::CLERK_MISSING));
  open.mutable_actor()->set_clerk_id("operator-1");
  open.clear_caller_kind();
  EXPECT_THAT(Ask(&Stub::OpenCase, open, &response), HasReason(v1::CALLER_KIND_MISSING));
  v1::IdentifyCallerResponse nobody;
  EXPECT_THAT(Ask(&Stub::IdentifyCaller, Searching(name, "123456789018"), &nobody),
              HasReason(v1::LOOKS_LIKE_INDIVIDUAL_NUMBER));
  EXPECT_THAT(Ask(&Stub::IdentifyCaller, Asking<v1::IdentifyCallerRequest>(name), &nobody),
              HasReason(v1::SEARCH_MISSING));
  v1::SuspendCardResponse suspended;
  auto suspend = Suspending(name);
  EXPECT_THAT(Ask(&Stub::SuspendCard, suspend, &suspended), HasReason(v1::CALLER_NOT_IDENTIFIED));
  suspend.clear_reason();
  EXPECT_THAT(Ask(&Stub::SuspendCard, suspend, &suspended), HasReason(v1::SUSPENSION_REASON_MISSING));
  EXPECT_THAT(Ask(&Stub::SuspendCard, Suspending("cases/68686868686868686868686868686868"), &suspended),
              HasReason(v1::CASE_UNKNOWN));
  v1::LiftSuspensionResponse lifted;
  EXPECT_THAT(Ask(&Stub::LiftSuspension, v1::LiftSuspensionRequest(), &lifted), HasReason(v1::LIFTED_AT_OFFICE_ONLY));
  EXPECT_TRUE(cards_.suspended().empty());
  EXPECT_EQ(CaseNow(name).version(), 1u) << "nothing was written";
}

// ---- Reads

TEST_F(HotlineTest, CasesAreListedByStatePageByPage) {
  std::set<std::string> opened, listed;
  for (int i = 0; i < 5; ++i) opened.insert(OpenedCase());
  IdentifiedCase();
  v1::ListCasesRequest request;
  *request.mutable_actor() = Operator();
  request.set_state(v1::Case::STATE_OPEN);
  request.set_page_size(2);
  do {
    const auto page = Must<v1::ListCasesResponse>(&Stub::ListCases, request);
    EXPECT_LE(page.cases_size(), 2);
    for (const auto& one : page.cases()) EXPECT_TRUE(listed.insert(one.name()).second) << "listed twice";
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, opened);
}

TEST_F(HotlineTest, OpenLinesNeedATimeWithAZone) {
  v1::GetOpenLinesRequest request;
  request.set_language("th");
  request.set_time("2026-11-14T23:40:00+09:00");
  const auto lines = Must<v1::GetOpenLinesResponse>(&Stub::GetOpenLines, request);
  EXPECT_EQ(lines.lines_size(), 2);
  EXPECT_FALSE(lines.suspension_in_language());
  EXPECT_EQ(lines.suspension_lines_size(), 2);
  EXPECT_THAT(lines.sentence_en(), HasSubstr("0120-95-0178"));
  request.set_time("2026-11-14T23:40:00");
  v1::GetOpenLinesResponse refused;
  EXPECT_THAT(Ask(&Stub::GetOpenLines, request, &refused), HasReason(v1::TIME_WITHOUT_ZONE));
  request.clear_time();
  EXPECT_GT(Must<v1::GetOpenLinesResponse>(&Stub::GetOpenLines, request).suspension_lines_size(), 0);
}

}  // namespace
}  // namespace mynumber::hotline
