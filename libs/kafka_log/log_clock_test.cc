#include "libs/kafka_log/log_clock.h"

#include "gtest/gtest.h"

namespace mynumber::kafka_log {
namespace {

TEST(LogClock, SaysNothingBeforeItWasTold) { EXPECT_FALSE(LogClock().At(5'000'000).is_known); }

TEST(LogClock, ARecordWasTakenBetweenSendingAndAcknowledgement) {
  LogClock clock;
  clock.Told(1'000'000, 7'000'000, 9'000'000);
  const auto time = clock.At(9'000'000);
  EXPECT_TRUE(time.is_known);
  EXPECT_EQ(time.earliest_micros, 1'000'000'000) << "taken just now";
  EXPECT_NEAR(static_cast<double>(time.latest_micros), 1'002'001'000, 1000) << "taken when it was sent";
}

TEST(LogClock, GoesOnAndGetsVagueSlowly) {
  LogClock clock;
  clock.Told(1'000'000, 7'000'000, 7'000'000);
  const int64_t hour = 3'600'000'000;
  const auto time = clock.At(7'000'000 + hour);
  EXPECT_EQ(time.earliest_micros, 1'000'000'000 + hour - 720'000);
  EXPECT_EQ(time.latest_micros, 1'000'001'000 + hour + 720'000);
}

TEST(LogClock, TheLastWordCounts) {
  LogClock clock;
  clock.Told(1'000'000, 7'000'000, 9'000'000);
  clock.Told(5'000'000, 10'000'000, 10'000'000);
  EXPECT_EQ(clock.At(10'000'000).earliest_micros, 5'000'000'000);
}

}  // namespace
}  // namespace mynumber::kafka_log
