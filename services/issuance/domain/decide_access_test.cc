// Who looked at what, or tried to: where it is kept, and for how long.

#include <gtest/gtest.h>

#include "libs/testing/given_when_then.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance {
namespace {

using mynumber::testing::Given;
using namespace made_up;  // NOLINT: the vocabulary of this file

Given<Issuance> Authority() { return Given(Service()).Of(AuthorityId()).At(RegistrationMicros()); }
Given<Issuance> Record(const std::vector<events::v1::IssuanceEvent>& events) {
  return Given(Service()).Of(RecordIdOf(absl::CivilMonth(2026, 11))).At(RegistrationMicros()).Events(events);
}

// Of one command about `subject`, whose state is not asked.
eventsourcing::EventOf<events::v1::IssuanceEvent> Decided(const Issuance& issuance, const Command& command,
                                                          int64_t time_micros) {
  Issuance::Context context;
  context.subject = AuthorityId();
  context.time_micros = time_micros;
  const auto events = issuance.Decide({}, command, context);
  EXPECT_TRUE(events.ok() && events->size() == 1);
  return events->front();
}

TEST(AccessTest, LookUpsAndAttemptsAreEventsThatSayWhoseTheyAre) {
  Authority().When(LookingUp()).Then({LookedUp()}).When(LookingUp()).Then({LookedUp()});
  Authority().When(Attempts()).Then({Refused()});
}

TEST(AccessTest, TheyStandInTheRecordOfTheMonthInJapan) {
  const int64_t end = MicrosOf(Day(2026, 12, 1), 0);
  EXPECT_EQ(Decided(Service(), LookingUp(), end - 1).subject, RecordIdOf(absl::CivilMonth(2026, 11)));
  EXPECT_EQ(Decided(Service(), LookingUp(), end).subject, RecordIdOf(absl::CivilMonth(2026, 12)));
  EXPECT_EQ(Decided(Service(), Attempts(), end).subject, RecordIdOf(absl::CivilMonth(2026, 12)));
}

TEST(AccessTest, ARecordIsKeptForSevenYearsFromTheEndOfItsMonth) {
  const auto event = Decided(Service(), LookingUp(), MicrosOf(Day(2026, 12, 1), 0)).event;
  EXPECT_EQ(event.looked_up().erase_micros(), MicrosOf(Day(2034, 1, 1), 0));
}

TEST(AccessTest, ThePeriodIsASettingOfTheDayOnWhichItIsWritten) {
  Issuance issuance = Service();
  issuance.access_retention_days = 30;
  const auto event = Decided(issuance, Attempts(), MicrosOf(Day(2026, 12, 31))).event;
  EXPECT_EQ(event.attempts_refused().erase_micros(), MicrosOf(Day(2027, 1, 31), 0));
}

TEST(AccessTest, ARecordIsErasedWhenItIsDueAndOnce) {
  Given record = Record({Disclosed(0), LookedUp(), Refused()});
  record.At(EraseMicros() - 1).When(EraseAccessRecord{}).ThenNothing();
  record.At(EraseMicros()).When(EraseAccessRecord{}).Then({RecordErased()}).When(EraseAccessRecord{}).ThenNothing();
}

TEST(AccessTest, NothingElseIsErasedByIt) {
  Given resident(Service());
  resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events({Registered(Registration())});
  resident.At(EraseMicros()).When(EraseAccessRecord{}).ThenNothing();
}

}  // namespace
}  // namespace mynumber::issuance
