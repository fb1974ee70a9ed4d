// Lives of notices, as they are lived: what is asked, what the carrier says, and days that pass.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/calendar/date.h"
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
using v1::Notice;

class DecideTest : public ::testing::Test {
 protected:
  void Expect(const absl::Status& status, v1::ErrorReason reason) {
    EXPECT_EQ(mynumber::testing::ReasonOf(status), v1::ErrorReason_Name(reason)) << status;
  }
  RequestResend Resend(const type::Date& day, events::v1::ResendWindow window = events::v1::RESEND_WINDOW_18_TO_20) {
    return {0, Clerk(), number_, events::v1::RESEND_WAY_DELIVERY, day, window};
  }
  RequestResend PickUp(const type::Date& day) { return {0, Clerk(), number_, events::v1::RESEND_WAY_PICK_UP, day}; }
  void Tell(const std::string& status, const type::Date& day, int minute = 600) {
    ASSERT_EQ(town_.Report(number_, Report(status, day, minute)), absl::OkStatus());
  }
  // Posted on 2 November 2026, nobody there on the 4th at 14:00; it is that evening.
  void LeaveContactForm() {
    number_ = town_.Posted('r');
    town_.PassTo(Moment(2026, 11, 4, 18));
    Tell("ご不在のため持ち戻り", Date(2026, 11, 4), 14 * 60);
  }
  void ComeBack() {
    LeaveContactForm();
    town_.PassTo(Moment(2026, 11, 16));
    Tell("差出人に返送済み", Date(2026, 11, 15));
  }

  made_up::Town town_;
  std::string number_;
};

// ---- From the printer to the mail

TEST_F(DecideTest, ANoticeIsPreparedPrintedAndPosted) {
  ASSERT_EQ(town_.Resident('r', made_up::Preparation(town_.now_micros)), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_PREPARED);
  Expect(town_.Resident('r', made_up::Posting()), v1::NOTICE_NOT_RENDERED);
  ASSERT_EQ(town_.Resident('r', RenderNotice{0, Clerk()}), absl::OkStatus());
  EXPECT_EQ(town_.RowsWith("q"), 1u);
  Expect(town_.Resident('r', made_up::Posting()), v1::NO_TRACKING_NUMBERS_LEFT);
  ASSERT_EQ(town_.When(ShareSubject(0), made_up::Range(town_.now_micros)), absl::OkStatus());
  ASSERT_EQ(town_.Resident('r', made_up::Posting()), absl::OkStatus());
  EXPECT_THAT(town_.last, ElementsAre("tracking_number_drawn", "tracking_number_used", "notice_posted"));
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_POSTED);
  EXPECT_EQ(town_.RowsWith("q"), 0u);
  EXPECT_EQ(town_.RowsWith("m"), 1u);
  Expect(town_.Resident('r', RenderNotice{0, Clerk()}), v1::NOTICE_NEVER_REISSUED);
  ASSERT_EQ(town_.Resident('r', made_up::Posting()), absl::OkStatus());
  EXPECT_THAT(town_.last, IsEmpty()) << "asked again: already so";
}

TEST_F(DecideTest, EachPieceHasANumberOfItsPartition) {
  made_up::Town town(4);
  const eventsourcing::SubjectId resident = made_up::Resident('r');
  const uint32_t home = resident.PartitionOf(4);
  (void)town.When(ShareSubject(home), made_up::Range(town.now_micros, 3'010'010'000, 8));
  (void)town.When(resident, made_up::Preparation(town.now_micros));
  (void)town.When(resident, RenderNotice{1, Clerk()});
  ASSERT_EQ(town.When(resident, made_up::Posting()), absl::OkStatus());
  const auto number = identifiers::TrackingNumber::Parse(town.NoticeOf('r').pieces(0).tracking_number());
  EXPECT_EQ(number->Serial() % 4, home);
  EXPECT_EQ(TrackingSubject(*number).PartitionOf(4), home);
}

TEST_F(DecideTest, AMoveBeforePostingIsPrintedAnewAndOneAfterItIsNot) {
  (void)town_.Resident('r', made_up::Preparation(town_.now_micros));
  (void)town_.Resident('r', RenderNotice{1, Clerk()});
  ASSERT_EQ(town_.Resident('r', MoveAddressee{"別町4-5", "5300001", made_up::kMunicipality}), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_PREPARED);
  EXPECT_EQ(town_.NoticeOf('r').addressee().address(), "別町4-5");
  number_ = town_.Posted('s');
  ASSERT_EQ(town_.Resident('s', MoveAddressee{"別町4-5", "5300001", made_up::kMunicipality}), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('s'), Notice::STATE_POSTED);
  EXPECT_EQ(town_.NoticeOf('s').addressee().address(), made_up::Hanako().address());
}

TEST_F(DecideTest, ADeathBeforePostingCancelsAndOneAfterItDoesNot) {
  (void)town_.Resident('r', made_up::Preparation(town_.now_micros));
  ASSERT_EQ(town_.Resident('r', CancelNotice{events::v1::CANCELLATION_GROUND_DEATH}), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_CANCELLED);
  Expect(town_.Resident('r', RenderNotice{0, Clerk()}), v1::NOTICE_CANCELLED);
  EXPECT_EQ(town_.RowsWith("z"), 0u) << "nothing is due any more";
  number_ = town_.Posted('s');
  ASSERT_EQ(town_.Resident('s', CancelNotice{events::v1::CANCELLATION_GROUND_DEATH}), absl::OkStatus());
  EXPECT_THAT(town_.last, IsEmpty());
}

TEST_F(DecideTest, AReplacedNumberGetsANoticeOfItsOwn) {
  (void)town_.Resident('r', made_up::Preparation(town_.now_micros));
  ASSERT_EQ(town_.Resident('r', PrepareNextNotice{"223456789017", town_.now_micros}), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r', 1), Notice::STATE_SUPERSEDED);
  EXPECT_EQ(town_.StateOf('r', 2), Notice::STATE_PREPARED);
  EXPECT_NE(town_.NoticeOf('r', 1).prepared().application_id(), town_.NoticeOf('r', 2).prepared().application_id());
  Expect(town_.Resident('r', RenderNotice{1, Clerk()}), v1::NOTICE_SUPERSEDED);
}

TEST_F(DecideTest, AnotherMunicipalitysClerkIsRefused) {
  (void)town_.Resident('r', made_up::Preparation(town_.now_micros));
  Expect(town_.Resident('r', RenderNotice{0, made_up::OtherTownsClerk()}), v1::MUNICIPALITY_NOT_YOURS);
  Expect(town_.Resident('x', RenderNotice{0, Clerk()}), v1::NOTICE_UNKNOWN);
}

// ---- Nobody there

TEST_F(DecideTest, AbsentThenBroughtAgainThenDelivered) {
  LeaveContactForm();
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_HELD);
  EXPECT_EQ(HeldUntil(town_.NoticeOf('r')), calendar::Day(2026, 11, 11));
  ASSERT_EQ(town_.Resident('r', Resend(Date(2026, 11, 6))), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_RESEND_REQUESTED);
  town_.PassTo(Moment(2026, 11, 6, 20));
  Tell("お届け先にお届け済み", Date(2026, 11, 6), 19 * 60);
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_DELIVERED);
  EXPECT_EQ(town_.RowsWith("z"), 0u);
  Expect(town_.Resident('r', Resend(Date(2026, 11, 8))), v1::NOTICE_DELIVERED);
}

TEST_F(DecideTest, OfADayOnWhichNobodyCameNothingIsLeft) {
  LeaveContactForm();
  ASSERT_EQ(town_.Resident('r', Resend(Date(2026, 11, 6))), absl::OkStatus());
  town_.PassTo(Moment(2026, 11, 7));
  EXPECT_THAT(town_.last, ElementsAre("deadline_passed"));
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_HELD);
  ASSERT_EQ(town_.Resident('r', Resend(Date(2026, 11, 8))), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_RESEND_REQUESTED);
}

TEST_F(DecideTest, TheResidentMayAskForTenDays) {
  LeaveContactForm();
  Expect(town_.Resident('r', PickUp(Date(2026, 11, 15))), v1::RESEND_DAY_TOO_LATE);
  ASSERT_EQ(town_.Resident('r', PickUp(Date(2026, 11, 14))), absl::OkStatus());
  EXPECT_EQ(HeldUntil(town_.NoticeOf('r')), calendar::Day(2026, 11, 14));
  town_.PassTo(Moment(2026, 11, 14, 23));
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_PICK_UP_REQUESTED) << "the limit day counts";
  town_.PassTo(Moment(2026, 11, 15, 0));
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_RETURNING);
}

TEST_F(DecideTest, AResendNeedsWhatTheContactFormShows) {
  LeaveContactForm();
  RequestResend other = Resend(Date(2026, 11, 6));
  other.tracking_number = identifiers::TrackingNumber::FromSerial(3'010'010'001).digits();
  Expect(town_.Resident('r', other), v1::TRACKING_NUMBER_OF_ANOTHER_PIECE);
  number_ = town_.Posted('s');
  Expect(town_.Resident('s', Resend(Date(2026, 11, 6))), v1::NO_CONTACT_FORM);
}

// It is the evening of the 4th: for the same day it is too late, and the form itself is of that day.
TEST_F(DecideTest, AResendNeedsADayThatCanStillBeKept) {
  LeaveContactForm();
  Expect(town_.Resident('r', Resend(Date(2026, 11, 4))), v1::RESEND_DAY_TOO_EARLY);
  town_.PassTo(Moment(2026, 11, 5, 13));
  Expect(town_.Resident('r', Resend(Date(2026, 11, 5), events::v1::RESEND_WINDOW_12_TO_14)), v1::RESEND_DAY_TOO_EARLY);
  EXPECT_EQ(town_.Resident('r', Resend(Date(2026, 11, 5), events::v1::RESEND_WINDOW_14_TO_16)), absl::OkStatus());
}

TEST_F(DecideTest, AfterTheLimitDayItIsSaidWhatToDoInstead) {
  LeaveContactForm();
  town_.PassTo(Moment(2026, 11, 12, 9));
  const absl::Status status = town_.Resident('r', Resend(Date(2026, 11, 13)));
  Expect(status, v1::STORAGE_OVER);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("mailed again"));
}

// ---- Back

TEST_F(DecideTest, SevenDaysThenCustodyThenMailedAgain) {
  LeaveContactForm();
  town_.PassTo(Moment(2026, 11, 12));
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_RETURNING);
  Tell("差出人に返送済み", Date(2026, 11, 12));
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_IN_CUSTODY);
  EXPECT_THAT(town_.WorkKinds('r'), ElementsAre(events::v1::WORK_KIND_IN_CUSTODY));
  ASSERT_EQ(town_.Resident('r', MailAgain{0, Clerk()}), absl::OkStatus());
  EXPECT_EQ(town_.RowsWith("q"), 1u);
  ASSERT_EQ(town_.Resident('r', made_up::Posting()), absl::OkStatus());
  EXPECT_EQ(town_.NoticeOf('r').pieces_size(), 2);
  EXPECT_NE(town_.NoticeOf('r').pieces(1).tracking_number(), number_);
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_POSTED);
}

// Three months from 15 November end on 15 February; the year's end and holidays change nothing.
TEST_F(DecideTest, CustodyEndsAfterTheMonthsOfItsMunicipality) {
  ComeBack();
  EXPECT_EQ(CustodyUntil(town_.NoticeOf('r')), calendar::Day(2027, 2, 15));
  town_.PassTo(Moment(2027, 2, 1, 23));
  EXPECT_THAT(town_.WorkKinds('r'), ElementsAre(events::v1::WORK_KIND_IN_CUSTODY));
  town_.PassTo(Moment(2027, 2, 2));
  EXPECT_THAT(town_.WorkKinds('r'),
              ElementsAre(events::v1::WORK_KIND_IN_CUSTODY, events::v1::WORK_KIND_CUSTODY_ENDING));
  town_.PassTo(Moment(2027, 2, 15, 23));
  Expect(town_.Resident('r', RecordDestruction{0, Clerk(), "廃棄簿 7"}), v1::CUSTODY_NOT_ENDED);
  town_.PassTo(Moment(2027, 2, 16));
  ASSERT_EQ(town_.Resident('r', RecordDestruction{0, Clerk(), "廃棄簿 7"}), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_DESTROYED);
  EXPECT_THAT(town_.WorkKinds('r'), IsEmpty());
  Expect(town_.Resident('r', MailAgain{0, Clerk()}), v1::NOTICE_DESTROYED);
}

TEST_F(DecideTest, OnlyWhatIsInCustodyIsHandedOver) {
  number_ = town_.Posted('r');
  const RecordCounterHandover handover{0, Clerk(), events::v1::IDENTITY_CHECK_PHOTO_DOCUMENT};
  Expect(town_.Resident('r', handover), v1::NOTICE_NOT_IN_CUSTODY);
  town_.PassTo(Moment(2026, 11, 16));
  Tell("差出人に返送済み", Date(2026, 11, 15));
  ASSERT_EQ(town_.Resident('r', handover), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_HANDED_OVER);
}

TEST_F(DecideTest, ResendOfAReturnedNoticeSaysWhatToUse) {
  ComeBack();
  Expect(town_.Resident('r', Resend(Date(2026, 11, 17))), v1::NOTICE_RETURNED);
}

// ---- What the carrier says

TEST_F(DecideTest, AReportIsKnownWhoeverRepeatsIt) {
  LeaveContactForm();
  Tell("ご不在のため持ち戻り", Date(2026, 11, 4), 14 * 60);
  EXPECT_THAT(town_.last, IsEmpty());
}

TEST_F(DecideTest, AReportOfTomorrowOrFromBeforeThePostingIsRefused) {
  number_ = town_.Posted('r');
  Expect(town_.Report(number_, Report("引受", Date(2026, 11, 3))), v1::REPORT_IN_THE_FUTURE);
  Expect(town_.Report(number_, Report("引受", Date(2026, 11, 1))), v1::REPORT_BEFORE_POSTING);
}

TEST_F(DecideTest, ForwardingRaisesAnAlarmThatAPersonEnds) {
  number_ = town_.Posted('r');
  Tell("転送", Date(2026, 11, 2));
  EXPECT_THAT(town_.WorkKinds('r'), ElementsAre(events::v1::WORK_KIND_FORWARDED));
  ASSERT_EQ(town_.Resident('r', ResolveWork{0, Clerk(), events::v1::WORK_KIND_FORWARDED, "郵便局に連絡"}),
            absl::OkStatus());
  EXPECT_THAT(town_.WorkKinds('r'), IsEmpty());
}

// A number that was used again belongs to the piece of the day in question.
TEST_F(DecideTest, ANumberThatIsUsedAgainBelongsToThePieceOfItsDay) {
  number_ = town_.Posted('r');
  Tell("お届け先にお届け済み", Date(2026, 11, 2));
  town_.PassTo(Moment(2027, 4, 1));
  ASSERT_EQ(town_.When(ShareSubject(0), made_up::Range(town_.now_micros, 3'010'010'000, 1)), absl::OkStatus());
  auto& share = town_.states[std::string(ShareSubject(0).view())];
  share.mutable_share()->mutable_ranges(0)->set_next_serial(3'010'010'100);
  const std::string again = town_.Posted('s');
  ASSERT_EQ(again, number_);
  ASSERT_EQ(town_.Report(again, Report("引受", Date(2027, 4, 1))), absl::OkStatus());
  ASSERT_EQ(town_.Report(again, Report("持ち出し中", Date(2026, 11, 2), 500)), absl::OkStatus());
  EXPECT_EQ(town_.NoticeOf('r').pieces(0).reports_size(), 2);
  EXPECT_EQ(town_.NoticeOf('s').pieces(0).reports_size(), 1);
}

TEST_F(DecideTest, RangesDoNotOverlap) {
  const RegisterRange range = made_up::Range(town_.now_micros);
  ASSERT_EQ(town_.When(ShareSubject(0), range), absl::OkStatus());
  ASSERT_EQ(town_.When(ShareSubject(0), range), absl::OkStatus());
  EXPECT_THAT(town_.last, IsEmpty()) << "asked again: already so";
  Expect(town_.When(ShareSubject(0), made_up::Range(town_.now_micros, range.last_serial, 5)), v1::RANGE_OVERLAPS);
}

// ---- Disputes and work

TEST_F(DecideTest, ADeliveryIsDisputedAndLookedInto) {
  number_ = town_.Posted('r');
  Expect(town_.Resident('r', DisputeDelivery{0, Clerk(), "届いていない"}), v1::DELIVERY_NOT_CLAIMED);
  Tell("お届け先にお届け済み", Date(2026, 11, 2));
  ASSERT_EQ(town_.Resident('r', DisputeDelivery{0, Clerk(), "届いていない"}), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_UNDER_INVESTIGATION);
  EXPECT_THAT(town_.WorkKinds('r'), ElementsAre(events::v1::WORK_KIND_DELIVERY_DISPUTED));
  town_.PassTo(Moment(2026, 11, 24));
  EXPECT_THAT(town_.last, ElementsAre("deadline_passed"));
  const RecordInvestigation lost{0, Clerk(), events::v1::INVESTIGATION_OUTCOME_LOST, "調査 3"};
  ASSERT_EQ(town_.Resident('r', lost), absl::OkStatus());
  EXPECT_EQ(town_.StateOf('r'), Notice::STATE_LOST);
  Expect(town_.Resident('r', lost), v1::NO_INVESTIGATION);
}

TEST_F(DecideTest, ADeliveryCanBeDisputedForSixtyDays) {
  number_ = town_.Posted('r');
  Tell("お届け先にお届け済み", Date(2026, 11, 2));
  town_.PassTo(Moment(2027, 1, 2));
  Expect(town_.Resident('r', DisputeDelivery{0, Clerk(), "届いていない"}), v1::DISPUTE_PERIOD_OVER);
}

// The number was issued on 2 November: after the 23rd somebody looks where it is.
TEST_F(DecideTest, NoScanForThreeWeeksIsWorkUntilThereIsOne) {
  number_ = town_.Posted('r');
  town_.PassTo(Moment(2026, 11, 23, 23));
  EXPECT_THAT(town_.WorkKinds('r'), IsEmpty());
  town_.PassTo(Moment(2026, 11, 24));
  EXPECT_THAT(town_.WorkKinds('r'), ElementsAre(events::v1::WORK_KIND_NO_SCAN));
  EXPECT_EQ(town_.RowsWith("w"), 1u);
  Tell("引受", Date(2026, 11, 3));
  EXPECT_THAT(town_.WorkKinds('r'), IsEmpty());
  EXPECT_EQ(town_.RowsWith("w"), 0u);
}

TEST_F(DecideTest, TwoClerksDoNotDoTheSame) {
  ComeBack();
  const auto claim = [](const std::string& clerk) {
    return ClaimWork{0, Clerk(clerk), events::v1::WORK_KIND_IN_CUSTODY};
  };
  ASSERT_EQ(town_.Resident('r', claim("clerk-1")), absl::OkStatus());
  Expect(town_.Resident('r', claim("clerk-2")), v1::WORK_CLAIMED_BY_ANOTHER);
  Expect(town_.Resident('r', ResolveWork{0, Clerk("clerk-2"), events::v1::WORK_KIND_IN_CUSTODY, "記録"}),
         v1::WORK_CLAIMED_BY_ANOTHER);
  EXPECT_EQ(town_.Resident('r', claim("clerk-1")), absl::OkStatus()) << "longer";
  town_.PassTo(town_.now_micros + int64_t{15} * 60 * 1'000'000);
  EXPECT_EQ(town_.Resident('r', claim("clerk-2")), absl::OkStatus()) << "the time is over";
  Expect(town_.Resident('r', ClaimWork{0, Clerk(), events::v1::WORK_KIND_NO_SCAN}), v1::WORK_NOT_OPEN);
}

TEST_F(DecideTest, AFeedHasNoGap) {
  ComeBack();
  const std::string feed = std::string("f") + made_up::kMunicipality;
  EXPECT_EQ(town_.RowsWith(feed), 1 + 6u) << "its count; prepared, rendered, posted, absent, storage over, returned";
}

}  // namespace
}  // namespace mynumber::notice
