// Registrations: new ones, repeated ones, people who look alike, mistakes that were voided.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/rpc/problem.h"
#include "libs/testing/given_when_then.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance {
namespace {

using mynumber::testing::Given;
using namespace made_up;  // NOLINT: the vocabulary of this file

Given<Issuance> Resident(std::string_view record_code = kCode) {
  Given resident(Service());
  return resident.Of(IdOf(record_code)).At(RegistrationMicros());
}

std::string Metadata(const absl::Status& refusal, std::string_view key) {
  const auto problem = rpc::ProblemOf(refusal);
  for (const auto& [name, value] : problem->metadata) {
    if (name == key) return value;
  }
  return "";
}

TEST(RegisterTest, GivesANumberAtOnce) {
  Resident().When(Registration()).Then({Registered(Registration())});
  EXPECT_EQ(Registered(Registration()).resident_registered().individual_number().substr(0, 11), "50000000000");
}

TEST(RegisterTest, ANumberThatMustNotBeUsedIsSkipped) {
  Resident(kCodeReservedFirst)
      .When(Registration(kCodeReservedFirst))
      .Then({Registered(Registration(kCodeReservedFirst), 1)});
}

TEST(RegisterTest, AForeignResidentWithoutKanaHasNoKanaHash) {
  const RegisterResident registration = Registration(kCode, Jiro());
  Given resident = Resident();
  resident.When(registration).Then({Registered(registration)});
  EXPECT_EQ(resident.state().kana_hash(), "");
  EXPECT_EQ(resident.state().name_hash(), NameHash("Jiro Mockup", Day(2001, 12, 31)));
}

// ---- Asked again

TEST(RegisterAgainTest, TheSameDetailsAreTheSameResident) {
  Resident().Events({Registered(Registration())}).When(Registration()).ThenNothing();
}

TEST(RegisterAgainTest, WhatHappenedSinceDoesNotMatter) {
  Resident()
      .Events({Registered(Registration()), Moved(), Corrected(), Replaced(kCode, 1), CodeChanged()})
      .Events({Departed(), Returned()})
      .When(Registration())
      .ThenNothing();
}

TEST(RegisterAgainTest, OtherDetailsAreNamedAsTheyDifferFromTheFirstRegistration) {
  Given resident = Resident();
  resident.Events({Registered(Registration()), Moved()});
  resident.When(Registration(kCode, Jiro())).ThenRefused(v1::REGISTERED_WITH_OTHER_DETAILS);
  const absl::Status refusal = resident.outcome().status();
  EXPECT_THAT(refusal, mynumber::testing::HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(Metadata(refusal, "resident"), NameOf(kCode));
  EXPECT_EQ(Metadata(refusal, "fields"),
            "full_name, alias, name_kana, birth_date, address, postal_code, municipality_code, residence_status, "
            "period_of_stay_end");
  // After a move the new address is another one than that of the registration.
  resident.When(Registration(kCode, HanakoMoved())).ThenRefused(v1::REGISTERED_WITH_OTHER_DETAILS);
  EXPECT_EQ(Metadata(resident.outcome().status(), "fields"), "address, postal_code, municipality_code");
}

TEST(RegisterAgainTest, EachFieldThatDiffersIsNamed) {
  const google::protobuf::Descriptor& fields = *events::v1::ResidentDetails::descriptor();
  for (int i = 0; i < fields.field_count(); ++i) {
    events::v1::ResidentDetails other = Hanako();
    // From Jiro, with whom Hanako has nothing in common.
    const auto* reflection = other.GetReflection();
    const auto* field = fields.field(i);
    events::v1::ResidentDetails jiro = Jiro();
    reflection->SwapFields(&other, &jiro, {field});
    Given resident = Resident();
    resident.Events({Registered(Registration())}).When(Registration(kCode, other));
    resident.ThenRefused(v1::REGISTERED_WITH_OTHER_DETAILS);
    EXPECT_EQ(Metadata(resident.outcome().status(), "fields"), field->name());
  }
}

TEST(RegisterAgainTest, AnotherCheckDigitIsRefusedByName) {
  Given resident = Resident();
  resident.Events({Registered(Registration())})
      .When(Registration(kCodeOtherCheckDigit))
      .ThenRefused(v1::RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT);
  EXPECT_EQ(Metadata(resident.outcome().status(), "resident"), NameOf(kCode));
}

// ---- Under a code that the resident got later (the edge follows the alias home)

TEST(RegisterUnderALaterCodeTest, TheSameDetailsAreTheSameResident) {
  Resident().Events({Registered(Registration()), CodeChanged()}).When(Registration(kOtherCode)).ThenNothing();
}

TEST(RegisterUnderALaterCodeTest, OtherDetailsAreNamed) {
  Given resident = Resident();
  resident.Events({Registered(Registration()), CodeChanged()})
      .When(Registration(kOtherCode, HanakoCorrected()))
      .ThenRefused(v1::REGISTERED_WITH_OTHER_DETAILS);
  EXPECT_EQ(Metadata(resident.outcome().status(), "fields"), "full_name");
}

TEST(RegisterUnderALaterCodeTest, ACheckDigitThatWasCorrectedIsKnown) {
  Resident()
      .Events({Registered(Registration()), CodeChanged(kCodeOtherCheckDigit)})
      .When(Registration(kCodeOtherCheckDigit))
      .ThenNothing()
      .When(Registration("50000000009"))
      .ThenRefused(v1::RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT);
}

TEST(RegisterUnderALaterCodeTest, TheAliasNamesTheResident) {
  Given alias = Resident(kOtherCode);
  alias.Events({CodeAliased()}).When(Registration(kOtherCode)).ThenRefused(v1::RECORD_CODE_TAKEN);
  EXPECT_EQ(Metadata(alias.outcome().status(), "resident"), NameOf(kCode));
  alias.When(Registration("60000000003")).ThenRefused(v1::RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT);
  EXPECT_EQ(Metadata(alias.outcome().status(), "resident"), NameOf(kCode));
}

// ---- People who look like somebody who has left

RegisterResident LookingLike(std::vector<std::string> record_codes, bool confirmed_distinct = false) {
  RegisterResident registration = Registration();
  for (const std::string& code : record_codes) registration.look_alikes.push_back(RawIdOf(code));
  registration.confirmed_distinct = confirmed_distinct;
  return registration;
}

TEST(PossibleSamePersonTest, IsRefusedAndNamesThemOpaquely) {
  Given resident = Resident();
  resident.When(LookingLike({kOtherCode, kCodeReservedFirst})).ThenRefused(v1::POSSIBLE_SAME_PERSON);
  EXPECT_THAT(resident.outcome().status(), mynumber::testing::HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Metadata(resident.outcome().status(), "residents"), NameOf(kOtherCode) + " " + NameOf(kCodeReservedFirst));
}

TEST(PossibleSamePersonTest, ConfirmedDistinctIsRegisteredAndRecordsFromWhom) {
  const RegisterResident confirmed = LookingLike({kOtherCode}, /*confirmed_distinct=*/true);
  Given resident = Resident();
  resident.When(confirmed).Then({Registered(confirmed)});
  EXPECT_THAT(Registered(confirmed).resident_registered().confirmed_distinct_from(),
              ::testing::ElementsAre(RawIdOf(kOtherCode)));
}

TEST(PossibleSamePersonTest, ConfirmedWithoutAnybodyIsAnOrdinaryRegistration) {
  const RegisterResident confirmed = LookingLike({}, /*confirmed_distinct=*/true);
  Resident().When(confirmed).Then({Registered(confirmed)});
}

TEST(PossibleSamePersonTest, TheReturnIsTheOtherWayOut) {
  Resident()
      .Events({Registered(Registration()), Departed()})
      .When(Return())
      .Then({Returned()})
      .When(Return())
      .ThenNothing();
}

TEST(PossibleSamePersonTest, ARepetitionIsNotAskedAgain) {
  // Somebody departed who looks like a resident that is registered already.
  Resident().Events({Registered(Registration())}).When(LookingLike({kOtherCode})).ThenNothing();
}

// ---- Mistakes

TEST(VoidTest, TheSameCodeRegisteredAnewGetsTheNextNumber) {
  Given resident = Resident();
  resident.Events({Registered(Registration())}).When(Voiding()).Then({Voided()}).When(Voiding()).ThenNothing();
  resident.When(Registration(kCode, Jiro())).Then({Registered(Registration(kCode, Jiro()), 1)});
  EXPECT_THAT(resident.state().former_generations(), ::testing::ElementsAre(0));
  // It is the new registration that a repetition is compared with.
  resident.When(Registration(kCode, Jiro())).ThenNothing();
  resident.When(Registration()).ThenRefused(v1::REGISTERED_WITH_OTHER_DETAILS);
}

TEST(VoidTest, AVoidedNumberIsNeverUsedAgainAfterReplacementsEither) {
  Resident()
      .Events({Registered(Registration()), Replaced(kCode, 1), Replaced(kCode, 2), Voided()})
      .When(Registration())
      .Then({Registered(Registration(), 3)});
}

TEST(VoidTest, AReservedNumberIsSkippedWhenRegisteredAnew) {
  const RegisterResident registration = Registration(kCodeReservedSecond);
  Resident(kCodeReservedSecond)
      .Events({Registered(registration), Voided()})
      .When(registration)
      .Then({Registered(registration, 2)});
}

TEST(VoidTest, TenRegistrationsOfOneCodeAreTheMost) {
  Given resident = Resident();
  for (int generation = 0; generation < 10; ++generation) {
    resident.When(Registration()).Then({Registered(Registration(), generation)}).When(Voiding()).Then({Voided()});
  }
  resident.When(Registration()).ThenRefused(v1::REPLACEMENTS_EXHAUSTED);
}

TEST(VoidTest, AnotherCheckDigitMayBeRegisteredAnew) {
  const RegisterResident right = Registration(kCodeOtherCheckDigit);
  Resident()
      .Events({Registered(Registration()), Voided()})
      .When(right)
      .Then({Registered(right, 1)})
      .When(right)
      .ThenNothing()
      .When(Registration())
      .ThenRefused(v1::RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT);
}

TEST(VoidTest, UnderALaterCodeTheNumberStillLeadsHome) {
  // The code was changed before the mistake was seen; the new code leads here, and is registered anew.
  const RegisterResident anew = Registration(kOtherCode, Jiro());
  events::v1::IssuanceEvent expected = Registered(anew, 1);
  expected.mutable_resident_registered()->set_individual_number(NumberOf(kCode, 1));
  Given resident = Resident();
  resident.Events({Registered(Registration()), CodeChanged(), Voided()}).When(anew).Then({expected});
  EXPECT_EQ(resident.state().resident_record_code(), kOtherCode);
  resident.When(anew).ThenNothing();
  resident.When(Replacement()).Then({Replaced(kCode, 2)});
  resident.When(Voiding()).Then({Voided()});
  // The first code leads here as well.
  resident.When(Registration()).Then({Registered(Registration(), 3)});
}

}  // namespace
}  // namespace mynumber::issuance
