#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/ownership_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A log that lost a tail that could be read, and was never acknowledged (design.md section 4, truncation).
class LostTailTest : public OwnershipFixture {
 protected:
  // Two batches that stand where they stood, and a claim before them: every comparison begins behind it.
  void RowsThatAreWrongWhereNoComparisonLooks() {
    PutClaim('x');
    PutBatch("kept");
    PutVoid();
    PutBatch("void by now");
    PutBatch("that too");
    const std::vector<std::string> old_log = log_.records;
    Run();
    Truncate(2);
    PutClaim('y');
    log_.Put(old_log[3]);
    log_.Put(old_log[4]);
    PutClaim('z');
    PutBatch("theirs");
  }
};

TEST_F(LostTailTest, AFollowerNoticesWithTheNextClaim) {
  PutClaim('x');
  PutBatch("kept");
  PutBatch("lost");
  Run();
  Truncate(2);
  PutBatch("instead");
  PutClaim('y');
  Run();
  EXPECT_EQ(counts().truncations, 1u);
  EXPECT_THAT(tenant_.rows, ElementsAre("kept", "instead"));
  EXPECT_TRUE(SameHistory(tenant_.head(), LogHead()));
}

TEST_F(LostTailTest, AFollowerNoticesWithABatchOfAClaimThatItMissed) {
  PutClaim('x');
  PutBatch("kept");
  PutBatch("lost");
  Run();
  Truncate(2);
  PutClaim('y');
  PutBatch("theirs");
  Run();
  EXPECT_EQ(counts().truncations, 1u);
  EXPECT_THAT(tenant_.rows, ElementsAre("kept", "theirs"));
}

TEST_F(LostTailTest, AClaimerWhoseTailIsGoneBeginsAnew) {
  PutClaim('x');
  PutBatch("kept");
  PutBatch("lost");
  SendClaim();
  ASSERT_THAT(tenant_.rows, ElementsAre("kept", "lost"));
  Truncate(2);
  log_.Acknowledge();
  Run();
  EXPECT_EQ(counts().truncations, 1u);
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_THAT(tenant_.rows, ElementsAre("kept"));
}

TEST_F(LostTailTest, AClaimerWhoseTailWasReplacedBeginsAnew) {
  PutClaim('x');
  PutBatch("kept");
  PutBatch("lost");
  SendClaim();
  Truncate(2);
  PutBatch("instead");
  log_.Acknowledge();
  Run();
  EXPECT_EQ(counts().truncations, 1u);
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_THAT(tenant_.rows, ElementsAre("kept", "instead"));
}

TEST_F(LostTailTest, ARestartFromRowsOfALostTailNoticesBeforeItServes) {
  PutClaim('x');
  PutBatch("lost");
  Run();
  Truncate(1);
  Restart();
  SendClaim();
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_THAT(tenant_.rows, IsEmpty());
}

TEST_F(LostTailTest, VoidRecordsThatWereReplacedAreReadAgain) {
  PutClaim('x');
  PutBatch("one");
  PutVoid();
  Run();
  Truncate(2);
  PutBatch("two");
  PutClaim('y');
  Run();
  EXPECT_EQ(counts().truncations, 0u) << "the rows have nothing of the lost tail";
  EXPECT_THAT(tenant_.rows, ElementsAre("one", "two"));
}

TEST_F(LostTailTest, VoidRecordsThatAreGoneAreNotMissed) {
  PutClaim('x');
  for (int i = 0; i < 3; ++i) PutVoid();
  SendClaim();
  Truncate(1);
  ASSERT_EQ(log_.Acknowledge(), 1);
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
}

// A batch that was sent again after the change of leader, and stands where it stood; but a claim has come before it.
TEST_F(LostTailTest, ABatchThatStandsWhereItStoodMayBeVoidByNow) {
  PutClaim('x');
  PutBatch("kept");
  PutVoid();
  PutBatch("void by now");
  const std::string batch = log_.records.back();
  Run();
  ASSERT_THAT(tenant_.rows, ElementsAre("kept", "void by now"));
  Truncate(2);
  PutClaim('y');
  log_.Put(batch);
  PutBatch("theirs");
  Run();
  EXPECT_THAT(tenant_.rows, ElementsAre("kept", "theirs"));
  SendClaim();
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_TRUE(SameHistory(tenant_.head(), LogHead()));
}

// The claim is acknowledged by the new leader, and what stands before it is read from the old one.
TEST_F(LostTailTest, WhatAReplacedLeaderToldBeforeTheClaimIsCompared) {
  PutClaim('x');
  PutBatch("kept");
  SendClaim();
  std::vector<std::string> old_log = log_.records;
  old_log.push_back(NextBatch(LogHead(), "lost").SerializeAsString());
  PutClaim('y');
  const Offset claim = log_.Acknowledge();
  ASSERT_EQ(claim, 3);
  log_.old_leader = old_log;
  Run();
  ASSERT_EQ(phase(), Phase::kReadingClaim);
  ASSERT_THAT(tenant_.rows, ElementsAre("kept", "lost"));
  log_.old_leader.reset();
  for (int i = 0; i < 3 && phase() != Phase::kServing; ++i) {
    Sleep();
    if (log_.sent) log_.Acknowledge();
    Run();
  }
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_THAT(tenant_.rows, ElementsAre("kept"));
  EXPECT_EQ(counts().truncations, 1u);
}

// Of a gap, a replaced leader tells that only void records stand there; the claim that fenced this writer it does not
// know.
TEST_F(LostTailTest, WhatAReplacedLeaderToldOfAGapIsCompared) {
  Serve();
  Accept("kept");
  std::vector<std::string> old_log = log_.records;
  old_log.push_back("void");
  PutClaim('x');
  Send("one");
  log_.Acknowledge();
  log_.old_leader = old_log;
  Run();
  ASSERT_EQ(phase(), Phase::kReadingGap);
  log_.old_leader.reset();
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("kept"));
  EXPECT_FALSE(ownership_->serving()) << "the batch is void";
}

// The old leader had the own batch, too, where no claim stands before it; it was sent again to the new one.
TEST_F(LostTailTest, AnOwnBatchThatAReplacedLeaderHasElsewhereProvesNothing) {
  Serve();
  Accept("kept");
  Send("one");
  std::vector<std::string> old_log = log_.records;
  old_log.push_back(log_.sent->record);
  old_log.push_back("void");
  PutClaim('x');
  log_.Acknowledge();
  log_.old_leader = old_log;
  Run();
  EXPECT_FALSE(ownership_->serving());
  log_.old_leader.reset();
  Sleep();
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.rows, ElementsAre("kept"));
  EXPECT_EQ(tenant_.answered.size(), 1u);
}

TEST_F(LostTailTest, ALogThatEndsBeforeTheRowsProvesNothingYet) {
  PutClaim('x');
  PutBatch("one");
  PutBatch("two");
  Run();
  Truncate(1);
  SendClaim();
  EXPECT_EQ(counts().truncations, 0u) << "a leader that was cut off may say so";
  EXPECT_THAT(tenant_.rows, ElementsAre("one", "two"));
}

TEST_F(LostTailTest, AnAlarmThatWasALostTailIsNone) {
  options_.read_bytes = 1;
  Restart();
  PutClaim('x');
  PutBatch("kept");
  Run();
  PutVoid();
  PutBatch("lost");
  PutVoid();
  while (tenant_.rows.size() < 2) ASSERT_TRUE(ownership_->Step(now_micros_));
  // In the middle of reading, when all had been compared.
  Truncate(3);
  PutBatch("instead");
  PutBatch("next");
  Run();
  EXPECT_EQ(counts().truncations, 1u);
  EXPECT_NE(phase(), Phase::kStopped);
  EXPECT_THAT(tenant_.rows, ElementsAre("kept", "instead", "next"));
}

TEST_F(LostTailTest, RowsThatAreWrongWhereNoComparisonLooksAreFoldedAfresh) {
  RowsThatAreWrongWhereNoComparisonLooks();
  Run();
  EXPECT_NE(phase(), Phase::kStopped);
  EXPECT_THAT(tenant_.rows, ElementsAre("kept", "theirs"));
}

TEST_F(LostTailTest, AnAlarmOfTheLogItselfStops) {
  PutClaim('x');
  PutBatch("kept");
  Record changed = NextBatch(LogHead(), "changed");
  changed.mutable_batch()->set_running_hash("of another history");
  log_.Put(changed.SerializeAsString());
  Run();
  EXPECT_EQ(phase(), Phase::kStopped);
  EXPECT_EQ(ownership_->stopped().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(counts().truncations, 0u) << "the rows may be the only copy";
  EXPECT_THAT(tenant_.rows, ElementsAre("kept"));
}

TEST_F(LostTailTest, AnAlarmIsProvenPieceByPiece) {
  options_.read_bytes = 1;
  Restart();
  RowsThatAreWrongWhereNoComparisonLooks();
  Run();
  EXPECT_NE(phase(), Phase::kStopped);
  EXPECT_THAT(tenant_.rows, ElementsAre("kept", "theirs"));
}

}  // namespace
}  // namespace mynumber::eventsourcing
