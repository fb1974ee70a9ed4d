// What each event does to the state: all that it must change, and nothing else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "libs/testing/given_when_then.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance {
namespace {

using events::v1::IssuanceEvent;
using mynumber::testing::EqualsProto;
using mynumber::testing::Given;
using rows::v1::ResidentState;
using namespace made_up;  // NOLINT: the vocabulary of this file

constexpr int64_t kLater = 5'000'000;

ResidentState StateAfter(const std::vector<IssuanceEvent>& events) {
  Given resident(Service());
  resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events(events);
  return resident.state();
}

// `change` says how the state after `event` differs from the one before, but for version and update time.
void ExpectChange(const std::vector<IssuanceEvent>& before, const IssuanceEvent& event,
                  const std::function<void(ResidentState*)>& change) {
  Given resident(Service());
  resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events(before);
  ResidentState expected = resident.state();
  resident.At(RegistrationMicros() + kLater).Events({event});
  change(&expected);
  expected.set_version(before.size() + 1);
  expected.set_updated_micros(RegistrationMicros() + kLater);
  EXPECT_THAT(resident.state(), EqualsProto(expected));
}

// What the first change of details or code puts aside.
void KeepFirst(ResidentState* state) {
  *state->mutable_first_details() = Hanako();
  state->set_first_resident_record_code(kCode);
}

void TakeHashes(const events::v1::ResidentDetails& details, ResidentState* state) {
  *state->mutable_details() = details;
  state->set_name_hash(NameHash(details.full_name(), details.birth_date()));
  state->set_kana_hash(NameHash(details.name_kana(), details.birth_date()));
  state->set_digest(Digest(kCode, details));
}

TEST(EvolveTest, Registered) {
  const RegisterResident command = Registration();
  ResidentState expected;
  expected.set_status(ResidentState::STATUS_REGISTERED);
  expected.set_version(1);
  TakeHashes(Hanako(), &expected);
  expected.set_resident_record_code(kCode);
  expected.set_individual_number(NumberOf(kCode, 0));
  expected.set_registration_hash(command.registration_hash);
  expected.set_request_key(command.request_key);
  expected.set_registered_micros(RegistrationMicros());
  expected.set_updated_micros(RegistrationMicros());
  expected.set_registered_version(1);
  *expected.mutable_last_date() = RegistrationDay();
  *expected.mutable_designated_to() = Clerk();
  EXPECT_THAT(StateAfter({Registered(command)}), EqualsProto(expected));
}

TEST(EvolveTest, RegisteredWithALaterGeneration) {
  const ResidentState state = StateAfter({Registered(Registration(kCodeReservedFirst), 1)});
  EXPECT_EQ(state.generation(), 1);
  EXPECT_EQ(state.registered_generation(), 1);
  EXPECT_THAT(state.former_generations(), ::testing::IsEmpty());
}

TEST(EvolveTest, Moved) {
  ExpectChange({Registered(Registration())}, Moved(), [](ResidentState* state) {
    KeepFirst(state);
    *state->mutable_details() = HanakoMoved();
    *state->mutable_last_date() = Move().move_date;
    state->set_digest(Digest(kCode, HanakoMoved()));
  });
}

TEST(EvolveTest, MovedAgainKeepsTheFirstDetails) {
  IssuanceEvent back = Moved();
  back.mutable_resident_moved()->set_address(Hanako().address());
  const ResidentState state = StateAfter({Registered(Registration()), Moved(), back});
  EXPECT_THAT(FirstDetails(state), EqualsProto(Hanako()));
}

TEST(EvolveTest, Departed) {
  ExpectChange({Registered(Registration())}, Departed(), [](ResidentState* state) {
    state->set_status(ResidentState::STATUS_DEPARTED);
    *state->mutable_last_date() = Departure().departure_date;
  });
}

TEST(EvolveTest, Returned) {
  ExpectChange({Registered(Registration()), Departed()}, Returned(), [](ResidentState* state) {
    KeepFirst(state);
    TakeHashes(HanakoReturned(), state);
    state->set_status(ResidentState::STATUS_REGISTERED);
    *state->mutable_last_date() = Return().return_date;
  });
}

TEST(EvolveTest, Died) {
  ExpectChange({Registered(Registration())}, Died(), [](ResidentState* state) {
    state->set_status(ResidentState::STATUS_DECEASED);
    *state->mutable_last_date() = Death().death_date;
  });
}

TEST(EvolveTest, Corrected) {
  ExpectChange({Registered(Registration())}, Corrected(), [](ResidentState* state) {
    KeepFirst(state);
    TakeHashes(HanakoCorrected(), state);
  });
}

TEST(EvolveTest, ACorrectionThatTakesTheKanaAwayTakesItsHashToo) {
  IssuanceEvent corrected = Corrected();
  corrected.mutable_resident_corrected()->mutable_details()->clear_name_kana();
  corrected.mutable_resident_corrected()->clear_kana_hash();
  EXPECT_EQ(StateAfter({Registered(Registration()), corrected}).kana_hash(), "");
}

TEST(EvolveTest, ACorrectionOfTheDepartedOrTheDeceasedLeavesThemSo) {
  EXPECT_EQ(StateAfter({Registered(Registration()), Departed(), Corrected()}).status(), ResidentState::STATUS_DEPARTED);
  EXPECT_EQ(StateAfter({Registered(Registration()), Died(), Corrected()}).status(), ResidentState::STATUS_DECEASED);
}

TEST(EvolveTest, RecordCodeChangeRequested) {
  ExpectChange({Registered(Registration())}, CodeChangeRequested(),
               [](ResidentState* state) { state->set_pending_resident_record_code(kOtherCode); });
}

TEST(EvolveTest, RecordCodeAliased) {
  ExpectChange({}, CodeAliased(), [](ResidentState* state) {
    state->set_status(ResidentState::STATUS_ALIAS);
    state->set_home(RawIdOf(kCode));
    state->set_resident_record_code(kOtherCode);
  });
}

TEST(EvolveTest, RecordCodeChanged) {
  ExpectChange({Registered(Registration()), CodeChangeRequested()}, CodeChanged(), [](ResidentState* state) {
    KeepFirst(state);
    state->set_resident_record_code(kOtherCode);
    state->clear_pending_resident_record_code();
    state->set_digest(Digest(kOtherCode, Hanako()));
  });
}

TEST(EvolveTest, RecordCodeChangeRefused) {
  ExpectChange({Registered(Registration()), CodeChangeRequested()}, CodeChangeRefused(),
               [](ResidentState* state) { state->clear_pending_resident_record_code(); });
}

TEST(EvolveTest, RegistrationVoided) {
  ExpectChange({Registered(Registration()), CodeChangeRequested()}, Voided(), [](ResidentState* state) {
    state->set_status(ResidentState::STATUS_VOIDED);
    state->clear_pending_resident_record_code();
  });
}

TEST(EvolveTest, NumberDisclosedIsNotedInTheAccessRecord) {
  const auto note = [](ResidentState* state) {
    state->set_status(ResidentState::STATUS_ACCESS_RECORD);
    state->mutable_access_record()->set_erase_micros(EraseMicros());
  };
  ExpectChange({}, Disclosed(0), note);
  ExpectChange({Disclosed(0)}, Searched(0), note);
}

TEST(EvolveTest, NumberDisclosedOfBeforeThereWereAccessRecordsChangesNothing) {
  IssuanceEvent before = Disclosed(0);
  before.mutable_number_disclosed()->clear_resident();
  ExpectChange({Registered(Registration())}, before, [](ResidentState*) {});
}

TEST(EvolveTest, AnAccessRecordStaysForAsLongAsTheLongestKeptOfItsEvents) {
  IssuanceEvent shorter = LookedUp();
  shorter.mutable_looked_up()->set_erase_micros(EraseMicros() - 1);
  ExpectChange({LookedUp()}, shorter, [](ResidentState*) {});
  ExpectChange({shorter}, Refused(), [](ResidentState* state) {
    state->mutable_access_record()->set_erase_micros(EraseMicros());
  });
}

TEST(EvolveTest, OfAnErasedAccessRecordNothingIsLeftButThatItWas) {
  ExpectChange({LookedUp(), Refused()}, RecordErased(), [](ResidentState* state) {
    state->Clear();
    state->set_status(ResidentState::STATUS_ACCESS_RECORD);
  });
}

TEST(EvolveTest, NumberReplaced) {
  ExpectChange({Registered(Registration())}, Replaced(kCode, 1), [](ResidentState* state) {
    state->add_former_generations(0);
    state->set_generation(1);
    state->set_individual_number(NumberOf(kCode, 1));
  });
}

// ---- Registered anew

RegisterResident JirosRegistration() {
  RegisterResident command = Registration(kCode, Jiro());
  command.request_key = "another request";
  return command;
}

TEST(EvolveAnewTest, NothingOfTheVoidedRegistrationStaysButItsNumbersAndItsAnswer) {
  const ResidentState state = StateAfter(
      {Registered(Registration()), Moved(), Replaced(kCode, 1), Voided(), Registered(JirosRegistration(), 2)});
  EXPECT_EQ(state.status(), ResidentState::STATUS_REGISTERED);
  EXPECT_THAT(state.details(), EqualsProto(Jiro()));
  EXPECT_FALSE(state.has_first_details());
  EXPECT_EQ(state.first_resident_record_code(), "");
  EXPECT_EQ(state.kana_hash(), "");
  EXPECT_EQ(state.registered_version(), 5);
  EXPECT_EQ(state.registered_generation(), 2);
  EXPECT_THAT(state.former_generations(), ::testing::ElementsAre(0, 1));
  EXPECT_EQ(DayNumber(state.last_date()), DayNumber(RegistrationDay()));
  ASSERT_EQ(state.voided_registrations_size(), 1);
}

TEST(EvolveAnewTest, EachRegistrationsAnswerCanBeGivenAgain) {
  Given resident(Service());
  resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events({Registered(Registration()), Moved()});
  resident.At(RegistrationMicros() + kLater).Events({Voided(), Registered(JirosRegistration(), 1), Died()});
  const ResidentState first = AsRegistered(resident.state(), Registration().request_key);
  EXPECT_THAT(first.details(), EqualsProto(Hanako()));
  EXPECT_EQ(first.status(), ResidentState::STATUS_REGISTERED);
  EXPECT_EQ(first.version(), 1);
  EXPECT_EQ(first.generation(), 0);
  EXPECT_EQ(first.registered_micros(), RegistrationMicros());
  EXPECT_EQ(first.updated_micros(), RegistrationMicros());
  for (const char* request_key : {"another request", "nobody's"}) {
    const ResidentState latest = AsRegistered(resident.state(), request_key);
    EXPECT_THAT(latest.details(), EqualsProto(Jiro()));
    EXPECT_EQ(latest.version(), 4);
    EXPECT_EQ(latest.generation(), 1);
    EXPECT_EQ(latest.registered_micros(), RegistrationMicros() + kLater);
  }
}

TEST(EvolveAnewTest, TheFirstLookOfAllStaysTheFirst) {
  Given resident(Service());
  resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events({Registered(Registration())});
  RegisterResident anew = JirosRegistration();
  anew.actor.set_clerk_id("clerk-8");
  for (int generation : {1, 2}) {
    resident.At(RegistrationMicros() + generation * kLater).Events({Voided(), Registered(anew, generation)});
    EXPECT_THAT(resident.state().designated_to(), EqualsProto(Clerk()));
    EXPECT_EQ(FirstDesignationMicros(resident.state()), RegistrationMicros());
  }
}

TEST(EvolveAnewTest, UnderALaterCodeTheFirstOnesDigitsStay) {
  const IssuanceEvent anew = Registered(Registration(kOtherCode, Jiro()), 1);
  const ResidentState state = StateAfter({Registered(Registration()), CodeChanged(), Voided(), anew});
  EXPECT_EQ(state.resident_record_code(), kOtherCode);
  EXPECT_EQ(FirstRecordCode(state), kCode);
  EXPECT_THAT(FirstDetails(state), EqualsProto(Jiro()));
}

TEST(EvolveAnewTest, AMoveAfterThatKeepsThemToo) {
  const IssuanceEvent anew = Registered(Registration(kOtherCode, Jiro()), 1);
  const ResidentState state =
      StateAfter({Registered(Registration()), CodeChanged(), Voided(), anew, Moved(kOtherCode)});
  EXPECT_EQ(FirstRecordCode(state), kCode);
  EXPECT_THAT(FirstDetails(state), EqualsProto(Jiro()));
}

// ---- Types

TEST(EventTypeTest, IsTheFieldsName) {
  const auto& oneof = *IssuanceEvent::descriptor()->FindOneofByName("event");
  for (int i = 0; i < oneof.field_count(); ++i) {
    IssuanceEvent event;
    event.GetReflection()->MutableMessage(&event, oneof.field(i));
    EXPECT_EQ(Issuance::EventType(event), oneof.field(i)->name());
    EXPECT_EQ(Issuance::AnswerStaysInState(event), oneof.field(i)->name() == "resident_registered");
  }
  EXPECT_EQ(Issuance::EventType(IssuanceEvent()), "");
}

}  // namespace
}  // namespace mynumber::issuance
