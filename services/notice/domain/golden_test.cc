// Old events still mean what they meant: tests/golden/README.md.

#include "libs/testing/golden.h"

#include "mynumber/testing/v1/notice_golden.pb.h"
#include "services/notice/domain/notice.h"

namespace mynumber::notice {
namespace {

class GoldenTest : public ::testing::Test {
 protected:
  using Histories = mynumber::testing::GoldenHistories<NoticeDomain, mynumber::testing::v1::NoticeGolden>;
  const Histories goldens_{"tests/golden/notice"};
};

TEST_F(GoldenTest, StoredBytesAreStillTheSameEvents) { goldens_.StoredBytesAreStillTheSameEvents(); }
TEST_F(GoldenTest, EachHistoryLeadsToItsState) { goldens_.EachHistoryLeadsToItsState(NoticeDomain()); }
TEST_F(GoldenTest, EveryEventHasAHistoryThatEndsWithIt) { goldens_.EveryEventHasAHistoryThatEndsWithIt(); }
TEST_F(GoldenTest, EveryFieldOfEveryEventIsSetSomewhere) { goldens_.EveryFieldOfEveryEventIsSetSomewhere(); }

}  // namespace
}  // namespace mynumber::notice
