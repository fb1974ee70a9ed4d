// Erasing a resident: who may ask, who must agree, on what ground, and what is left.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/given_when_then.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance {
namespace {

using events::v1::IssuanceEvent;
using mynumber::testing::Given;
using rows::v1::ResidentState;
using namespace made_up;  // NOLINT: the vocabulary of this file

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

RequestErasure Asking(events::v1::ErasureGround ground = events::v1::ERASURE_GROUND_ORDERED) {
  return {ground, "order 7", Clerk()};
}
IssuanceEvent Requested(events::v1::ErasureGround ground = events::v1::ERASURE_GROUND_ORDERED) {
  IssuanceEvent event;
  event.mutable_erasure_requested()->set_ground(ground);
  event.mutable_erasure_requested()->set_reference("order 7");
  *event.mutable_erasure_requested()->mutable_requested_by() = Clerk();
  return event;
}
IssuanceEvent Approved() {
  IssuanceEvent event;
  *event.mutable_erasure_approved()->mutable_approved_by() = Chief();
  event.mutable_erasure_approved()->set_due_micros(RegistrationMicros() + 30 * kDayMicros);
  return event;
}
IssuanceEvent Withdrawn() {
  IssuanceEvent event;
  event.mutable_erasure_withdrawn()->set_reason("the order was lifted");
  *event.mutable_erasure_withdrawn()->mutable_withdrawn_by() = Chief();
  return event;
}
IssuanceEvent Erased() {
  IssuanceEvent event;
  auto* erased = event.mutable_resident_erased();
  erased->set_ground(events::v1::ERASURE_GROUND_ORDERED);
  erased->set_reference("order 7");
  *erased->mutable_requested_by() = Clerk();
  *erased->mutable_approved_by() = Chief();
  erased->set_requested_micros(RegistrationMicros());
  erased->set_approved_micros(RegistrationMicros());
  return event;
}

Given<Issuance> Hanakos(const std::vector<IssuanceEvent>& later = {}) {
  Given resident(Service());
  return resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events({Registered(Registration())}).Events(later);
}
Given<Issuance> Gone() { return Hanakos({Requested(), Approved(), Erased()}); }

TEST(ErasureTest, TakesTwoPersonsAndThirtyDays) {
  Given resident = Hanakos();
  resident.When(Asking()).Then({Requested()});
  resident.When(EraseResident{}).ThenNothing();
  resident.When(ApproveErasure{Chief()}).Then({Approved()});
  resident.At(RegistrationMicros() + 30 * kDayMicros - 1).When(EraseResident{}).ThenNothing();
  resident.At(RegistrationMicros() + 30 * kDayMicros).When(EraseResident{}).Then({Erased()});
  resident.When(EraseResident{}).ThenNothing();
}

TEST(ErasureTest, IsDoneAgainAtOnceByItsRecord) {
  IssuanceEvent again = Erased();
  again.mutable_resident_erased()->mutable_again_by()->set_authority("operator");
  const EraseAgain command{again.resident_erased()};
  Given resident = Hanakos();
  resident.When(command).Then({again});
  resident.When(command).ThenNothing();
  resident.When(EraseResident{}).ThenNothing();
  EXPECT_EQ(resident.state().SerializeAsString(), Hanakos({Erased()}).state().SerializeAsString());
  Hanakos({Requested(), Approved()}).When(command).Then({again});
  Given(Service()).When(command).ThenRefused(v1::RESIDENT_UNKNOWN);
}

TEST(ErasureTest, LeavesOnlyThatItWasDoneAndByWhom) {
  const ResidentState state = Gone().state();
  ResidentState expected;
  expected.set_status(ResidentState::STATUS_ERASED);
  expected.set_version(4);
  expected.set_updated_micros(RegistrationMicros());
  auto* erasure = expected.mutable_erasure();
  erasure->set_ground(events::v1::ERASURE_GROUND_ORDERED);
  erasure->set_reference("order 7");
  *erasure->mutable_requested_by() = Clerk();
  *erasure->mutable_approved_by() = Chief();
  erasure->set_requested_micros(RegistrationMicros());
  erasure->set_approved_micros(RegistrationMicros());
  EXPECT_THAT(state, mynumber::testing::EqualsProto(expected));
}

TEST(ErasureTest, IsTheSameForWhoeverNeverKnewWhatWasThere) {
  ResidentState unknown;
  unknown.set_version(3);
  eventsourcing::EventMeta meta;
  meta.subject = IdOf(kCode);
  meta.version = 4;
  meta.time_micros = RegistrationMicros();
  Service().Evolve(Erased(), meta, &unknown);
  unknown.set_version(4);
  EXPECT_THAT(unknown, mynumber::testing::EqualsProto(Gone().state()));
}

TEST(ErasureTest, WhoAskedCannotApproveButTheSameIdElsewhereIsAnotherPerson) {
  Given resident = Hanakos({Requested()});
  resident.When(ApproveErasure{Clerk()}).ThenRefused(v1::ERASURE_NEEDS_SECOND_PERSON);
  type::Actor elsewhere = Clerk();
  elsewhere.set_authority("municipality/011002");
  EXPECT_TRUE(resident.When(ApproveErasure{elsewhere}).outcome().ok());
}

TEST(ErasureTest, AskedAgainIsAlreadySoAndOtherwisePending) {
  Given resident = Hanakos({Requested()});
  resident.When(Asking()).ThenNothing();
  RequestErasure other = Asking();
  other.reference = "order 8";
  resident.When(other).ThenRefused(v1::ERASURE_PENDING);
  other = Asking();
  other.actor = Chief();
  resident.When(other).ThenRefused(v1::ERASURE_PENDING);
  Hanakos({Requested(), Approved()}).When(ApproveErasure{Chief()}).ThenNothing();
}

TEST(ErasureTest, CanBeWithdrawnUntilItIsDone) {
  Hanakos().When(ApproveErasure{Chief()}).ThenRefused(v1::ERASURE_NOT_REQUESTED);
  Hanakos().When(WithdrawErasure{"none", Chief()}).ThenNothing();
  Given resident = Hanakos({Requested(), Approved()});
  resident.When(WithdrawErasure{"the order was lifted", Chief()}).Then({Withdrawn()});
  resident.At(RegistrationMicros() + 31 * kDayMicros).When(EraseResident{}).ThenNothing();
  EXPECT_FALSE(resident.state().has_erasure());
}

TEST(ErasureTest, TheGroundMustFit) {
  const auto without_basis = events::v1::ERASURE_GROUND_REGISTERED_WITHOUT_BASIS;
  Hanakos().When(Asking(without_basis)).ThenRefused(v1::ERASURE_GROUND_DOES_NOT_FIT);
  Hanakos({Voided()}).When(Asking(without_basis)).Then({Requested(without_basis)});
  const auto retention = events::v1::ERASURE_GROUND_RETENTION_ENDED;
  Hanakos().When(Asking(retention)).ThenRefused(v1::ERASURE_GROUND_DOES_NOT_FIT);
  Hanakos({Died()}).When(Asking(retention)).ThenRefused(v1::ERASURE_GROUND_DOES_NOT_FIT);
  type::Date last = Death().death_date;
  last.set_year(last.year() + 150);
  Given dead = Hanakos({Died()});
  dead.At(MicrosOf(last)).When(Asking(retention)).ThenRefused(v1::ERASURE_GROUND_DOES_NOT_FIT);
  dead.At(MicrosOf(last) + kDayMicros).When(Asking(retention)).Then({Requested(retention)});
}

TEST(ErasureTest, EndsWhenSomebodyIsThereAfterAll) {
  const auto without_basis = events::v1::ERASURE_GROUND_REGISTERED_WITHOUT_BASIS;
  Given voided = Hanakos({Voided(), Requested(without_basis), Approved()});
  EXPECT_TRUE(voided.When(Registration()).outcome().ok());
  voided.At(RegistrationMicros() + 31 * kDayMicros).When(EraseResident{}).ThenNothing();
}

TEST(ErasureTest, NothingCanBeDoneWithTheErased) {
  const std::vector<Command> commands = {Registration(), Move(), Departure(), Return(), Death(), Correction(),
                                         CodeChange(), Voiding(), Disclosure(), Search(0), Replacement(), Asking(),
                                         ApproveErasure{Chief()}, WithdrawErasure{"late", Chief()}};
  for (const Command& command : commands) Gone().When(command).ThenRefused(v1::RESIDENT_ERASED);
}

TEST(ErasureTest, NobodyElseBecomesTheErasedAndNoCodeLeadsThere) {
  Gone().When(AliasRecordCode{RawIdOf(kOtherCode), kCode}).ThenRefused(v1::RECORD_CODE_TAKEN);
}

TEST(ErasureTest, IsNotForCodesAndStrangers) {
  Given nobody(Service());
  nobody.Of(IdOf(kCode)).When(Asking()).ThenRefused(v1::RESIDENT_UNKNOWN);
  Given alias(Service());
  alias.Of(IdOf(kOtherCode)).Events({CodeAliased()}).When(Asking()).ThenRefused(v1::RESIDENT_UNKNOWN);
}

}  // namespace
}  // namespace mynumber::issuance
