#include "libs/serving/housekeeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <vector>

#include "libs/log/log.h"

namespace mynumber::serving {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PartitionWatchTest : public ::testing::Test {
 protected:
  PartitionWatchTest() {
    log::Options lines;
    lines.sink = [this](std::string_view line) { lines_.emplace_back(line); };
    log::Configure(lines);
  }
  ~PartitionWatchTest() override { log::Configure({}); }

  runtime::PartitionSnapshot seen_[2];
  std::vector<std::string> lines_;
  PartitionWatch watch_{"counters", 2, [this](uint32_t p) { return seen_[p]; }};
};

TEST_F(PartitionWatchTest, WhatIsWellIsNotTold) {
  watch_.LogWhatNeedsAPerson();
  watch_.LogCatchingUp();
  EXPECT_THAT(lines_, ElementsAre());
}

TEST_F(PartitionWatchTest, APartitionThatStoppedIsToldOnce) {
  seen_[1].stopped = absl::DataLossError("a changed record");
  watch_.LogWhatNeedsAPerson();
  watch_.LogWhatNeedsAPerson();
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("\"partition_stopped\""), HasSubstr("\"partition\":1"),
                                        HasSubstr("a changed record"))));
}

TEST_F(PartitionWatchTest, ReactionsThatStoppedAreToldOnceUnlessTheyGoOnByThemselves) {
  seen_[0].input_trouble = absl::UnavailableError("the other log cannot be read now");
  watch_.LogWhatNeedsAPerson();
  EXPECT_THAT(lines_, ElementsAre());
  seen_[0].input_trouble = absl::DataLossError("an event cannot be read");
  watch_.LogWhatNeedsAPerson();
  watch_.LogWhatNeedsAPerson();
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("\"reactions_stopped\""), HasSubstr("\"partition\":0"),
                                        HasSubstr("an event cannot be read"))));
}

TEST_F(PartitionWatchTest, EachLostTailAndEachWrongClockIsTold) {
  for (uint64_t times = 1; times <= 2; ++times) {
    seen_[0].counts.truncations = times;
    seen_[1].counts.clock_step_downs = times;
    watch_.LogWhatNeedsAPerson();
  }
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("log_truncated"), HasSubstr("clock_is_wrong"), HasSubstr("log_truncated"),
                                  HasSubstr("clock_is_wrong")));
}

TEST_F(PartitionWatchTest, HowFarAPartitionHasComeIsTold) {
  seen_[1].target = 100;
  watch_.LogCatchingUp();
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("catching_up"), HasSubstr("\"target_offset\":100"))));
}

TEST(HousekeeperTest, WorksFirstWhenAllServesAndThenAgain) {
  std::promise<void> first, then;
  std::atomic<int> order{0};
  Housekeeper::Work work;
  work.serving = [] { return true; };
  work.at_first = [&] {
    EXPECT_EQ(order++, 0);
    first.set_value();
    return true;
  };
  work.now_and_then = [&] {
    if (order++ == 1) then.set_value();
  };
  Housekeeper housekeeper(PartitionWatch("counters", 0, nullptr), work);
  first.get_future().wait();
  then.get_future().wait();
  housekeeper.Stop();
}

TEST(HousekeeperTest, WhatCannotBeDoneAtFirstIsTriedAgainBeforeTheRest) {
  std::promise<void> then;
  std::atomic<int> tries{0};
  Housekeeper::Work work;
  work.serving = [] { return true; };
  work.at_first = [&] { return ++tries == 3; };
  work.now_and_then = [&] { then.set_value(); };
  Housekeeper housekeeper(PartitionWatch("counters", 0, nullptr), work);
  then.get_future().wait();
  EXPECT_EQ(tries, 3);
  housekeeper.Stop();
}

TEST(HousekeeperTest, StopsThoughNothingEverServes) {
  Housekeeper::Work work;
  work.serving = [] { return false; };
  work.at_first = [] {
    ADD_FAILURE();
    return true;
  };
  Housekeeper housekeeper(PartitionWatch("counters", 0, nullptr), work);
  housekeeper.Stop();
}

}  // namespace
}  // namespace mynumber::serving
