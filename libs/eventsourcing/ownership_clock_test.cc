#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/ownership_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kSecond = 1'000'000;

// An owner on a log that tells the time.
class OwnershipClockTest : public OwnershipFixture {
 protected:
  OwnershipClockTest() { now_micros_ = 1'000 * kSecond; }

  // The instance's clock is so far ahead of the log's.
  void SetClockAhead(int64_t micros) { log_.time = LogTime{true, now_micros_ - micros, now_micros_ - micros}; }
  std::string Trouble() const { return std::string(ownership_->trouble().message()); }
};

TEST_F(OwnershipClockTest, FiveSecondsAreAllowedEitherWay) {
  Serve();
  for (int64_t off : {5 * kSecond, -5 * kSecond}) {
    SetClockAhead(off);
    Accept("one");
    EXPECT_EQ(phase(), Phase::kServing);
    EXPECT_EQ(ownership_->clock_off_micros(), off);
  }
}

TEST_F(OwnershipClockTest, AWrongClockEndsServingBeforeAnythingIsSentWithIt) {
  Serve();
  for (int64_t off : {5 * kSecond + 1, -5 * kSecond - 1}) {
    SetClockAhead(off);
    tenant_.waiting.push_back("one");
    Run();
    EXPECT_EQ(phase(), Phase::kReading);
    EXPECT_FALSE(log_.sent);
    EXPECT_THAT(tenant_.refused, ElementsAre("one"));
    EXPECT_TRUE(absl::IsUnavailable(tenant_.refusal)) << "safe to send again";
    EXPECT_THAT(Trouble(), HasSubstr(off > 0 ? "5 s ahead of" : "5 s behind"));
    tenant_.refused.clear();
    SetClockAhead(0);
    Run();
    log_.Acknowledge();
    Run();
    ASSERT_EQ(phase(), Phase::kServing) << "claims again once the clock is right";
    EXPECT_TRUE(ownership_->trouble().ok());
  }
  EXPECT_EQ(counts().clock_step_downs, 2u);
  EXPECT_EQ(counts().claims, 3u);
}

TEST_F(OwnershipClockTest, WhatIsUnderWayIsAnsweredFirst) {
  Serve();
  Send("one");
  SetClockAhead(60 * kSecond);
  Run();
  EXPECT_EQ(phase(), Phase::kServing) << "nothing new is sent, and what was sent is waited for";
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("one")) << "it stands in the log for good";
  EXPECT_EQ(phase(), Phase::kReading);
}

TEST_F(OwnershipClockTest, ItDoesNotClaimWhileItsClockIsWrong) {
  Serve();
  SetClockAhead(-60 * kSecond);
  Run();
  const int writers = log_.writers;
  for (int i = 0; i < 500; ++i) {
    now_micros_ += kSecond;
    SetClockAhead(-60 * kSecond);
    ownership_->Want(true);
    Run();
  }
  EXPECT_EQ(log_.writers, writers);
  EXPECT_FALSE(log_.sent);
  EXPECT_EQ(counts().clock_step_downs, 1u) << "once for all the time that it lasts";
}

TEST_F(OwnershipClockTest, ItFollowsTheLogMeanwhile) {
  Serve();
  SetClockAhead(60 * kSecond);
  Run();
  PutClaim('x');
  PutBatch("one");
  Run();
  EXPECT_THAT(tenant_.rows, ElementsAre("one"));
  EXPECT_EQ(phase(), Phase::kReading);
}

TEST_F(OwnershipClockTest, AfterAWhileAClaimLooksAgain) {
  Serve();
  SetClockAhead(60 * kSecond);
  Run();
  now_micros_ += options_.clock_look_again_micros;
  SetClockAhead(60 * kSecond);
  Run();
  ASSERT_EQ(phase(), Phase::kClaiming) << "it may be the log's clock that was wrong";
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kReading) << "it was not";
  EXPECT_EQ(counts().clock_step_downs, 2u);
  Run();
  EXPECT_FALSE(log_.sent);
}

TEST_F(OwnershipClockTest, AClockThatWasSetBackDoesNotMakeTheWaitLonger) {
  Serve();
  SetClockAhead(100'000 * kSecond);
  Run();
  now_micros_ -= 50'000 * kSecond;
  SetClockAhead(50'000 * kSecond);
  Run();
  now_micros_ += options_.clock_look_again_micros;
  SetClockAhead(50'000 * kSecond);
  Run();
  EXPECT_EQ(phase(), Phase::kClaiming);
}

TEST_F(OwnershipClockTest, AClaimUnderAClockThatNobodyHasCheckedLeavesThePartitionsTimeAlone) {
  log_.time = LogTime{};
  SendClaim();
  EXPECT_EQ(Sent().opened().time_micros(), 0);
  SetClockAhead(-3600 * kSecond);
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kReading) << "the acknowledgement told the time";
  EXPECT_EQ(tenant_.head().time_micros(), 0);
  EXPECT_THAT(tenant_.answered, IsEmpty());
  SetClockAhead(0);
  Run();
  EXPECT_EQ(Sent().opened().time_micros(), now_micros_);
}

TEST_F(OwnershipClockTest, AnEstimateThatIsWideBlamesNobody) {
  Serve();
  log_.time = LogTime{true, now_micros_ - 60 * kSecond, now_micros_ + 60 * kSecond};
  Accept("one");
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_EQ(ownership_->clock_off_micros(), 0);
}

TEST_F(OwnershipClockTest, ALogWithoutAClockAsksForNone) {
  Serve();
  now_micros_ += 86'400 * kSecond;
  Accept("one");
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_EQ(counts().clock_step_downs, 0u);
}

}  // namespace
}  // namespace mynumber::eventsourcing
