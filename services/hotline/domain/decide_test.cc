#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/testing/given_when_then.h"
#include "libs/testing/matchers.h"
#include "mynumber/hotline/v1/error_reason.pb.h"
#include "services/hotline/domain/made_up.h"
#include "services/hotline/domain/state_case.h"

namespace mynumber::hotline {
namespace {

using namespace made_up;  // NOLINT: people and words of these stories
using mynumber::testing::HasReason;
using events::v1::CALLER_KIND_FINDER;
using events::v1::CALLER_KIND_POLICE;
using events::v1::HotlineEvent;
using events::v1::SEARCH_KIND_APPLICATION_ID;
using events::v1::SEARCH_KIND_CARD_SERIAL;
using v1::Case;

class DecideTest : public ::testing::Test {
 protected:
  mynumber::testing::Given<HotlineDomain> Given() { return mynumber::testing::Given<HotlineDomain>(HotlineDomain()); }
  void Must(const Command& command) { ASSERT_EQ(desk_.When(command), absl::OkStatus()); }
  // Up to a caller who is known.
  void Identified() {
    Must(Opening());
    Must(Found());
    Must(RightClaim());
  }
  void Fail(int times) {
    for (int i = 0; i < times; ++i) Must(FoundNobody());
  }
  Case::State State() { return StateOf(desk_.Case()); }

  Desk desk_;
};

// ---- Opening

TEST_F(DecideTest, ACaseIsOpenedOnce) {
  HotlineEvent opened;
  *opened.mutable_case_opened() = Opening().opened;
  Given().When(Opening()).Then({opened}).When(Opening()).ThenNothing();
}

TEST_F(DecideTest, NothingIsDoneInACaseThatNobodyOpened) {
  Given().When(Found()).ThenRefused(v1::CASE_UNKNOWN);
  Given().When(RightClaim()).ThenRefused(v1::CASE_UNKNOWN);
  Given().When(Suspending()).ThenRefused(v1::CASE_UNKNOWN);
  Given().When(RecordPoliceReport{Operator(), "A-1"}).ThenRefused(v1::CASE_UNKNOWN);
  Given().When(AddNote{Operator(), "n"}).ThenRefused(v1::CASE_UNKNOWN);
  Given().When(CloseCase{Operator()}).ThenRefused(v1::CASE_UNKNOWN);
}

// ---- Who calls

TEST_F(DecideTest, ACallerIsIdentifiedByWhatIsTrueOfOneCandidate) {
  Must(Opening());
  Must(Found());
  EXPECT_EQ(State(), Case::STATE_OPEN);
  EXPECT_THAT(desk_.When(RightClaim('x')), HasReason(v1::NOT_A_CANDIDATE)) << "nobody was shown that resident";
  Must(RightClaim());
  EXPECT_EQ(State(), Case::STATE_IDENTIFIED);
  EXPECT_EQ(CardsOf(desk_.Case()), std::vector<std::string>{Card()});
}

TEST_F(DecideTest, OneWrongAnswerIsAFailure) {
  const std::pair<RecordClaim, events::v1::IdentificationFailure> wrong[] = {
      {{Operator(), Resident(), false, true, true, true}, events::v1::IDENTIFICATION_FAILURE_BIRTH_DATE},
      {{Operator(), Resident(), true, false, true, true}, events::v1::IDENTIFICATION_FAILURE_ADDRESS},
      {{Operator(), Resident(), true, true, true, false}, events::v1::IDENTIFICATION_FAILURE_CODE_WORD},
  };
  for (const auto& [claim, failure] : wrong) {
    desk_ = Desk();
    Must(Opening());
    Must(Found());
    Must(claim);
    EXPECT_EQ(desk_.Case().last_failure(), failure);
    EXPECT_EQ(desk_.Case().failures(), 1u);
    EXPECT_EQ(State(), Case::STATE_OPEN);
  }
  Must(RightClaim());
  EXPECT_EQ(desk_.Case().last_failure(), events::v1::IDENTIFICATION_FAILURE_UNSPECIFIED);
  EXPECT_EQ(desk_.Case().failures(), 1u) << "a success takes no failure back";
}

TEST_F(DecideTest, AfterFiveFailuresRightAndWrongAreRefusedAlike) {
  Must(Opening());
  Must(Found());
  Fail(static_cast<int>(kFailuresMax));
  EXPECT_THAT(desk_.When(RightClaim()), HasReason(v1::IDENTIFICATION_BLOCKED));
  RecordClaim wrong = RightClaim();
  wrong.address_matches = false;
  EXPECT_THAT(desk_.When(wrong), HasReason(v1::IDENTIFICATION_BLOCKED));
  EXPECT_THAT(desk_.When(Found()), HasReason(v1::IDENTIFICATION_BLOCKED));
  EXPECT_THAT(desk_.When(Found('h', SEARCH_KIND_CARD_SERIAL)), HasReason(v1::IDENTIFICATION_BLOCKED));
  EXPECT_EQ(desk_.Case().failures(), kFailuresMax) << "what is refused is not counted";
  Must(AddNote{Operator(), "n"});
  Must(CloseCase{Operator()});
}

TEST_F(DecideTest, WhoIsIdentifiedStaysSoWhenTheCaseIsBlocked) {
  Identified();
  Fail(static_cast<int>(kFailuresMax));
  Must(Suspending());
}

TEST_F(DecideTest, FinderAndPoliceGoByTheSerialOfTheCardInHand) {
  for (const auto kind : {CALLER_KIND_FINDER, CALLER_KIND_POLICE}) {
    desk_ = Desk();
    Must(Opening(kind));
    EXPECT_THAT(desk_.When(Found()), HasReason(v1::SERIAL_NEEDED));
    EXPECT_THAT(desk_.When(Found('h', SEARCH_KIND_APPLICATION_ID)), HasReason(v1::SERIAL_NEEDED));
    EXPECT_THAT(desk_.When(Suspending()), HasReason(v1::SERIAL_NEEDED));
    for (uint32_t i = 0; i < kFailuresMax; ++i) Must(FoundNobody(SEARCH_KIND_CARD_SERIAL));
    Must(Found('h', SEARCH_KIND_CARD_SERIAL));
    EXPECT_THAT(desk_.When(RightClaim()), HasReason(v1::SERIAL_NEEDED)) << "they speak for nobody";
    Must(Suspending());
    EXPECT_EQ(State(), Case::STATE_SUSPENSION_PENDING);
  }
}

// ---- Suspending

TEST_F(DecideTest, OnlyTheCallersOwnCardIsSuspended) {
  Must(Opening());
  Must(Found());
  EXPECT_THAT(desk_.When(Suspending()), HasReason(v1::CALLER_NOT_IDENTIFIED));
  Must(RightClaim());
  EXPECT_THAT(desk_.When(Suspending(Card('x'))), HasReason(v1::CARD_NOT_OF_CALLER));
  EXPECT_THAT(desk_.When(Suspending(Card('h', 2))), HasReason(v1::CARD_NOT_OF_CALLER));
  Must(Suspending());
}

TEST_F(DecideTest, ASuspensionIsPendingUntilTheCardServiceAnswers) {
  Identified();
  Must(Suspending());
  EXPECT_EQ(StateOf(desk_.Case().suspensions(0)), v1::Suspension::STATE_NOT_YET_IN_EFFECT);
  const uint64_t version = desk_.Case().version();
  Must(Suspending());
  EXPECT_EQ(desk_.Case().version(), version) << "asked again: the same";
  EXPECT_THAT(desk_.When(CloseCase{Operator()}), HasReason(v1::SUSPENSION_PENDING));
  Must(Effect());
  EXPECT_EQ(State(), Case::STATE_SUSPENDED);
  EXPECT_EQ(desk_.Case().suspensions(0).took_effect().effect_position(), "0@7.1");
  Must(Refusal());
  EXPECT_EQ(State(), Case::STATE_SUSPENDED) << "the first answer counts";
  Must(CloseCase{Operator()});
}

TEST_F(DecideTest, ACardThatMayHaveBeenLiftedInTheMeantimeIsAskedForAgain) {
  Identified();
  Must(Suspending());
  Must(Effect());
  Must(Suspending());
  EXPECT_EQ(State(), Case::STATE_SUSPENSION_PENDING);
  EXPECT_EQ(desk_.Case().suspensions_size(), 1);
}

TEST_F(DecideTest, WhatTheCardServiceRefusesIsKeptAndMayBeTriedAgain) {
  Identified();
  Must(Suspending());
  Must(Refusal());
  EXPECT_EQ(State(), Case::STATE_IDENTIFIED);
  EXPECT_EQ(desk_.Case().suspensions(0).refused().reason(), "CARD_REVOKED");
  Must(Suspending());
  EXPECT_EQ(State(), Case::STATE_SUSPENSION_PENDING);
}

TEST_F(DecideTest, AnAnswerThatNobodyWaitsForIsNothing) {
  Identified();
  const uint64_t version = desk_.Case().version();
  Must(Effect());
  Must(Refusal());
  EXPECT_EQ(desk_.Case().version(), version);
}

// ---- The rest

TEST_F(DecideTest, AClosedCaseIsClosed) {
  Identified();
  Must(CloseCase{Operator()});
  EXPECT_EQ(State(), Case::STATE_CLOSED);
  for (const Command& command : std::vector<Command>{CloseCase{Operator()}, Suspending(), Found(), RightClaim(),
                                                     AddNote{Operator(), "n"}, RecordPoliceReport{Operator(), "A"}}) {
    EXPECT_THAT(desk_.When(command), HasReason(v1::CASE_CLOSED)) << command.index();
  }
}

TEST_F(DecideTest, APoliceReportIsRecordedOnce) {
  Must(Opening());
  Must(RecordPoliceReport{Operator(), "A-1"});
  Must(RecordPoliceReport{Operator(), "A-1"});
  Must(RecordPoliceReport{Operator(), "A-2"});
  EXPECT_EQ(desk_.Case().police_reports_size(), 2);
}

TEST_F(DecideTest, NotesAreBounded) {
  OpenCase opening = Opening();
  opening.opened.set_note("first");
  Must(opening);
  for (int i = 1; i < kNotesMax; ++i) Must(AddNote{Operator(), "n"});
  EXPECT_THAT(desk_.When(AddNote{Operator(), "n"}), HasReason(v1::TOO_MANY_NOTES));
}

TEST_F(DecideTest, CardsOfOneCaseAreBounded) {
  Must(Opening(CALLER_KIND_POLICE));
  for (int i = 0; i < kSuspensionsMax; ++i) {
    Must(Found(static_cast<char>('A' + i), SEARCH_KIND_CARD_SERIAL));
    Must(Suspending(Card(static_cast<char>('A' + i))));
  }
  Must(Found('z', SEARCH_KIND_CARD_SERIAL));
  EXPECT_THAT(desk_.When(Suspending(Card('z'))), HasReason(v1::TOO_MANY_SUSPENSIONS));
  Must(Suspending(Card('A')));
}

// ---- When the retention period is over

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

TEST_F(DecideTest, WhatAClosedCaseSaysIsDestroyedAfterItsPeriodAndOnlyWhenRemains) {
  desk_.domain.case_retention_days = 10;
  const int64_t opened_micros = desk_.now_micros;
  Must(Opening());
  Must(AddNote{Operator(), "n"});
  desk_.PassTo(opened_micros + 100 * kDayMicros);
  EXPECT_EQ(State(), Case::STATE_OPEN) << "an open case is needed";
  const int64_t closed_micros = desk_.now_micros;
  Must(CloseCase{Operator()});
  desk_.domain.case_retention_days = 1;
  desk_.PassTo(closed_micros + 10 * kDayMicros - 1);
  EXPECT_EQ(State(), Case::STATE_CLOSED) << "the period of the day when it was closed counts";
  EXPECT_EQ(desk_.Case().notes_size(), 1);
  desk_.PassTo(closed_micros + 10 * kDayMicros);
  rows::v1::CaseState left;
  left.set_version(4);
  left.mutable_erased()->set_opened_micros(opened_micros);
  left.mutable_erased()->set_closed_micros(closed_micros);
  left.mutable_erased()->set_erased_micros(desk_.now_micros);
  EXPECT_EQ(desk_.Case().SerializeAsString(), left.SerializeAsString());
  EXPECT_TRUE(desk_.rows.empty());
}

TEST_F(DecideTest, NothingIsDoneInACaseThatWasErased) {
  Must(Opening());
  Must(CloseCase{Operator()});
  desk_.PassTo(desk_.now_micros + kCaseRetentionDays * kDayMicros);
  ASSERT_TRUE(desk_.Case().has_erased());
  const std::vector<Command> calls = {Opening(), Found(), RightClaim(), Suspending(),
                                      RecordPoliceReport{Operator(), "A-1"}, AddNote{Operator(), "n"},
                                      CloseCase{Operator()}};
  for (const Command& call : calls) EXPECT_THAT(desk_.When(call), HasReason(v1::CASE_ERASED)) << call.index();
  for (const Command& inside : {Command(Effect()), Command(Refusal()), Command(EraseCase())}) Must(inside);
  EXPECT_EQ(desk_.Case().version(), 3u);
}

}  // namespace
}  // namespace mynumber::hotline
