#include "gtest/gtest.h"
#include "libs/calendar/date.h"
#include "libs/testing/matchers.h"
#include "services/card/domain/made_up.h"

namespace mynumber::card {
namespace {

using calendar::Day;
using made_up::Clerk;
using made_up::Date;
using made_up::Factory;
using made_up::Moment;
using made_up::Office;
using testing::ReasonOf;
using Card = v1::Card;
using Types = std::vector<std::string>;

TEST(ProductionTest, AnOrderTellsTheFactoryWhoAndUntilWhen) {
  Office office;
  office.Make();
  const auto& ordered = office.CardOf().ordered();
  EXPECT_EQ(ordered.person().full_name(), "見本 花子");
  EXPECT_EQ(calendar::ToDay(ordered.valid_until()), Day(2036, 4, 1));
  EXPECT_EQ(ordered.batch(), "20261127-0");
  EXPECT_EQ(office.RowsWith("o"), 0u);
  EXPECT_EQ(office.RowsWith("b"), 1u);
  office.Must(OrderProduction{1});
  EXPECT_EQ(office.last, Types{}) << "ordered again it is the same order";
}

TEST(ProductionTest, TheFactoryMaySayEverythingTwice) {
  Office office;
  office.Make();
  office.Must(RecordShipment{1, Date(2026, 11, 27), Factory()});
  office.Must(RecordShipment{1, Date(2026, 11, 27), Factory()});
  EXPECT_EQ(office.last, Types{});
  EXPECT_EQ(ReasonOf(office.Do(RecordFailure{1, "chip", Factory()})), "PRODUCTION_ENDED_OTHERWISE");
  office.Must(RecordArrival{1, Clerk()});
  office.Must(RecordShipment{1, Date(2026, 11, 27), Factory()});
  EXPECT_EQ(office.last, Types{}) << "however late it says it";
}

TEST(ProductionTest, WhatFailsIsMadeAgainAsAnotherCard) {
  Office office;
  office.Make();
  office.Must(RecordFailure{1, "chip", Factory()});
  office.Must(RecordFailure{1, "chip", Factory()});
  EXPECT_EQ(office.last, Types{});
  EXPECT_EQ(office.RowsWith("o"), 1u);
  office.Must(OrderProduction{1});
  EXPECT_EQ(office.StateOf('a', 1), Card::STATE_FAILED);
  EXPECT_EQ(office.StateOf('a', 2), Card::STATE_IN_PRODUCTION);
  EXPECT_NE(office.CardOf('a', 1).ordered().serial(), office.CardOf('a', 2).ordered().serial());
}

TEST(ProductionTest, ACardThatWouldBeOverIsNotMade) {
  Office office;
  office.Register('a', made_up::Foreigner(Date(2027, 6, 30)));
  office.Apply();
  office.Approve(1);
  office.PassTo(Moment(2027, 6, 30));
  EXPECT_EQ(ReasonOf(office.Do(OrderProduction{1})), "RESIDENCE_CARD_EXPIRED");
}

TEST(PickUpTest, NoticeReminderAndDestructionGoByTheMunicipalitysPeriods) {
  Office office;
  SetMunicipality set{made_up::kMunicipality, {}, Clerk()};
  set.settings.set_pick_up_months(2);
  set.settings.set_reminder_months(1);
  set.settings.set_keep_months(4);
  ASSERT_TRUE(office.When(SettingsSubject(made_up::kMunicipality, 0), set).ok());
  office.BringTo(Card::STATE_NOTICE_SENT);
  EXPECT_EQ(calendar::ToDay(office.CardOf().pick_up_by()), Day(2027, 1, 27));
  const DestroyCard destroy{1, events::v1::DESTRUCTION_GROUND_UNCOLLECTED, "廃棄簿1", Clerk()};
  office.PassTo(Moment(2027, 1, 27));
  EXPECT_EQ(ReasonOf(office.Do(RemindOfPickUp{1, Clerk()})), "HAND_OVER_PERIOD_OPEN");
  EXPECT_EQ(ReasonOf(office.Do(destroy)), "ISSUE_NOTICE_NOT_SENT") << "nobody was reminded";
  office.PassTo(Moment(2027, 1, 28));
  EXPECT_EQ(office.CardOf().passed(0).kind(), events::v1::DEADLINE_KIND_PICK_UP);
  office.Must(RemindOfPickUp{1, Clerk()});
  EXPECT_EQ(calendar::ToDay(office.CardOf().pick_up_by()), Day(2027, 2, 28));
  office.PassTo(Moment(2027, 3, 1));
  EXPECT_EQ(ReasonOf(office.Do(destroy)), "HAND_OVER_PERIOD_OPEN") << "four months from the application on";
  office.PassTo(Moment(2027, 3, 28));
  office.Must(destroy);
  EXPECT_EQ(office.StateOf(), Card::STATE_DESTROYED);
}

TEST(PickUpTest, ACardWhoseDayIsOverBeforeAnybodyCameExpires) {
  Office office;
  office.Register('a', made_up::Foreigner(Date(2027, 6, 30)));
  office.BringTo(Card::STATE_NOTICE_SENT);
  office.PassTo(Moment(2027, 7, 1));
  EXPECT_EQ(office.StateOf(), Card::STATE_EXPIRED);
}

// ---- The counter

TEST(HandOverTest, IdentityIsProvenByPaper) {
  Office office;
  office.BringTo(Card::STATE_NOTICE_SENT);
  IssueCard issue = made_up::HandOver();
  issue.documents = {events::v1::DOCUMENT_HEALTH_INSURANCE};
  EXPECT_EQ(ReasonOf(office.Do(issue)), "IDENTITY_NOT_PROVEN");
  issue.documents = {events::v1::DOCUMENT_HEALTH_INSURANCE, events::v1::DOCUMENT_ISSUE_NOTICE};
  issue.to_agent = true;
  EXPECT_EQ(ReasonOf(office.Do(issue)), "AGENT_NEEDS_POWER_OF_ATTORNEY");
  issue.to_agent = false;
  office.Must(issue);
}

TEST(HandOverTest, AForeignResidentShowsAPhotograph) {
  Office office;
  office.Register('a', made_up::Foreigner(Date(2028, 6, 30)));
  office.BringTo(Card::STATE_NOTICE_SENT);
  IssueCard issue = made_up::HandOver();
  issue.documents = {events::v1::DOCUMENT_HEALTH_INSURANCE, events::v1::DOCUMENT_ISSUE_NOTICE};
  EXPECT_EQ(ReasonOf(office.Do(issue)), "PHOTO_DOCUMENT_NEEDED");
  issue.documents = {events::v1::DOCUMENT_PASSPORT};
  office.Must(issue);
}

TEST(HandOverTest, PinsAreSetAtTheTerminalAndNeverSeenHere) {
  Office office;
  office.BringTo(Card::STATE_NOTICE_SENT);
  IssueCard issue = made_up::HandOver();
  issue.pins_set.pop_back();
  EXPECT_EQ(ReasonOf(office.Do(issue)), "PINS_NOT_SET");
  issue = made_up::HandOver();
  issue.without_signature_certificate = true;
  EXPECT_EQ(ReasonOf(office.Do(issue)), "PINS_NOT_SET") << "a PIN for a certificate that is not there";
  issue.pins_set.erase(issue.pins_set.begin());
  office.Must(issue);
  EXPECT_FALSE(HasCertificate(office.CardOf(), events::v1::CERTIFICATE_SIGNATURE));
  EXPECT_TRUE(HasCertificate(office.CardOf(), events::v1::CERTIFICATE_AUTHENTICATION));
}

TEST(HandOverTest, NobodyUnderFifteenHasASignatureCertificate) {
  events::v1::Person child = made_up::Hanako();
  *child.mutable_birth_date() = Date(2015, 1, 1);
  Office office;
  office.Register('a', child);
  SubmitApplication booth = made_up::Submission(events::v1::APPLICATION_WAY_PHOTO_BOOTH);
  booth.submitted.mutable_representative()->set_full_name("見本 太郎");
  office.Must(booth);
  office.Approve(1);
  office.Must(OrderProduction{1});
  office.Must(RecordShipment{1, Date(2026, 11, 27), Factory()});
  office.Must(RecordArrival{1, Clerk()});
  office.Must(SetUpCard{1, Clerk()});
  EXPECT_EQ(ReasonOf(office.Do(made_up::HandOver())), "SIGNATURE_CERTIFICATE_NOT_FOR_HOLDER");
}

TEST(HandOverTest, AReportedLossStopsIt) {
  Office office;
  office.BringTo(Card::STATE_SHIPPED);
  office.Must(made_up::Suspension());
  office.Must(RecordArrival{1, Clerk()});
  EXPECT_EQ(office.StateOf(), Card::STATE_HELD) << "it goes on its way, and is handed over by nobody";
  EXPECT_EQ(ReasonOf(office.Do(made_up::HandOver())), "CARD_HELD");
  office.Must(made_up::Lift());
  office.Must(SetUpCard{1, Clerk()});
  office.Must(made_up::HandOver());
}

TEST(HandOverTest, WhereTheCardLiesAndWhereTheHolderLivesMayHandItOver) {
  Office office;
  office.BringTo(Card::STATE_NOTICE_SENT);
  IssueCard elsewhere = made_up::HandOver();
  elsewhere.actor = made_up::OtherTownsClerk();
  EXPECT_EQ(ReasonOf(office.Do(elsewhere)), "MUNICIPALITY_NOT_YOURS");
  ChangeHolder move;
  move.change = events::v1::HOLDER_CHANGE_MOVED;
  move.person.set_municipality_code(made_up::kOtherMunicipality);
  office.Must(move);
  office.Must(made_up::HandOver());
}

}  // namespace
}  // namespace mynumber::card
