// Old events still mean what they meant: tests/golden/README.md.

#include "libs/testing/golden.h"

#include "mynumber/testing/v1/hotline_golden.pb.h"
#include "services/hotline/domain/hotline_case.h"

namespace mynumber::hotline {
namespace {

class GoldenTest : public ::testing::Test {
 protected:
  using Histories = mynumber::testing::GoldenHistories<HotlineDomain, mynumber::testing::v1::HotlineGolden>;
  const Histories goldens_{"tests/golden/hotline"};
};

TEST_F(GoldenTest, StoredBytesAreStillTheSameEvents) { goldens_.StoredBytesAreStillTheSameEvents(); }
TEST_F(GoldenTest, EachHistoryLeadsToItsState) { goldens_.EachHistoryLeadsToItsState(HotlineDomain()); }
TEST_F(GoldenTest, EveryEventHasAHistoryThatEndsWithIt) { goldens_.EveryEventHasAHistoryThatEndsWithIt(); }
TEST_F(GoldenTest, EveryFieldOfEveryEventIsSetSomewhere) { goldens_.EveryFieldOfEveryEventIsSetSomewhere(); }

}  // namespace
}  // namespace mynumber::hotline
