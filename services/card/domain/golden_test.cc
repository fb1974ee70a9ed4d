// Old events still mean what they meant: tests/golden/README.md.

#include "libs/testing/golden.h"

#include "mynumber/testing/v1/card_golden.pb.h"
#include "services/card/domain/card.h"

namespace mynumber::card {
namespace {

class GoldenTest : public ::testing::Test {
 protected:
  using Histories = mynumber::testing::GoldenHistories<CardDomain, mynumber::testing::v1::CardGolden>;
  const Histories goldens_{"tests/golden/card"};
};

TEST_F(GoldenTest, StoredBytesAreStillTheSameEvents) { goldens_.StoredBytesAreStillTheSameEvents(); }
TEST_F(GoldenTest, EachHistoryLeadsToItsState) { goldens_.EachHistoryLeadsToItsState(CardDomain()); }
TEST_F(GoldenTest, EveryEventHasAHistoryThatEndsWithIt) { goldens_.EveryEventHasAHistoryThatEndsWithIt(); }
TEST_F(GoldenTest, EveryFieldOfEveryEventIsSetSomewhere) { goldens_.EveryFieldOfEveryEventIsSetSomewhere(); }

}  // namespace
}  // namespace mynumber::card
