// Moves, departures, returns, deaths and corrections: their order of days, and what is so already.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/rpc/problem.h"
#include "libs/testing/given_when_then.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance {
namespace {

using events::v1::IssuanceEvent;
using mynumber::testing::Given;
using namespace made_up;  // NOLINT: the vocabulary of this file

Given<Issuance> Hanakos(const std::vector<IssuanceEvent>& later = {}) {
  Given resident(Service());
  return resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events({Registered(Registration())}).Events(later);
}

// The command with its day, whichever of them it is.
RecordMove MoveOn(const type::Date& day) {
  RecordMove move = Move();
  move.move_date = day;
  return move;
}
RecordReturn ReturnOn(const type::Date& day) {
  RecordReturn back = Return();
  back.return_date = day;
  return back;
}

type::Date DayBefore() { return Day(2026, 11, 23); }

// ---- Moves

TEST(MoveTest, TakesTheNewAddress) {
  Given resident = Hanakos();
  resident.When(Move()).Then({Moved()});
  EXPECT_THAT(resident.state().details(), mynumber::testing::EqualsProto(HanakoMoved()));
}

TEST(MoveTest, ToWhereTheResidentLivesIsAlreadySoOnAnyDay) {
  Hanakos({Moved()}).When(Move()).ThenNothing().When(MoveOn(Day(2000, 1, 1))).ThenNothing();
}

TEST(MoveTest, ToTheSameAddressInAnotherMunicipalityIsAMove) {
  RecordMove merged = Move();
  merged.address = Hanako().address();
  merged.postal_code = Hanako().postal_code();
  Given resident = Hanakos();
  EXPECT_EQ(resident.When(merged).outcome()->size(), 1);
  EXPECT_EQ(resident.state().details().municipality_code(), "011002");
}

// ---- Days

TEST(DayTest, NothingIsDatedBeforeTheRegistration) {
  Hanakos().When(MoveOn(DayBefore())).ThenRefused(v1::DATE_BEFORE_RECORD, "move_date");
  Hanakos().When(RecordDeparture{DayBefore()}).ThenRefused(v1::DATE_BEFORE_RECORD, "departure_date");
  Hanakos().When(RecordDeath{DayBefore()}).ThenRefused(v1::DATE_BEFORE_RECORD, "death_date");
  EXPECT_TRUE(Hanakos().When(MoveOn(RegistrationDay())).outcome().ok());
}

TEST(DayTest, NothingIsDatedBeforeWhatWasRecordedLast) {
  Hanakos({Moved()}).When(RecordDeparture{RegistrationDay()}).ThenRefused(v1::DATE_BEFORE_RECORD, "departure_date");
  Hanakos({Departed()}).When(ReturnOn(RegistrationDay())).ThenRefused(v1::DATE_BEFORE_RECORD, "return_date");
  Hanakos({Departed()}).When(RecordDeath{RegistrationDay()}).ThenRefused(v1::DATE_BEFORE_RECORD, "death_date");
  Hanakos({Departed(), Returned()}).When(Move()).ThenRefused(v1::DATE_BEFORE_RECORD, "move_date");
  // On the very day of the departure is early enough.
  EXPECT_TRUE(Hanakos({Departed()}).When(ReturnOn(Departure().departure_date)).outcome().ok());
}

TEST(DayTest, NothingIsDatedBeforeBirth) {
  const type::Date before_birth = Day(1987, 5, 24);
  Hanakos().When(MoveOn(before_birth)).ThenRefused(v1::DATE_BEFORE_BIRTH, "move_date");
  Hanakos().When(RecordDeparture{before_birth}).ThenRefused(v1::DATE_BEFORE_BIRTH, "departure_date");
  Hanakos().When(RecordDeath{before_birth}).ThenRefused(v1::DATE_BEFORE_BIRTH, "death_date");
  Hanakos({Departed()}).When(ReturnOn(before_birth)).ThenRefused(v1::DATE_BEFORE_BIRTH, "return_date");
}

TEST(DayTest, AReturnIsComparedWithTheBirthDateThatItBrings) {
  RecordReturn back = Return();
  *back.details.mutable_birth_date() = Day(2027, 2, 1);
  Hanakos({Departed()}).When(back).ThenRefused(v1::DATE_BEFORE_BIRTH, "return_date");
}

// The day of the registration is the one in Tokyo, nine hours before UTC's.
TEST(DayTest, TheDayBeginsAtMidnightInTokyo) {
  constexpr int64_t kDayMicros = int64_t{86400} * 1'000'000;
  const auto registered_at = [](int64_t micros) {
    Given resident(Service());
    resident.Of(IdOf(kCode)).At(micros).When(Registration());
    return resident;
  };
  const int64_t midnight = MicrosOf(Day(2026, 11, 25), 0);
  EXPECT_EQ(midnight % kDayMicros, kDayMicros * 15 / 24) << "15:00 UTC";
  registered_at(midnight - 1).When(MoveOn(Day(2026, 11, 24))).Then([] {
    IssuanceEvent moved = Moved();
    *moved.mutable_resident_moved()->mutable_move_date() = Day(2026, 11, 24);
    return std::vector<IssuanceEvent>{moved};
  }());
  registered_at(midnight).When(MoveOn(Day(2026, 11, 24))).ThenRefused(v1::DATE_BEFORE_RECORD, "move_date");
}

// ---- Departures, returns, deaths

TEST(DepartureTest, OfTheSameDayIsAlreadySo) { Hanakos({Departed()}).When(Departure()).ThenNothing(); }

TEST(DepartureTest, AfterAReturnIsAnotherOne) {
  Hanakos({Departed(), Returned()})
      .When(RecordDeparture{Day(2027, 6, 1)})
      .Then([] {
        IssuanceEvent departed = Departed(Digest(kCode, HanakoReturned()));
        *departed.mutable_resident_departed()->mutable_departure_date() = Day(2027, 6, 1);
        return std::vector<IssuanceEvent>{departed};
      }());
}

TEST(ReturnTest, BringsTheDetailsOfTheNewCertificateAndKeepsTheNumber) {
  Given resident = Hanakos({Departed()});
  resident.When(Return()).Then({Returned()});
  EXPECT_EQ(resident.state().individual_number(), NumberOf(kCode, 0));
  EXPECT_THAT(resident.state().details(), mynumber::testing::EqualsProto(HanakoReturned()));
}

TEST(ReturnTest, OfTheSameDayAndDetailsIsAlreadySo) {
  Hanakos({Departed(), Returned()}).When(Return()).ThenNothing();
  Hanakos({Departed(), Returned()}).When(ReturnOn(Day(2027, 1, 24))).ThenRefused(v1::RESIDENT_NOT_DEPARTED);
}

TEST(DeathTest, OfSomebodyAbroadIsRecordedToo) { Hanakos({Departed()}).When(Death()).Then({Died()}); }

TEST(DeathTest, OnAnotherDayIsRefused) {
  Hanakos({Died()}).When(Death()).ThenNothing().When(RecordDeath{Day(2027, 3, 1)}).ThenRefused(v1::RESIDENT_DECEASED);
}

// ---- Corrections

TEST(CorrectionTest, TakesTheDetailsAsTheyShouldBe) {
  Given resident = Hanakos();
  resident.When(Correction()).Then({Corrected()});
  EXPECT_EQ(resident.state().name_hash(), NameHash("見本 華子", Day(1987, 5, 25)));
}

TEST(CorrectionTest, OfNothingIsAlreadySoWhateverVersionWasSeen) {
  Hanakos().When(CorrectResident{Hanako(), "none", 77}).ThenNothing();
}

TEST(CorrectionTest, OfAVersionThatHasChangedSinceIsRefused) {
  CorrectResident correction = Correction();
  correction.expected_version = 1;
  Hanakos().When(correction).Then({Corrected()});
  Given moved = Hanakos({Moved()});
  moved.When(correction).ThenRefused(v1::VERSION_CHANGED);
  EXPECT_THAT(rpc::ProblemOf(moved.outcome().status())->metadata,
              ::testing::ElementsAre(::testing::Pair("version", "2")));
}

TEST(CorrectionTest, AfterACodeChangeTheDigestIsOfTheNewCode) {
  Hanakos({CodeChanged()}).When(Correction()).Then({Corrected(kOtherCode)});
}

}  // namespace
}  // namespace mynumber::issuance
