#include "gtest/gtest.h"
#include "libs/calendar/date.h"
#include "libs/testing/matchers.h"
#include "services/card/domain/made_up.h"

namespace mynumber::card {
namespace {

using calendar::Day;
using made_up::Clerk;
using made_up::Date;
using made_up::Moment;
using made_up::Office;
using testing::ReasonOf;
using Card = v1::Card;
using Types = std::vector<std::string>;

ChangeHolder MoveTo(const std::string& municipality, const type::Date& day) {
  ChangeHolder move;
  move.change = events::v1::HOLDER_CHANGE_MOVED;
  move.person.set_address(municipality + " の町1");
  move.person.set_municipality_code(municipality);
  move.day = day;
  return move;
}

TEST(ChangeTest, TheSignatureCertificateLapsesWithTheAddress) {
  Office office;
  office.Issue();
  office.Must(MoveTo(made_up::kMunicipality, Date(2026, 11, 20)));
  EXPECT_EQ(office.last, (Types{"certificate_revoked", "holder_changed"}));
  EXPECT_FALSE(HasCertificate(office.CardOf(), events::v1::CERTIFICATE_SIGNATURE));
}

TEST(ChangeTest, IsDueWithinFourteenDaysAndLatenessIsKept) {
  Office office;
  office.Issue();
  EXPECT_EQ(ReasonOf(office.Do(RecordChange{1, events::v1::CARD_CHANGE_ADDRESS, Date(2026, 11, 20), Clerk()})),
            "NO_SUCH_CHANGE");
  office.Must(MoveTo(made_up::kMunicipality, Date(2026, 11, 20)));
  const auto due = NextDue(office.CardOf());
  ASSERT_TRUE(due);
  EXPECT_EQ(due->kind, events::v1::DEADLINE_KIND_CHANGE);
  EXPECT_EQ(due->day, Day(2026, 12, 4));
  office.PassTo(Moment(2026, 12, 7));
  EXPECT_EQ(office.last, Types{"deadline_passed"});
  EXPECT_EQ(ReasonOf(office.Do(RecordChange{1, events::v1::CARD_CHANGE_ADDRESS, Date(2026, 12, 8), Clerk()})),
            "DATE_IN_THE_FUTURE");
  office.Must(RecordChange{1, events::v1::CARD_CHANGE_ADDRESS, Date(2026, 11, 20), Clerk()});
  EXPECT_FALSE(office.CardOf().has_address_changed_date());
}

TEST(MoveTest, UseIsContinuedAtTheNewMunicipalityInTime) {
  Office office;
  office.Issue();
  office.Must(MoveTo(made_up::kOtherMunicipality, Date(2026, 11, 20)));
  const type::Actor there = made_up::OtherTownsClerk();
  const auto with = [&](const type::Date& out, const type::Date& moved, const type::Date& notified) {
    return ReasonOf(office.Do(ContinueUse{1, out, moved, notified, false, there}));
  };
  EXPECT_EQ(with(Date(2026, 11, 20), Date(2026, 11, 12), Date(2026, 11, 27)), "MOVE_IN_NOTIFIED_TOO_LATE") << "14";
  EXPECT_EQ(with(Date(2026, 10, 27), Date(2026, 11, 13), Date(2026, 11, 27)), "MOVE_IN_NOTIFIED_TOO_LATE") << "30";
  EXPECT_EQ(with(Date(2026, 10, 28), Date(2026, 11, 13), Date(2026, 11, 27)), "PIN_NOT_ENTERED");
  EXPECT_EQ(ReasonOf(office.Do(ContinueUse{1, Date(2026, 11, 20), Date(2026, 11, 20), Date(2026, 11, 27), true,
                                           made_up::Actor("municipality/011002")})),
            "MUNICIPALITY_NOT_YOURS");
  office.Must(ContinueUse{1, Date(2026, 11, 20), Date(2026, 11, 20), Date(2026, 11, 27), true, there});
  office.PassTo(Moment(2027, 4, 1));
  EXPECT_EQ(office.StateOf(), Card::STATE_IN_USE);
}

TEST(MoveTest, AfterNinetyDaysTheCardEnds) {
  Office office;
  office.Issue();
  office.Must(MoveTo(made_up::kOtherMunicipality, Date(2026, 11, 20)));
  office.PassTo(Moment(2027, 2, 25, 23, 59));
  EXPECT_EQ(office.StateOf(), Card::STATE_IN_USE) << "90 days from 27 November end with 25 February";
  office.PassTo(Moment(2027, 2, 26, 0, 0));
  EXPECT_EQ(office.StateOf(), Card::STATE_REVOKED);
  EXPECT_EQ(office.CardOf().revoked_ground(), events::v1::REVOCATION_GROUND_NOT_CONTINUED);
}

TEST(MoveTest, WhoMovesOnBeforeHasNoCardAnyMore) {
  Office office;
  office.Issue();
  office.Must(MoveTo(made_up::kOtherMunicipality, Date(2026, 11, 20)));
  office.Must(MoveTo("011002", Date(2026, 12, 1)));
  EXPECT_EQ(office.CardOf().revoked_ground(), events::v1::REVOCATION_GROUND_MOVED_AGAIN);
}

TEST(ExtensionTest, WithTheNewPeriodOfStayAndOnceWhileItIsPending) {
  Office office;
  office.Register('a', made_up::Foreigner(Date(2027, 6, 30)));
  office.Issue();
  office.Must(ExtendValidity{1, std::nullopt, Clerk()});
  EXPECT_EQ(calendar::ToDay(office.CardOf().valid_until()), Day(2027, 8, 31));
  EXPECT_EQ(ReasonOf(office.Do(ExtendValidity{1, std::nullopt, Clerk()})), "EXTENSION_USED_ALREADY");
  office.Must(ExtendValidity{1, Date(2030, 6, 30), Clerk()});
  EXPECT_EQ(calendar::ToDay(office.CardOf().valid_until()), Day(2030, 6, 30));
  office.Must(ExtendValidity{1, Date(2050, 6, 30), Clerk()});
  EXPECT_EQ(calendar::ToDay(office.CardOf().valid_until()), Day(2036, 4, 1)) << "never longer than the birthday";
  EXPECT_EQ(ReasonOf(office.Do(ExtendValidity{1, Date(2060, 6, 30), Clerk()})), "EXTENSION_NOT_NEEDED");
}

TEST(ExtensionTest, AfterTheLastDayThereIsNothingToExtend) {
  Office office;
  office.Register('a', made_up::Foreigner(Date(2027, 6, 30)));
  office.Issue();
  office.PassTo(Moment(2027, 6, 30, 23, 59));
  EXPECT_TRUE(IsUsable(office.CardOf(), office.now_micros));
  office.PassTo(Moment(2027, 7, 1, 0, 0));
  EXPECT_EQ(office.StateOf(), Card::STATE_EXPIRED);
  EXPECT_EQ(ReasonOf(office.Do(ExtendValidity{1, Date(2030, 6, 30), Clerk()})), "CARD_EXPIRED");
}

// Before the deadline was met, too: a validator may ask in between.
TEST(ValidityTest, TheDayItselfDecides) {
  Office office;
  office.Issue();
  EXPECT_TRUE(IsUsable(office.CardOf(), Moment(2036, 4, 1, 23, 59)));
  EXPECT_FALSE(IsUsable(office.CardOf(), Moment(2036, 4, 2, 0, 0)));
}

TEST(PinTest, LockedByTheTerminalUnlockedByTheOfficeNeverWhileSuspended) {
  Office office;
  office.Issue();
  const type::Actor terminal = made_up::Actor("terminal");
  office.Must(LockPin{1, events::v1::PIN_AUTHENTICATION, terminal});
  office.Must(LockPin{1, events::v1::PIN_AUTHENTICATION, terminal});
  EXPECT_EQ(office.last, Types{});
  EXPECT_EQ(ReasonOf(office.Do(UnlockPin{1, events::v1::PIN_SIGNATURE, {events::v1::DOCUMENT_PASSPORT}, Clerk()})),
            "PIN_NOT_LOCKED");
  office.Must(made_up::Suspension());
  const UnlockPin unlock{1, events::v1::PIN_AUTHENTICATION, {events::v1::DOCUMENT_PASSPORT}, Clerk()};
  EXPECT_EQ(ReasonOf(office.Do(unlock)), "CARD_SUSPENDED");
  EXPECT_EQ(ReasonOf(office.Do(LockPin{1, events::v1::PIN_SIGNATURE, terminal})), "CARD_SUSPENDED");
  office.Must(made_up::Lift());
  office.Must(unlock);
  EXPECT_EQ(office.CardOf().locked_pins_size(), 0);
}

TEST(CertificateTest, ACertificateEndsWhileTheCardGoesOn) {
  Office office;
  office.Issue();
  EXPECT_EQ(ReasonOf(office.Do(IssueCertificate{1, events::v1::CERTIFICATE_SIGNATURE, Clerk()})),
            "CERTIFICATE_VALID_ALREADY");
  office.PassTo(Moment(2031, 4, 2));
  const auto& card = office.CardOf();
  EXPECT_TRUE(IsUsable(card, office.now_micros));
  for (const auto& certificate : card.certificates()) {
    EXPECT_FALSE(IsUsable(card, certificate, office.now_micros)) << "the fifth birthday is over";
  }
  office.Must(IssueCertificate{1, events::v1::CERTIFICATE_AUTHENTICATION, Clerk()});
  EXPECT_TRUE(IsUsable(office.CardOf(), office.CardOf().certificates(0), office.now_micros));
}

// A card falls with its ground.
TEST(GroundTest, NumberCodeDeathDepartureAndVoidedRegistrationEndEveryCard) {
  const auto after = [](const Command& command, const events::v1::Person& person) {
    Office office;
    office.Register('a', person);
    office.Issue();
    office.Must(command);
    return office.CardOf().revoked_ground();
  };
  const auto hanako = made_up::Hanako();
  const auto foreigner = made_up::Foreigner(Date(2028, 6, 30));
  EXPECT_EQ(after(EndCards{events::v1::REVOCATION_GROUND_NUMBER_REPLACED}, hanako),
            events::v1::REVOCATION_GROUND_NUMBER_REPLACED);
  EXPECT_EQ(after(EndCards{events::v1::REVOCATION_GROUND_RECORD_CODE_CHANGED}, hanako),
            events::v1::REVOCATION_GROUND_RECORD_CODE_CHANGED);
  EXPECT_EQ(after(EndHolder{events::v1::DEPARTURE_DEATH}, hanako), events::v1::REVOCATION_GROUND_DEATH);
  EXPECT_EQ(after(EndHolder{events::v1::DEPARTURE_REGISTRATION_VOIDED}, hanako),
            events::v1::REVOCATION_GROUND_REGISTRATION_VOIDED);
  EXPECT_EQ(after(EndHolder{events::v1::DEPARTURE_LEFT_JAPAN}, foreigner), events::v1::REVOCATION_GROUND_LEFT_JAPAN);
  EXPECT_EQ(after(EndHolder{events::v1::DEPARTURE_LEFT_JAPAN}, hanako), events::v1::REVOCATION_GROUND_UNSPECIFIED)
      << "Japanese nationals keep it abroad";
}

}  // namespace
}  // namespace mynumber::card
