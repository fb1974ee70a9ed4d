// A change of the record code crosses partitions: it is asked for at home, the new code's own partition makes an alias
// or says that the code is taken, and home records which.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/given_when_then.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/domain/made_up.h"
#include "services/issuance/domain/refusals.h"

namespace mynumber::issuance {
namespace {

using mynumber::testing::EqualsProto;
using mynumber::testing::Given;
using namespace made_up;  // NOLINT: the vocabulary of this file

Given<Issuance> Home() {
  Given home(Service());
  return home.Of(IdOf(kCode)).At(RegistrationMicros()).Events({Registered(Registration())});
}

Given<Issuance> NewCode() {
  Given code(Service());
  return code.Of(IdOf(kOtherCode)).At(RegistrationMicros());
}

AliasRecordCode Alias() { return {RawIdOf(kCode), kOtherCode}; }

TEST(RecordCodeChangeTest, IsRequestedAliasedAndCompleted) {
  Given home = Home();
  Given code = NewCode();
  home.When(CodeChange()).Then({CodeChangeRequested()});
  code.When(Alias()).Then({CodeAliased()});
  home.When(CompleteRecordCodeChange{kOtherCode}).Then({CodeChanged()});
  EXPECT_EQ(home.state().resident_record_code(), kOtherCode);
  EXPECT_EQ(home.state().pending_resident_record_code(), "");
  EXPECT_EQ(home.state().individual_number(), NumberOf(kCode, 0));
  EXPECT_EQ(home.state().digest(), Digest(kOtherCode, Hanako()));
  EXPECT_EQ(code.state().status(), rows::v1::ResidentState::STATUS_ALIAS);
  EXPECT_EQ(code.state().home(), RawIdOf(kCode));
}

TEST(RecordCodeChangeTest, UntilItIsAnsweredNothingChanges) {
  Given home = Home();
  home.When(CodeChange());
  EXPECT_EQ(home.state().resident_record_code(), kCode);
  EXPECT_EQ(home.state().pending_resident_record_code(), kOtherCode);
  EXPECT_EQ(home.state().digest(), Digest(kCode, Hanako()));
}

TEST(RecordCodeChangeTest, EveryStepMayBeRepeated) {
  Given home = Home();
  Given code = NewCode();
  home.When(CodeChange()).When(CodeChange()).ThenNothing();
  code.When(Alias()).When(Alias()).ThenNothing();
  home.When(CompleteRecordCodeChange{kOtherCode}).When(CompleteRecordCodeChange{kOtherCode}).ThenNothing();
  home.When(CodeChange()).ThenNothing();
  home.When(RefuseRecordCodeChange{kOtherCode, "late"}).ThenNothing();
}

TEST(RecordCodeChangeTest, ACodeOfAnotherResidentIsRefusedAndTheChangeEnds) {
  Given home = Home();
  Given code = NewCode();
  home.When(CodeChange());
  code.Events({Registered(Registration(kOtherCode, Jiro()))}).When(Alias()).ThenRefused(v1::RECORD_CODE_TAKEN);
  EXPECT_EQ(refusals::TakenBy(code.outcome().status()), NameOf(kOtherCode));
  const RefuseRecordCodeChange refuse{kOtherCode, CodeChangeRefused().record_code_change_refused().reason()};
  home.When(refuse).Then({CodeChangeRefused()}).When(refuse).ThenNothing();
  EXPECT_EQ(home.state().resident_record_code(), kCode);
  EXPECT_EQ(home.state().pending_resident_record_code(), "");
}

TEST(RecordCodeChangeTest, ACodeThatLeadsToAThirdResidentIsRefused) {
  Given code = NewCode();
  code.Events({CodeAliased(kOtherCode, kCodeReservedFirst)}).When(Alias()).ThenRefused(v1::RECORD_CODE_TAKEN);
  EXPECT_EQ(refusals::TakenBy(code.outcome().status()), NameOf(kCodeReservedFirst));
}

TEST(RecordCodeChangeTest, ACodeOfAVoidedRegistrationStaysTaken) {
  // Its numbers hang on that code for ever.
  NewCode()
      .Events({Registered(Registration(kOtherCode, Jiro())), Voided()})
      .When(Alias())
      .ThenRefused(v1::RECORD_CODE_TAKEN);
}

TEST(RecordCodeChangeTest, OnlyOneIsUnderWayAtATime) {
  Home().When(CodeChange()).When(CodeChange("70000000003")).ThenRefused(v1::RECORD_CODE_CHANGE_PENDING);
}

TEST(RecordCodeChangeTest, AnAnswerToAnotherChangeIsIgnored) {
  Given home = Home();
  home.When(CodeChange()).When(CompleteRecordCodeChange{"70000000003"}).ThenNothing();
  home.When(RefuseRecordCodeChange{"70000000003", "taken"}).ThenNothing();
  EXPECT_EQ(home.state().pending_resident_record_code(), kOtherCode);
}

TEST(RecordCodeChangeTest, TheSameCodeIsAlreadySo) { Home().When(CodeChange(kCode)).ThenNothing(); }

TEST(RecordCodeChangeTest, ACodeThatLeadsHomeByItselfNeedsNoAlias) {
  RequestRecordCodeChange change = CodeChange(kCodeOtherCheckDigit);
  change.leads_home = true;
  Home().When(change).Then({CodeChanged(kCodeOtherCheckDigit)}).When(change).ThenNothing();
}

TEST(RecordCodeChangeTest, BackToTheFirstCodeKeepsTheFirstRegistration) {
  RequestRecordCodeChange back = CodeChange(kCode);
  back.leads_home = true;
  Given home = Home();
  home.Events({CodeChanged(), Moved(kOtherCode)}).When(back).Then({CodeChanged(kCode, HanakoMoved())});
  EXPECT_EQ(FirstRecordCode(home.state()), kCode);
  EXPECT_THAT(FirstDetails(home.state()), EqualsProto(Hanako()));
  home.When(Registration()).ThenNothing();
}

TEST(RecordCodeChangeTest, AnotherCheckDigitOfAnAliasIsNotedThere) {
  const std::string spelling = "60000000003";
  const AliasRecordCode again{RawIdOf(kCode), spelling};
  Given code = NewCode();
  code.Events({CodeAliased()}).When(again).Then({CodeAliased(spelling)}).When(again).ThenNothing();
  code.When(Registration(spelling)).ThenRefused(v1::RECORD_CODE_TAKEN);
  code.When(Registration(kOtherCode)).ThenRefused(v1::RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT);
}

TEST(RecordCodeChangeTest, AVoidedRegistrationForgetsWhatIsPending) {
  Given home = Home();
  home.When(CodeChange()).When(Voiding()).Then({Voided()});
  home.When(CompleteRecordCodeChange{kOtherCode}).ThenNothing();
  EXPECT_EQ(home.state().resident_record_code(), kCode);
}

TEST(RecordCodeChangeTest, TheDepartedAndTheDeceasedMayHaveTheirsChanged) {
  Home().Events({Departed()}).When(CodeChange()).Then({CodeChangeRequested()});
  Home().Events({Died()}).When(CodeChange()).Then({CodeChangeRequested()});
}

TEST(RecordCodeChangeTest, LaterNumbersStillHangOnTheFirstCode) {
  Home().Events({CodeChanged()}).When(Replacement()).Then({Replaced(kCode, 1)});
}

}  // namespace
}  // namespace mynumber::issuance
