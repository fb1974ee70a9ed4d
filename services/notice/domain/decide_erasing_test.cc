// Residents who are erased: what is left of their notices, and what is said to whoever still asks or reports.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/testing/matchers.h"
#include "mynumber/notice/v1/error_reason.pb.h"
#include "services/notice/domain/made_up.h"

namespace mynumber::notice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using made_up::Clerk;
using made_up::Date;
using made_up::Moment;
using made_up::Report;

class DecideErasingTest : public ::testing::Test {
 protected:
  const rows::v1::NoticeState& State(char letter) { return town_.states[std::string(16, letter)]; }
  const rows::v1::NoticeState& Tracking(const std::string& number) {
    return town_.states[std::string(TrackingSubject(*identifiers::TrackingNumber::Parse(number)).view())];
  }
  void Erase(char letter) {
    ASSERT_EQ(town_.Resident(letter, EraseResident()), absl::OkStatus());
    ASSERT_THAT(town_.last, ElementsAre("resident_erased"));
  }
  // But for feeds and counts, which name no municipality's resident by more than the id.
  size_t RowsOfNotices() {
    size_t count = 0;
    for (const char* table : {"s", "d", "w", "q", "m", "z"}) count += town_.RowsWith(table);
    return count;
  }
  // Nothing is refused, and nothing written.
  void ExpectNothing(const absl::Status& status) {
    EXPECT_EQ(status, absl::OkStatus());
    EXPECT_THAT(town_.last, IsEmpty());
  }

  made_up::Town town_;
};

TEST_F(DecideErasingTest, OnlyThatTheyWereErasedIsLeft) {
  const std::string number = town_.Posted('r');
  ASSERT_EQ(town_.Report(number, Report("転送", Date(2026, 11, 2))), absl::OkStatus());
  ASSERT_EQ(town_.Resident('r', PrepareNextNotice{"223456789017", town_.now_micros}), absl::OkStatus());
  ASSERT_GT(RowsOfNotices(), 4u);
  const size_t told = town_.RowsWith("f");
  Erase('r');
  EXPECT_EQ(State('r').version(), 6u);
  EXPECT_EQ(State('r').kind_case(), rows::v1::NoticeState::kErased);
  EXPECT_EQ(State('r').erased().erased_micros(), town_.now_micros);
  EXPECT_EQ(RowsOfNotices(), 0u);
  EXPECT_EQ(town_.RowsWith("f"), told) << "what feeds said stays, and they say no more";
}

TEST_F(DecideErasingTest, OfNobodyThereIsNothingToErase) {
  ExpectNothing(town_.Resident('x', EraseResident()));
  EXPECT_EQ(State('x').version(), 0u);
}

TEST_F(DecideErasingTest, WhoIsErasedIsNotErasedAgain) {
  town_.Posted('r');
  Erase('r');
  ExpectNothing(town_.Resident('r', EraseResident()));
}

TEST_F(DecideErasingTest, EveryCallIsToldThatTheyAreErased) {
  const std::string number = town_.Posted('r');
  Erase('r');
  const auto in_custody = events::v1::WORK_KIND_IN_CUSTODY;
  const std::vector<Command> calls = {
      RenderNotice{0, Clerk()},
      RequestResend{1, Clerk(), number, events::v1::RESEND_WAY_PICK_UP, Date(2026, 11, 5)},
      RecordCounterHandover{0, Clerk(), events::v1::IDENTITY_CHECK_PHOTO_DOCUMENT},
      MailAgain{0, Clerk()},
      RecordDestruction{0, Clerk(), "廃棄簿 7"},
      DisputeDelivery{0, Clerk(), "届いていない"},
      RecordInvestigation{0, Clerk(), events::v1::INVESTIGATION_OUTCOME_LOST, "調査 3"},
      ClaimWork{0, Clerk(), in_custody},
      ResolveWork{0, Clerk(), in_custody, "記録"},
      MailAgain{7, made_up::OtherTownsClerk()},
  };
  for (const Command& call : calls) {
    const absl::Status status = town_.Resident('r', call);
    EXPECT_EQ(mynumber::testing::ReasonOf(status), v1::ErrorReason_Name(v1::RESIDENT_ERASED)) << call.index();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  }
}

TEST_F(DecideErasingTest, WhatWasUnderWayWritesNothing) {
  town_.Posted('r');
  Erase('r');
  ExpectNothing(town_.Resident('r', made_up::Preparation(town_.now_micros)));
  ExpectNothing(town_.Resident('r', PrepareNextNotice{"223456789017", town_.now_micros}));
  ExpectNothing(town_.Resident('r', MoveAddressee{"別町4-5", "5300001", made_up::kMunicipality}));
  ExpectNothing(town_.Resident('r', ChangeAddressee{made_up::Hanako()}));
  ExpectNothing(town_.Resident('r', CancelNotice{events::v1::CANCELLATION_GROUND_DEATH}));
  ExpectNothing(town_.Resident('r', MeetDeadline{1, events::v1::DEADLINE_KIND_NO_SCAN}));
  const uint64_t version = State('r').version();
  town_.PassTo(Moment(2028, 1, 1));
  EXPECT_EQ(State('r').version(), version) << "nothing is due any more";
}

// The manifest had it in its queue when the resident was erased.
TEST_F(DecideErasingTest, NothingIsPostedToThem) {
  (void)town_.When(ShareSubject(0), made_up::Range(town_.now_micros));
  (void)town_.Resident('r', made_up::Preparation(town_.now_micros));
  (void)town_.Resident('r', RenderNotice{1, Clerk()});
  ASSERT_EQ(town_.RowsWith("q"), 1u);
  Erase('r');
  EXPECT_EQ(town_.RowsWith("q"), 0u);
  ExpectNothing(town_.Resident('r', made_up::Posting()));
}

TEST_F(DecideErasingTest, AReportOfTheirPieceIsTakenAndWritesNothing) {
  const std::string number = town_.Posted('r');
  Erase('r');
  const std::string before = Tracking(number).SerializeAsString();
  ExpectNothing(town_.Report(number, Report("お届け先にお届け済み", Date(2026, 11, 2))));
  ExpectNothing(town_.Report(number, Report("見知らぬことば", Date(2026, 11, 2))));
  EXPECT_EQ(Tracking(number).SerializeAsString(), before);
  EXPECT_EQ(RowsOfNotices(), 0u);
}

TEST_F(DecideErasingTest, BeforeOrAfterAReportTheErasingEndsInTheSame) {
  const std::string number = town_.Posted('r');
  made_up::Town other = town_;
  const auto report = Report("ご不在のため持ち戻り", Date(2026, 11, 2));
  ASSERT_EQ(town_.Report(number, report), absl::OkStatus());
  Erase('r');
  ASSERT_EQ(other.Resident('r', EraseResident()), absl::OkStatus());
  ASSERT_EQ(other.Report(number, report), absl::OkStatus());
  for (const auto& [subject, state] : town_.states) {
    if (subject == std::string(16, 'r')) continue;
    EXPECT_EQ(state.SerializeAsString(), other.states[subject].SerializeAsString());
  }
  EXPECT_EQ(other.states[std::string(16, 'r')].erased().SerializeAsString(), State('r').erased().SerializeAsString());
}

// The carrier may still speak of the number: until it does no more, nobody else's piece gets it.
TEST_F(DecideErasingTest, TheirTrackingNumberIsNobodyElses) {
  const std::string number = town_.Posted('r');
  Erase('r');
  auto& share = town_.states[std::string(ShareSubject(0).view())];
  share.mutable_share()->mutable_ranges(0)->set_next_serial(share.share().ranges(0).first_serial());
  const std::string next = town_.Posted('s');
  EXPECT_NE(next, number);
  ASSERT_EQ(town_.Report(next, Report("引受", Date(2026, 11, 2))), absl::OkStatus());
  EXPECT_THAT(town_.last, ElementsAre("tracking_reported"));
}

}  // namespace
}  // namespace mynumber::notice
