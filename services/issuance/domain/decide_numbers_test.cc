// Looks at numbers, and replacements.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "libs/testing/given_when_then.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance {
namespace {

using events::v1::IssuanceEvent;
using mynumber::testing::Given;
using namespace made_up;  // NOLINT: the vocabulary of this file

Given<Issuance> Resident(std::string_view record_code, const std::vector<IssuanceEvent>& later = {}) {
  Given resident(Service());
  resident.Of(IdOf(record_code)).At(RegistrationMicros());
  return resident.Events({Registered(Registration(record_code))}).Events(later);
}

TEST(DiscloseTest, EveryLookIsAnEventThatSaysWhoForWhatAndWhichNumber) {
  Resident(kCode).When(Disclosure()).Then({Disclosed(0)}).When(Disclosure()).Then({Disclosed(0)});
  Resident(kCode, {Replaced(kCode, 1)}).When(Disclosure()).Then({Disclosed(1)});
}

TEST(DiscloseTest, AShownNumberIsTheCurrentOneWhateverTheCommandSays) {
  DiscloseNumber disclosure = Disclosure();
  disclosure.generation = 5;
  Resident(kCode).When(disclosure).Then({Disclosed(0)});
}

TEST(DiscloseTest, TheDeceasedAndTheDepartedHaveNumbersToo) {
  Resident(kCode, {Departed()}).When(Disclosure()).Then({Disclosed(0)});
  Resident(kCode, {Died()}).When(Disclosure()).Then({Disclosed(0)});
}

TEST(SearchTest, AFormerNumberStillFindsTheResident) {
  Given resident = Resident(kCode, {Replaced(kCode, 1), Replaced(kCode, 2)});
  resident.When(Search(0)).Then({Searched(0)});
  resident.When(Search(1)).Then({Searched(1)});
  resident.When(Search(2)).Then({Searched(2)});
  resident.When(Search(3)).ThenRefused(v1::NUMBER_NOT_ISSUED);
}

TEST(SearchTest, ANumberThatWasSkippedIsNobodys) {
  Given resident = Resident(kCodeReservedSecond, {Replaced(kCodeReservedSecond, 2)});
  resident.When(Search(1)).ThenRefused(v1::NUMBER_NOT_ISSUED);
  resident.When(Search(0)).Then({Searched(0, kCodeReservedSecond)});
}

TEST(SearchTest, TheNumberOfAVoidedRegistrationFindsWhoeverWasRegisteredAnew) {
  Given resident = Resident(kCode, {Voided()});
  resident.When(Search(0)).ThenRefused(v1::REGISTRATION_VOIDED);
  resident.When(Registration(kCode, Jiro())).When(Search(0)).Then({Searched(0)});
}

TEST(ReplaceTest, GivesTheNextNumberAndKeepsTheFormerOne) {
  Given resident = Resident(kCode);
  resident.When(Replacement()).Then({Replaced(kCode, 1)});
  EXPECT_EQ(resident.state().individual_number(), NumberOf(kCode, 1));
  EXPECT_THAT(resident.state().former_generations(), ::testing::ElementsAre(0));
}

TEST(ReplaceTest, EachLeakIsOneOfItsOwn) {
  Resident(kCode).When(Replacement()).Then({Replaced(kCode, 1)}).When(Replacement()).Then({Replaced(kCode, 2)});
}

TEST(ReplaceTest, ANumberThatMustNotBeUsedIsSkipped) {
  Resident(kCodeReservedSecond).When(Replacement()).Then({Replaced(kCodeReservedSecond, 2)});
}

TEST(ReplaceTest, TheTenthIsRefused) {
  Given resident = Resident(kCode);
  std::set<std::string> numbers = {resident.state().individual_number()};
  for (int generation = 1; generation <= 9; ++generation) {
    resident.When(Replacement()).Then({Replaced(kCode, generation)});
    numbers.insert(resident.state().individual_number());
  }
  EXPECT_EQ(numbers.size(), 10);
  resident.When(Replacement()).ThenRefused(v1::REPLACEMENTS_EXHAUSTED);
  EXPECT_EQ(resident.state().individual_number(), NumberOf(kCode, 9));
}

TEST(ReplaceTest, AWishOrNoGroundAtAllIsRefused) {
  ReplaceNumber command = Replacement();
  command.ground = v1::REPLACEMENT_GROUND_WISH;
  Resident(kCode).When(command).ThenRefused(v1::REPLACEMENT_NEEDS_LEAK);
  command.ground = v1::REPLACEMENT_GROUND_UNSPECIFIED;
  Resident(kCode).When(command).ThenRefused(v1::REPLACEMENT_NEEDS_LEAK);
}

TEST(ReplaceTest, SomebodyAbroadMayNeedAnotherNumberToo) {
  Resident(kCode, {Departed()}).When(Replacement()).Then({Replaced(kCode, 1)});
}

TEST(ReplaceTest, ARegistrationAskedAgainIsStillTheSame) {
  Resident(kCode, {Replaced(kCode, 1)}).When(Registration()).ThenNothing();
}

}  // namespace
}  // namespace mynumber::issuance
