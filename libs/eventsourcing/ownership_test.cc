#include "libs/eventsourcing/ownership.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/ownership_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OwnershipTest : public OwnershipFixture {};

// ---- Following

TEST_F(OwnershipTest, AFollowerReadsAndNeverWrites) {
  PutClaim('x');
  PutBatch("theirs");
  Run();
  EXPECT_EQ(phase(), Phase::kReading);
  EXPECT_THAT(tenant_.rows, ElementsAre("theirs"));
  PutBatch("later");
  Run();
  EXPECT_THAT(tenant_.rows, ElementsAre("theirs", "later"));
  EXPECT_EQ(log_.writers, 0);
  EXPECT_EQ(counts().folded_records, 3u);
}

TEST_F(OwnershipTest, AFollowerRefusesAsSafeToSendAgain) {
  tenant_.waiting = {"one"};
  Run();
  EXPECT_THAT(tenant_.refused, ElementsAre("one"));
  EXPECT_TRUE(absl::IsUnavailable(tenant_.refusal));
}

TEST_F(OwnershipTest, VoidRecordsAreCountedAndSkipped) {
  PutClaim('x');
  PutVoid();
  Record stranger = NextBatch(LogHead(), "stranger's");
  stranger.mutable_batch()->set_claim_id(ClaimId('y'));
  log_.Put(stranger.SerializeAsString());
  const Offset batch = PutBatch("once");
  log_.Put(log_.records[static_cast<size_t>(batch)]);
  Run();
  EXPECT_THAT(tenant_.rows, ElementsAre("once"));
  EXPECT_EQ(counts().void_records, 3u);
  EXPECT_EQ(tenant_.head().offset(), batch);
}

TEST_F(OwnershipTest, ReadsInPiecesComeToTheSame) {
  options_.read_bytes = 1;
  Restart();
  PutClaim('x');
  for (int i = 0; i < 10; ++i) PutBatch(std::to_string(i));
  Run();
  EXPECT_EQ(tenant_.rows.size(), 10u);
  EXPECT_TRUE(SameHistory(tenant_.head(), LogHead()));
}

TEST_F(OwnershipTest, ReadingGoesOnFromWhatTheRowsHave) {
  PutClaim('x');
  PutBatch("one");
  Run();
  Restart();
  PutBatch("two");
  Run();
  EXPECT_THAT(tenant_.rows, ElementsAre("one", "two"));
  EXPECT_EQ(counts().folded_records, 1u);
}

TEST_F(OwnershipTest, ALogThatDoesNotAnswerIsAskedAgain) {
  PutClaim('x');
  ownership_->Want(true);
  log_.end = absl::UnavailableError("no leader");
  Run();
  EXPECT_EQ(counts().folded_records, 0u);
  log_.end = absl::OkStatus();
  log_.read = absl::UnavailableError("no leader");
  Run();
  EXPECT_EQ(counts().folded_records, 0u);
  log_.read = absl::OkStatus();
  Run();
  EXPECT_EQ(counts().folded_records, 1u);
}

// ---- Claiming

TEST_F(OwnershipTest, AClaimIsSentOnlyWhenCaughtUp) {
  PutClaim('x');
  PutBatch("theirs");
  log_.read = absl::UnavailableError("no leader");
  ownership_->Want(true);
  Run();
  EXPECT_EQ(phase(), Phase::kReading);
  EXPECT_FALSE(log_.sent);
  log_.read = absl::OkStatus();
  Run();
  EXPECT_EQ(phase(), Phase::kClaiming);
  EXPECT_THAT(tenant_.rows, ElementsAre("theirs"));
}

TEST_F(OwnershipTest, AClaimSaysWhoWhereAndUnderWhichSettings) {
  Record theirs = TheirClaim('x');
  theirs.mutable_opened()->set_time_micros(5'000'000);
  log_.Put(theirs.SerializeAsString());
  SendClaim();
  const eventlog::v1::PartitionOpened opened = Sent().opened();
  EXPECT_EQ(opened.claim_id(), ClaimId('A'));
  EXPECT_EQ(opened.instance(), "instance-1");
  EXPECT_EQ(opened.address(), "127.0.0.1:1");
  EXPECT_EQ(opened.settings().SerializeAsString(), Settings().SerializeAsString());
  EXPECT_EQ(opened.time_micros(), 5'000'000) << "partition time, though the own clock is behind";
}

TEST_F(OwnershipTest, ItServesOnceItsClaimIsAcknowledgedAndRead) {
  SendClaim();
  tenant_.waiting = {"one"};
  log_.Write();
  Run();
  EXPECT_EQ(phase(), Phase::kClaiming) << "it stands in the log, but was not acknowledged";
  log_.Tell(AppendResult::Kind::kAcknowledged, 0);
  log_.read = absl::UnavailableError("no leader");
  Run();
  EXPECT_EQ(phase(), Phase::kReadingClaim) << "acknowledged, but not read";
  EXPECT_FALSE(ownership_->serving());
  log_.read = absl::OkStatus();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_EQ(counts().claims, 1u);
  EXPECT_TRUE(log_.sent) << "the command that waited is on its way";
}

TEST_F(OwnershipTest, WhatCameBeforeItsClaimIsFoldedFirst) {
  SendClaim();
  PutClaim('x');
  PutBatch("theirs");
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_THAT(tenant_.rows, ElementsAre("theirs"));
  EXPECT_EQ(tenant_.head().claim_id(), ClaimId('A'));
}

TEST_F(OwnershipTest, AClaimThatStandsTwiceIsClaimedAnew) {
  SendClaim();
  log_.Write();
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kWaiting) << "report and reading name different offsets";
  Sleep();
  EXPECT_EQ(Sent().opened().claim_id(), ClaimId('B'));
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
}

TEST_F(OwnershipTest, AClaimOfUnknownOutcomeIsReadAndClaimedAnew) {
  SendClaim();
  log_.Write();
  log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
  Run();
  EXPECT_EQ(phase(), Phase::kWaiting);
  EXPECT_TRUE(absl::IsDeadlineExceeded(ownership_->trouble()));
  EXPECT_EQ(counts().unknown_outcomes, 1u);
  Sleep();
  EXPECT_EQ(tenant_.head().claim_id(), ClaimId('A')) << "it had arrived";
  EXPECT_EQ(Sent().opened().claim_id(), ClaimId('B')) << "but only an acknowledged one may serve";
  EXPECT_EQ(log_.writers, 2) << "with a fresh writer";
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_TRUE(ownership_->trouble().ok());
}

TEST_F(OwnershipTest, ARefusedClaimIsTriedAgain) {
  SendClaim();
  log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::ResourceExhaustedError("no space left"));
  Run();
  EXPECT_EQ(phase(), Phase::kWaiting);
  EXPECT_TRUE(absl::IsResourceExhausted(ownership_->trouble()));
  EXPECT_EQ(counts().unknown_outcomes, 0u);
  Sleep();
  EXPECT_EQ(phase(), Phase::kClaiming);
}

TEST_F(OwnershipTest, AWriterThatCannotBeMadeIsTriedAgain) {
  log_.new_writer = absl::UnavailableError("no broker");
  ownership_->Want(true);
  Run();
  EXPECT_EQ(phase(), Phase::kWaiting);
  EXPECT_TRUE(absl::IsUnavailable(ownership_->trouble()));
  log_.new_writer = absl::OkStatus();
  Sleep();
  EXPECT_EQ(phase(), Phase::kClaiming);
}

TEST_F(OwnershipTest, AClaimThatIsOutrunServesNobody) {
  SendClaim();
  log_.Acknowledge();
  PutClaim('x');
  Run();
  ASSERT_EQ(phase(), Phase::kServing) << "it reads up to its own claim and cannot know";
  Send("one");
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.answered, IsEmpty());
  EXPECT_EQ(phase(), Phase::kReading);
}

// ---- Serving

TEST_F(OwnershipTest, AnAcknowledgedBatchIsCommittedAndAnswered) {
  Serve();
  Send("one");
  log_.Write();
  Run();
  EXPECT_THAT(tenant_.answered, IsEmpty()) << "it stands in the log, but was not acknowledged";
  log_.Tell(AppendResult::Kind::kAcknowledged, 1);
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
  EXPECT_EQ(tenant_.head().offset(), 1);
  EXPECT_TRUE(SameHistory(tenant_.head(), LogHead()));
}

TEST_F(OwnershipTest, OneBatchIsUnderWayAndTheNextOneGathers) {
  Serve();
  Send("one");
  tenant_.waiting = {"two", "three"};
  Run();
  EXPECT_EQ(Sent().batch().commands_size(), 1);
  log_.Acknowledge();
  Run();
  EXPECT_EQ(Sent().batch().commands_size(), 2);
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("one", "two", "three"));
}

TEST_F(OwnershipTest, ItReadsNothingOfItsOwn) {
  Serve();
  log_.read = absl::InternalError("must not be asked");
  Accept("one");
  Accept("two");
  EXPECT_THAT(tenant_.answered, ElementsAre("one", "two"));
}

TEST_F(OwnershipTest, ARevokedOwnerServesUntilItSeesANewerClaim) {
  Serve();
  ownership_->Want(false);
  Accept("one");
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
  PutClaim('x');
  Accept("two");
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
  EXPECT_THAT(tenant_.refused, ElementsAre("two"));
  EXPECT_EQ(phase(), Phase::kReading);
}

}  // namespace
}  // namespace mynumber::eventsourcing
