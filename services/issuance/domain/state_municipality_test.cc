// Whose residents a municipality may look at, and ask something for.

#include "services/issuance/domain/state_municipality.h"

#include <gtest/gtest.h>

#include "libs/testing/given_when_then.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/domain/made_up.h"

namespace mynumber::issuance {
namespace {

using mynumber::testing::Given;
using mynumber::testing::ReasonOf;
using namespace made_up;  // NOLINT: the vocabulary of this file

constexpr char kHome[] = "municipality/131016";
constexpr char kSapporo[] = "municipality/011002";
constexpr char kOsaka[] = "municipality/271004";

Given<Issuance> Hanakos(const std::vector<events::v1::IssuanceEvent>& later = {}) {
  Given resident(Service());
  return resident.Of(IdOf(kCode)).At(RegistrationMicros()).Events({Registered(Registration())}).Events(later);
}

std::vector<Command> AllOfOneResident() {
  return {Departure(), Death(), Correction(), CodeChange(), Voiding(), Disclosure(), Search(0), Replacement()};
}

TEST(MunicipalityTest, AMunicipalityAsksForItsOwn) {
  for (const Command& command : AllOfOneResident()) {
    EXPECT_TRUE(Hanakos().By(kHome).When(command).outcome().ok()) << command.index();
    Hanakos().By(kOsaka).When(command).ThenRefused(v1::MUNICIPALITY_NOT_YOURS);
  }
}

TEST(MunicipalityTest, AfterAMoveTheNewOneDoesAndTheOldOneDoesNot) {
  for (const Command& command : AllOfOneResident()) {
    EXPECT_TRUE(Hanakos({Moved()}).By(kSapporo).When(command).outcome().ok()) << command.index();
    Hanakos({Moved()}).By(kHome).When(command).ThenRefused(v1::MUNICIPALITY_NOT_YOURS);
  }
}

TEST(MunicipalityTest, AMoveIsRecordedWhereItBeginsOrWhereItEnds) {
  Hanakos().By(kSapporo).When(Move()).Then({Moved()});
  Hanakos().By(kHome).When(Move()).Then({Moved()});
  Hanakos().By(kOsaka).When(Move()).ThenRefused(v1::MUNICIPALITY_NOT_YOURS);
}

TEST(MunicipalityTest, AReturnIsRecordedWhereTheResidentComesTo) {
  Hanakos({Departed()}).By(kOsaka).When(Return()).Then({Returned()});
  Hanakos({Departed()}).By(kSapporo).When(Return()).ThenRefused(v1::MUNICIPALITY_NOT_YOURS);
}

TEST(MunicipalityTest, WhomNobodyKnowsIsUnknownToAll) {
  Given(Service()).Of(IdOf(kCode)).By(kOsaka).When(Departure()).ThenRefused(v1::RESIDENT_UNKNOWN);
}

TEST(MunicipalityTest, OthersAreTheAccessPolicysToLetIn) {
  Given resident = Hanakos();
  EXPECT_TRUE(MaySee(resident.state(), kHome).ok());
  EXPECT_EQ(ReasonOf(MaySee(resident.state(), kOsaka)), "MUNICIPALITY_NOT_YOURS");
  EXPECT_EQ(ReasonOf(MaySee(resident.state(), "municipality/")), "MUNICIPALITY_NOT_YOURS");
  EXPECT_TRUE(MaySee(resident.state(), "auditor").ok());
  EXPECT_TRUE(MaySee(resident.state(), "").ok()) << "the cluster itself";
}

}  // namespace
}  // namespace mynumber::issuance
