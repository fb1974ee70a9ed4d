#include "gtest/gtest.h"
#include "libs/calendar/date.h"
#include "libs/testing/matchers.h"
#include "services/card/domain/made_up.h"
#include "services/card/domain/made_up_life.h"

namespace mynumber::card {
namespace {

using made_up::Clerk;
using made_up::Office;
using testing::ReasonOf;
using Card = v1::Card;
using Types = std::vector<std::string>;

TEST(SuspensionTest, HoldsCardAndBothCertificatesAndIsTakenOnce) {
  Office office;
  office.Issue();
  ASSERT_TRUE(IsUsable(office.CardOf(), office.now_micros));
  office.Must(made_up::Suspension());
  EXPECT_EQ(office.StateOf(), Card::STATE_SUSPENDED);
  EXPECT_FALSE(IsUsable(office.CardOf(), office.now_micros));
  for (const auto& certificate : office.CardOf().certificates()) {
    EXPECT_FALSE(IsUsable(office.CardOf(), certificate, office.now_micros));
  }
  SuspendCard another = made_up::Suspension();
  another.case_name = "cases/2";
  office.Must(another);
  EXPECT_EQ(office.last, Types{}) << "two callers, one suspension";
  EXPECT_EQ(office.CardOf().suspension().suspended().case_name(), "cases/1");
}

TEST(SuspensionTest, AnyMunicipalityTakesIt) {
  Office office;
  office.Issue();
  SuspendCard elsewhere = made_up::Suspension();
  elsewhere.actor = made_up::OtherTownsClerk();
  office.Must(elsewhere);
  EXPECT_EQ(office.StateOf(), Card::STATE_SUSPENDED);
}

TEST(SuspensionTest, OfWhatIsNotThereOrHasEndedIsRefusedByName) {
  Office office;
  office.Issue();
  EXPECT_EQ(ReasonOf(office.Do(made_up::Suspension(2))), "CARD_UNKNOWN");
  office.Must(RevokeCard{1, events::v1::REVOCATION_GROUND_REQUESTED, Clerk()});
  EXPECT_EQ(ReasonOf(office.Do(made_up::Suspension())), "CARD_REVOKED");
}

TEST(LiftTest, OnlyWithThePersonPresentTheirPapersAndThePoliceReceipt) {
  Office office;
  office.Issue();
  office.Must(made_up::Suspension());
  LiftSuspension lift = made_up::Lift();
  lift.actor = made_up::Operator();
  EXPECT_EQ(ReasonOf(office.Do(lift)), "OFFICE_ONLY") << "never by telephone";
  lift = made_up::Lift();
  lift.person_present = false;
  EXPECT_EQ(ReasonOf(office.Do(lift)), "PERSON_NOT_PRESENT");
  lift = made_up::Lift();
  lift.documents = {events::v1::DOCUMENT_HEALTH_INSURANCE};
  EXPECT_EQ(ReasonOf(office.Do(lift)), "IDENTITY_NOT_PROVEN");
  lift = made_up::Lift();
  lift.police_receipt.clear();
  EXPECT_EQ(ReasonOf(office.Do(lift)), "POLICE_RECEIPT_MISSING");
  lift.lost_at_home = true;
  office.Must(lift);
  EXPECT_EQ(office.StateOf(), Card::STATE_IN_USE);
}

TEST(LiftTest, TheSignatureCertificateIsIssuedAnewTheOtherByPolicy) {
  for (const bool stays_revoked : {false, true}) {
    Office office;
    SetMunicipality set{made_up::kMunicipality, {}, Clerk()};
    set.settings.set_authentication_certificate_stays_revoked(stays_revoked);
    ASSERT_TRUE(office.When(SettingsSubject(made_up::kMunicipality, 0), set).ok());
    office.Issue();
    office.Must(made_up::Suspension());
    office.Must(made_up::Lift());
    EXPECT_FALSE(HasCertificate(office.CardOf(), events::v1::CERTIFICATE_SIGNATURE));
    EXPECT_EQ(HasCertificate(office.CardOf(), events::v1::CERTIFICATE_AUTHENTICATION), !stays_revoked);
    office.Must(IssueCertificate{1, events::v1::CERTIFICATE_SIGNATURE, Clerk()});
  }
}

TEST(LossTest, ReportedAtTheOfficeItSuspendsAndThePoliceReceiptMayFollow) {
  Office office;
  office.Issue();
  office.Must(ReportLoss{1, "", false, Clerk()});
  EXPECT_EQ(office.last, (Types{"card_suspended", "loss_reported"}));
  office.Must(ReportLoss{1, "police-9", false, Clerk()});
  EXPECT_EQ(office.last, Types{"loss_reported"});
  LiftSuspension lift = made_up::Lift();
  lift.police_receipt.clear();
  office.Must(lift);
}

TEST(LossTest, FoundItStaysSuspended) {
  Office office;
  office.Issue();
  office.Must(made_up::Suspension());
  office.Must(ReportFound{1, made_up::Operator()});
  EXPECT_TRUE(office.CardOf().suspension().found());
  EXPECT_EQ(office.StateOf(), Card::STATE_SUSPENDED);
  office.Must(ReportFound{1, made_up::Operator()});
  EXPECT_EQ(office.last, Types{});
}

// ---- From any history, a suspension that was not lifted means that nobody reads "usable" (P5).

TEST(SuspensionLawTest, WhatWasNotLiftedIsUsableToNobody) {
  int suspensions = 0, uses = 0;
  for (unsigned seed = 0; seed < 500; ++seed) {
    made_up::RandomLife life(seed);
    life.Live(200);
    suspensions += life.suspensions;
    for (const auto& card : life.office.FileOf().cards()) {
      const bool usable = IsUsable(card, life.office.now_micros);
      uses += usable;
      if (!life.is_suspended[card.ordered().card()]) continue;
      EXPECT_FALSE(usable) << "seed " << seed;
      for (const auto& certificate : card.certificates()) {
        EXPECT_FALSE(IsUsable(card, certificate, life.office.now_micros)) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(suspensions, 1000) << "too little happened";
  EXPECT_GT(uses, 20) << "nothing was ever usable";
}

}  // namespace
}  // namespace mynumber::card
