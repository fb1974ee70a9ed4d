#include "libs/runtime/process.h"

#include <csignal>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

namespace mynumber::runtime {
namespace {

// Stop signals belong to a process, so each case runs in one of its own.

TEST(StopDeathTest, ASignalEndsTheWait) {
  for (const int signal : {SIGTERM, SIGINT}) {
    EXPECT_EXIT(
        {
          HandleStopSignals();
          if (WaitForStop(0)) std::exit(1);
          std::raise(signal);
          WaitForStop();
          std::exit(WaitForStop(0) ? 0 : 2);
        },
        ::testing::ExitedWithCode(0), "");
  }
}

TEST(StopDeathTest, ASecondSignalEndsTheProcess) {
  EXPECT_EXIT(
      {
        HandleStopSignals();
        std::raise(SIGINT);
        std::raise(SIGINT);
      },
      ::testing::KilledBySignal(SIGINT), "");
}

TEST(StopDeathTest, AnotherThreadMayAsk) {
  EXPECT_EXIT(
      {
        std::thread other(RequestStop);
        WaitForStop();
        other.join();
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(StopDeathTest, TheWaitIsBounded) {
  EXPECT_EXIT(std::exit(WaitForStop(1) ? 1 : 0), ::testing::ExitedWithCode(0), "");
}

TEST(FatalDeathTest, SaysWhyAndAborts) {
  EXPECT_EXIT(Fatal("the log told two ends"), ::testing::KilledBySignal(SIGABRT),
              "\"event\":\"fatal\",\"message\":\"the log told two ends\"");
}

TEST(ClockTest, MicrosecondsOfTheRightSize) {
  EXPECT_GT(WallMicros(), int64_t{1'700'000'000'000'000});
  const int64_t before = SteadyMicros();
  EXPECT_GE(SteadyMicros(), before);
}

TEST(FileLimitTest, IsRaisedToTheHardLimitOnce) {
  const int64_t raised = RaiseFileLimit();
  EXPECT_GE(raised, 1024);
  EXPECT_EQ(RaiseFileLimit(), raised);
}

}  // namespace
}  // namespace mynumber::runtime
