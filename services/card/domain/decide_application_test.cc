#include "gtest/gtest.h"
#include "libs/calendar/date.h"
#include "libs/testing/matchers.h"
#include "services/card/domain/explain.h"
#include "services/card/domain/made_up.h"

namespace mynumber::card {
namespace {

using made_up::Clerk;
using made_up::Date;
using made_up::Moment;
using made_up::Office;
using made_up::Submission;
using testing::ReasonOf;
using Application = v1::Application;
using Types = std::vector<std::string>;

StartApplication Start() { return {1, events::v1::APPLICATION_WAY_COMPUTER, "hanako@example.jp"}; }

ChangeHolder Corrected(const events::v1::Person& person) {
  ChangeHolder change;
  change.change = events::v1::HOLDER_CHANGE_CORRECTED;
  change.person = person;
  return change;
}

// ---- The four ways

TEST(ApplicationTest, OnlineALinkIsSentOpenedOnceAndThePhotographSubmitted) {
  Office office;
  office.Register();
  office.Must(Start());
  EXPECT_EQ(office.ApplicationState(), Application::STATE_STARTED);
  EXPECT_EQ(office.RowsWith("m"), 1u) << "a mail waits to be sent";
  EXPECT_EQ(ReasonOf(office.Do(Submission(events::v1::APPLICATION_WAY_COMPUTER, 1))), "EMAIL_NOT_CONFIRMED");
  office.Must(ConfirmEmail{1, 1, made_up::TokenHash(1, 1)});
  EXPECT_EQ(ReasonOf(office.Do(ConfirmEmail{1, 1, made_up::TokenHash(1, 1)})), "LINK_USED");
  office.Must(Submission(events::v1::APPLICATION_WAY_UNSPECIFIED, 1));
  EXPECT_EQ(office.ApplicationState(), Application::STATE_RECEIVED);
  EXPECT_EQ(office.FileOf().applications(0).submitted().way(), events::v1::APPLICATION_WAY_COMPUTER);
  EXPECT_EQ(ReasonOf(office.Do(Submission(events::v1::APPLICATION_WAY_COMPUTER, 1))), "APPLICATION_RECEIVED_ALREADY");
}

TEST(ApplicationTest, ABoothSendsAllAtOnce) {
  Office office;
  office.Register();
  office.Must(Submission(events::v1::APPLICATION_WAY_PHOTO_BOOTH));
  EXPECT_EQ(office.last, Types{"application_submitted"});
  EXPECT_EQ(office.RowsWith("m"), 0u) << "nobody gave an address to write to";
  EXPECT_EQ(ReasonOf(office.Do(Submission(events::v1::APPLICATION_WAY_PHOTO_BOOTH))), "APPLICATION_UNDER_WAY");
}

TEST(ApplicationTest, AMailedFormIsRecordedByItsMunicipalityWithAPhotographOfSixMonths) {
  Office office;
  office.Register();
  SubmitApplication mailed = Submission(events::v1::APPLICATION_WAY_MAIL);
  mailed.submitted.clear_photo();
  EXPECT_EQ(ReasonOf(office.Do(mailed)), "PHOTO_MISSING");
  *mailed.submitted.mutable_received_date() = Date(2026, 11, 27);
  *mailed.submitted.mutable_paper_photo_taken_date() = Date(2026, 5, 26);
  EXPECT_EQ(ReasonOf(office.Do(mailed)), "PHOTO_OF_MAILED_TOO_OLD");
  *mailed.submitted.mutable_paper_photo_taken_date() = Date(2026, 5, 27);
  *mailed.submitted.mutable_actor() = made_up::OtherTownsClerk();
  EXPECT_EQ(ReasonOf(office.Do(mailed)), "MUNICIPALITY_NOT_YOURS");
  *mailed.submitted.mutable_actor() = Clerk();
  office.Must(mailed);
  EXPECT_EQ(office.ApplicationState(), Application::STATE_RECEIVED);
}

// ---- Links

TEST(ApplicationTest, ALinkExpiresAndAnotherTakesItsPlace) {
  Office office;
  office.Register();
  office.Must(Start());
  office.now_micros += kLinkMicros;
  EXPECT_EQ(ReasonOf(office.Do(ConfirmEmail{1, 1, made_up::TokenHash(1, 1)})), "LINK_EXPIRED");
  office.Must(Start());
  EXPECT_EQ(office.last, Types{"link_renewed"});
  EXPECT_EQ(office.RowsWith("m"), 1u) << "of two links only the newer one is sent";
  EXPECT_EQ(ReasonOf(office.Do(ConfirmEmail{1, 1, made_up::TokenHash(1, 1)})), "LINK_UNKNOWN");
  office.Must(ConfirmEmail{1, 2, made_up::TokenHash(1, 2)});
}

TEST(ApplicationTest, AMailIsNotedOnceAndNeedNotBeSentAgain) {
  Office office;
  office.Register();
  office.Must(Start());
  NoteMailSent sent;
  sent.sent.set_application(1);
  sent.sent.set_kind(events::v1::MAIL_KIND_LINK);
  sent.sent.set_number(1);
  office.Must(sent);
  EXPECT_EQ(office.RowsWith("m"), 0u);
  office.Must(sent);
  EXPECT_EQ(office.last, Types{});
}

// ---- Who may apply (the leaflet)

TEST(EligibilityTest, AFormIsGoodWhileItIsTrue) {
  events::v1::Person renamed = made_up::Hanako();
  renamed.set_full_name("架空 花子");
  Office office;
  office.Register();
  office.Must(Corrected(renamed));
  EXPECT_EQ(ReasonOf(office.Do(Submission(events::v1::APPLICATION_WAY_MAIL))), "FORM_OUTDATED");
  EXPECT_EQ(ReasonOf(office.Do(Start())), "FORM_OUTDATED") << "the default follows the leaflet";
  SetMunicipality set{made_up::kMunicipality, {}, Clerk()};
  set.settings.set_outdated_form_valid_online(true);
  ASSERT_TRUE(office.When(SettingsSubject(made_up::kMunicipality, 0), set).ok());
  EXPECT_TRUE(office.Do(Start()).ok());
  EXPECT_EQ(ReasonOf(office.Do(Submission(events::v1::APPLICATION_WAY_MAIL))), "FORM_OUTDATED") << "never by post";
}

TEST(EligibilityTest, AFormThatIsNotOutYetIsPrintedAnew) {
  Office office;
  office.Must(made_up::Registration());
  office.Must(made_up::Form());
  events::v1::Person moved = made_up::Hanako();
  moved.set_address("別の町9");
  office.Must(Corrected(moved));
  EXPECT_EQ(ReasonOf(office.Do(Start())), "FORM_OUTDATED");
  office.Must(ReprintForm{made_up::Form(moved).printed});
  office.Must(Start());
  office.Must(PostForm{1});
  office.Must(ReprintForm{made_up::Form().printed});
  EXPECT_EQ(office.last, Types{}) << "what is out says what it says";
}

TEST(EligibilityTest, AFormMayBeToldBeforeTheResident) {
  Office office;
  office.Must(made_up::Form());
  office.Must(made_up::Registration(made_up::Foreigner(Date(2028, 6, 30))));
  EXPECT_EQ(office.FileOf().forms(0).printed().period_of_stay_end().year(), 2028);
}

TEST(EligibilityTest, OnlyTheNewestNoticeCounts) {
  Office office;
  office.Register();
  office.Must(made_up::Form(made_up::Hanako(), 2));
  EXPECT_EQ(ReasonOf(office.Do(Start())), "FORM_SUPERSEDED");
  StartApplication with_newer = Start();
  with_newer.form = 2;
  EXPECT_TRUE(office.Do(with_newer).ok());
  with_newer.form = 3;
  EXPECT_EQ(ReasonOf(office.Do(with_newer)), "APPLICATION_ID_UNKNOWN");
}

TEST(EligibilityTest, AResidenceCardIsRenewedFirst) {
  const auto outcome = [](const type::Date& until) {
    Office office;
    office.Register('a', made_up::Foreigner(until));
    return ReasonOf(office.Do(Start()));
  };
  EXPECT_EQ(outcome(Date(2026, 11, 26)), "RESIDENCE_CARD_EXPIRED");
  EXPECT_EQ(outcome(Date(2026, 11, 27)), "RESIDENCE_CARD_EXPIRES_WITHIN_A_MONTH");
  EXPECT_EQ(outcome(Date(2026, 12, 27)), "RESIDENCE_CARD_EXPIRES_WITHIN_A_MONTH");
  EXPECT_EQ(outcome(Date(2026, 12, 28)), "");
}

TEST(EligibilityTest, AfterTheRenewalTheOfficeTakesTheApplicationWithoutTheForm) {
  Office office;
  office.Register('a', made_up::Foreigner(Date(2026, 12, 1)));
  office.Must(Corrected(made_up::Foreigner(Date(2029, 12, 1))));
  EXPECT_EQ(ReasonOf(office.Do(Start())), "FORM_OUTDATED") << "the residence card's day is another one";
  EXPECT_TRUE(office.Do(Submission(events::v1::APPLICATION_WAY_COUNTER)).ok());
}

TEST(EligibilityTest, NobodyHasTwoCards) {
  Office office;
  office.Issue();
  EXPECT_EQ(ReasonOf(office.Do(Start())), "CARD_VALID_ALREADY");
  office.Must(RevokeCard{1, events::v1::REVOCATION_GROUND_REQUESTED, Clerk()});
  EXPECT_EQ(ReasonOf(office.Do(Start())), "APPLICATION_ID_USED");
}

TEST(EligibilityTest, ChildrenAreRepresentedAndInfantsHaveNoPhotograph) {
  events::v1::Person child = made_up::Hanako();
  *child.mutable_birth_date() = Date(2011, 11, 28);
  Office office;
  office.Register('a', child);
  SubmitApplication booth = Submission(events::v1::APPLICATION_WAY_PHOTO_BOOTH);
  EXPECT_EQ(ReasonOf(office.Do(booth)), "REPRESENTATIVE_MISSING");
  booth.submitted.mutable_representative()->set_full_name("見本 太郎");
  EXPECT_TRUE(office.Do(booth).ok());

  events::v1::Person infant = made_up::Hanako();
  *infant.mutable_birth_date() = Date(2025, 11, 28);
  office.Register('b', infant);
  EXPECT_EQ(ReasonOf(office.Do(booth, 'b')), "NO_PHOTO_UNDER_ONE_YEAR");
  booth.submitted.clear_photo();
  EXPECT_TRUE(office.Do(booth, 'b').ok());
}

TEST(EligibilityTest, WhoIsGoneHasNoCardAndNoApplication) {
  Office office;
  office.Register();
  office.Apply();
  office.Must(EndHolder{events::v1::DEPARTURE_DEATH});
  EXPECT_EQ(office.ApplicationState(), Application::STATE_WITHDRAWN);
  EXPECT_EQ(ReasonOf(office.Do(Start())), "HOLDER_GONE");
}

// ---- Review, status, withdrawal

TEST(ReviewTest, ADefectLeadsToAnotherPhotographUnderTheSameApplicationId) {
  Office office;
  office.Register();
  office.Apply();
  EXPECT_EQ(ReasonOf(office.Do(ReviewPhoto{1, {}, Clerk()})), "APPLICATION_NOT_UNDER_REVIEW");
  office.Must(StartReview{1, Clerk()});
  office.Must(ReviewPhoto{1, {events::v1::PHOTO_DEFECT_BLURRED}, Clerk()});
  EXPECT_EQ(office.ApplicationState(), Application::STATE_DEFECT);
  const auto told = Explain(office.FileOf().applications(0), office.now_micros);
  ASSERT_TRUE(told.ok());
  EXPECT_EQ(told->defects(0), events::v1::PHOTO_DEFECT_BLURRED);
  office.Must(Submission(events::v1::APPLICATION_WAY_SMARTPHONE, 1));
  EXPECT_EQ(office.ApplicationState(), Application::STATE_RECEIVED);
  office.Approve(1);
  EXPECT_EQ(office.RowsWith("o"), 1u) << "it is to be ordered of the factory";
}

TEST(ReviewTest, AnotherTownSeesNothingOfIt) {
  Office office;
  office.Register();
  office.Apply();
  EXPECT_EQ(ReasonOf(office.Do(StartReview{1, made_up::OtherTownsClerk()})), "MUNICIPALITY_NOT_YOURS");
  EXPECT_EQ(ReasonOf(office.Do(StartReview{1, made_up::Operator()})), "MUNICIPALITY_ONLY");
}

TEST(StatusTest, WrongBirthDatesAreCountedAndLimitedForADay) {
  Office office;
  office.Register();
  office.Apply();
  for (uint32_t i = 0; i < kMissedMax; ++i) {
    office.Must(AskStatus{1, Date(1990, 4, 2)});
    EXPECT_EQ(office.last, Types{"birth_date_missed"});
  }
  EXPECT_EQ(ReasonOf(office.Do(AskStatus{1, Date(1990, 4, 1)})), "TOO_MANY_WRONG_BIRTH_DATES") << "even the right one";
  office.PassTo(Moment(2026, 11, 28, 0, 1));
  office.Must(AskStatus{1, Date(1990, 4, 1)});
  EXPECT_EQ(office.last, Types{}) << "who knows it leaves no trace";
}

TEST(StatusTest, ThePublicIsToldForSixMonthsAndOfNothingBehindTheShipment) {
  Office office;
  office.BringTo(v1::Card::STATE_ARRIVED);
  const auto& application = office.FileOf().applications(0);
  const auto told = Explain(application, office.now_micros);
  ASSERT_TRUE(told.ok());
  EXPECT_EQ(told->state(), Application::STATE_SHIPPED);
  EXPECT_TRUE(Explain(application, Moment(2027, 5, 27)).ok());
  EXPECT_EQ(ReasonOf(Explain(application, Moment(2027, 5, 28)).status()), "STATUS_TOO_OLD");
}

TEST(StatusTest, WhatIsApprovedIsUnderReviewToThePublic) {
  Office office;
  office.Register();
  office.Apply();
  office.Approve(1);
  EXPECT_EQ(Explain(office.FileOf().applications(0), office.now_micros)->state(), Application::STATE_UNDER_REVIEW);
}

TEST(WithdrawalTest, UntilTheFactoryHasIt) {
  Office office;
  office.Register();
  office.Apply();
  office.Must(WithdrawApplication{1, made_up::Actor("application-site")});
  EXPECT_EQ(office.ApplicationState(), Application::STATE_WITHDRAWN);
  office.Make();
  EXPECT_EQ(ReasonOf(office.Do(WithdrawApplication{2, Clerk()})), "APPLICATION_IN_PRODUCTION");
}

// ---- Another card

TEST(RenewalTest, IsTakenFromTheDayAfterThreeMonthsBefore) {
  Office office;
  office.Register('a', made_up::Foreigner(Date(2027, 6, 30)));
  office.Issue();
  const Renew renew{1, Submission(events::v1::APPLICATION_WAY_COUNTER), Clerk()};
  office.PassTo(Moment(2027, 3, 30));
  EXPECT_EQ(ReasonOf(office.Do(renew)), "RENEWAL_TOO_EARLY");
  office.PassTo(Moment(2027, 3, 31));
  office.Must(renew);
  EXPECT_EQ(office.StateOf(), v1::Card::STATE_IN_USE) << "the old one counts until the new one is handed over";
}

TEST(RenewalTest, TheOldCardEndsWithTheHandOverOfTheNewOne) {
  Office office;
  office.Issue();
  office.PassTo(Moment(2036, 3, 1));
  office.Must(Renew{1, Submission(events::v1::APPLICATION_WAY_COUNTER), Clerk()});
  office.Approve(2);
  office.Must(OrderProduction{2});
  office.Must(RecordShipment{2, Date(2036, 3, 10), made_up::Factory()});
  office.Must(RecordArrival{2, Clerk()});
  office.Must(SetUpCard{2, Clerk()});
  office.Must(made_up::HandOver(2));
  EXPECT_EQ(office.StateOf('a', 1), v1::Card::STATE_REVOKED);
  EXPECT_EQ(office.StateOf('a', 2), v1::Card::STATE_IN_USE);
  EXPECT_EQ(office.CardOf('a', 1).revoked_ground(), events::v1::REVOCATION_GROUND_REPLACED_BY_ANOTHER);
}

TEST(ReissueTest, FeeAndEvidenceFollowFromTheGround) {
  Office office;
  office.Issue();
  Reissue reissue{1, Submission(events::v1::APPLICATION_WAY_COUNTER), false, Clerk()};
  auto& submitted = reissue.application.submitted;
  submitted.set_reissue_ground(events::v1::REISSUE_GROUND_LOST);
  EXPECT_EQ(ReasonOf(office.Do(reissue)), "REISSUE_NOT_NEEDED") << "a loss is reported first";
  office.Must(made_up::Suspension());
  EXPECT_EQ(ReasonOf(office.Do(reissue)), "POLICE_RECEIPT_MISSING");
  submitted.set_police_receipt("police-77");
  EXPECT_EQ(ReasonOf(office.Do(reissue)), "FEE_RECEIPT_MISSING");
  submitted.set_fee_receipt("fee-1");
  submitted.set_express_ground(events::v1::EXPRESS_GROUND_LOST);
  reissue.application.ground_date = Date(2026, 10, 27);
  EXPECT_EQ(ReasonOf(office.Do(reissue)), "EXPRESS_NOT_ALLOWED") << "31 days";
  reissue.application.ground_date = Date(2026, 10, 28);
  office.Must(reissue);
  EXPECT_EQ(office.last, (Types{"application_submitted", "card_revoked"}));
  EXPECT_EQ(office.FileOf().applications(1).submitted().fee_yen(), 2000u);
  EXPECT_EQ(office.CardOf().revoked_ground(), events::v1::REVOCATION_GROUND_LOST);
}

TEST(ReissueTest, AFaultyCardCostsNothing) {
  Office office;
  office.Issue();
  Reissue reissue{1, Submission(events::v1::APPLICATION_WAY_COUNTER), false, Clerk()};
  reissue.application.submitted.set_reissue_ground(events::v1::REISSUE_GROUND_FAULTY);
  office.Must(reissue);
  EXPECT_EQ(office.FileOf().applications(1).submitted().fee_yen(), 0u);
}

// Rows do not grow for ever.
TEST(ApplicationTest, EndedApplicationsAreForgottenTheOldestFirst) {
  Office office;
  office.Register();
  for (uint32_t number = 1; number <= 20; ++number) {
    office.Must(Submission(events::v1::APPLICATION_WAY_PHOTO_BOOTH));
    office.Must(WithdrawApplication{number, Clerk()});
  }
  EXPECT_EQ(office.FileOf().applications_size(), kApplicationsMax);
  EXPECT_EQ(office.FileOf().last_application(), 20u);
}

}  // namespace
}  // namespace mynumber::card
