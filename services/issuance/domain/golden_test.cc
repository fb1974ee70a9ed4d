// Old events still mean what they meant: tests/golden/README.md.

#include "libs/testing/golden.h"

#include "mynumber/testing/v1/issuance_golden.pb.h"
#include "services/issuance/domain/resident.h"

namespace mynumber::issuance {
namespace {

class GoldenTest : public ::testing::Test {
 protected:
  using Histories = mynumber::testing::GoldenHistories<Issuance, mynumber::testing::v1::IssuanceGolden>;
  const Histories goldens_{"tests/golden/issuance"};
};

TEST_F(GoldenTest, StoredBytesAreStillTheSameEvents) { goldens_.StoredBytesAreStillTheSameEvents(); }
TEST_F(GoldenTest, EachHistoryLeadsToItsState) { goldens_.EachHistoryLeadsToItsState(Issuance()); }
TEST_F(GoldenTest, EveryEventHasAHistoryThatEndsWithIt) { goldens_.EveryEventHasAHistoryThatEndsWithIt(); }
TEST_F(GoldenTest, EveryFieldOfEveryEventIsSetSomewhere) { goldens_.EveryFieldOfEveryEventIsSetSomewhere(); }

}  // namespace
}  // namespace mynumber::issuance
