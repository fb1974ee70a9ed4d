#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/ownership_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What became of a batch: its offset is not the next one, or nobody says.
class OwnershipOutcomeTest : public OwnershipFixture {};

// ---- Gaps

TEST_F(OwnershipOutcomeTest, AGapOfVoidRecordsOnlyIsReadAndServedOn) {
  Serve();
  PutVoid();
  Send("one");
  log_.Acknowledge();
  Run();
  EXPECT_EQ(counts().gaps, 1u);
  EXPECT_EQ(counts().void_records, 1u);
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_THAT(tenant_.rows, ElementsAre("one")) << "folded as it was read";
  EXPECT_THAT(tenant_.answered, IsEmpty()) << "decided again first";
  EXPECT_EQ(Sent().batch().commands_size(), 0) << "found in the rows: nothing to write but the proof";
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
  EXPECT_THAT(tenant_.rows, ElementsAre("one"));
}

TEST_F(OwnershipOutcomeTest, ABatchThatStandsTwiceIsClaimedBehind) {
  Serve();
  Send("one");
  log_.Write();
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kWaiting) << "it counts at another offset than was acknowledged";
  EXPECT_THAT(tenant_.answered, IsEmpty());
  Sleep();
  log_.Acknowledge();
  Run();
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
  EXPECT_THAT(tenant_.rows, ElementsAre("one"));
  EXPECT_TRUE(SameHistory(tenant_.head(), LogHead()));
}

TEST_F(OwnershipOutcomeTest, WhileTheGapIsReadNothingIsAnsweredAndNothingSent) {
  Serve();
  PutVoid();
  Send("one");
  log_.read = absl::UnavailableError("no leader");
  log_.Acknowledge();
  tenant_.waiting.push_back("two");
  Run();
  EXPECT_EQ(phase(), Phase::kReadingGap);
  EXPECT_TRUE(ownership_->serving());
  EXPECT_FALSE(log_.sent);
  EXPECT_THAT(tenant_.answered, IsEmpty());
  EXPECT_THAT(tenant_.waiting, ElementsAre("one", "two")) << "in their order";
  log_.read = absl::OkStatus();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
}

TEST_F(OwnershipOutcomeTest, ANewerClaimInTheGapEndsIt) {
  Serve();
  PutClaim('x');
  Send("one");
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kReading);
  EXPECT_EQ(counts().step_downs, 1u);
  EXPECT_THAT(tenant_.answered, IsEmpty());
  EXPECT_THAT(tenant_.refused, ElementsAre("one"));
  EXPECT_TRUE(absl::IsUnavailable(tenant_.refusal)) << "safe to send again, to the new owner";
  EXPECT_THAT(tenant_.rows, IsEmpty()) << "the batch is void";
}

TEST_F(OwnershipOutcomeTest, OnceFencedItClaimsOnlyWhenToldAnew) {
  Serve();
  PutClaim('x');
  Accept("one");
  Sleep();
  EXPECT_FALSE(log_.sent);
  EXPECT_EQ(phase(), Phase::kReading);
  ownership_->Want(true);
  Run();
  EXPECT_EQ(Sent().opened().claim_id(), ClaimId('B'));
}

TEST_F(OwnershipOutcomeTest, ClaimsOfItsOwnThatArriveLateAreNobodyElses) {
  SendClaim();
  for (int i = 0; i < 3; ++i) {
    log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
    Run();
    Sleep();
  }
  log_.Acknowledge();
  Run();
  ASSERT_EQ(phase(), Phase::kServing);
  ASSERT_EQ(tenant_.head().claim_id(), ClaimId('D'));
  // The first one was on the way all the time.
  PutClaim('A');
  Send("one");
  log_.Acknowledge();
  Run();
  EXPECT_EQ(counts().step_downs, 0u);
  EXPECT_EQ(phase(), Phase::kWaiting);
  Sleep();
  log_.Acknowledge();
  Run();
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
}

TEST_F(OwnershipOutcomeTest, AClaimOfAnotherBehindALateOneOfItsOwnCountsAsThatOthers) {
  SendClaim();
  log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
  Run();
  Sleep();
  log_.Acknowledge();
  Run();
  PutClaim('A');
  PutClaim('x');
  Accept("one");
  EXPECT_EQ(counts().step_downs, 1u);
  EXPECT_EQ(phase(), Phase::kReading);
}

TEST_F(OwnershipOutcomeTest, AnOffsetBelowTheNextOneMeansThatTheLogWasTruncated) {
  Serve();
  Accept("one");
  Truncate(1);
  Accept("two");
  EXPECT_EQ(phase(), Phase::kReading);
  EXPECT_EQ(counts().step_downs, 1u);
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
  EXPECT_THAT(tenant_.refused, ElementsAre("two"));
}

// ---- Unknown outcomes

TEST_F(OwnershipOutcomeTest, ABatchOfUnknownOutcomeThatWasWrittenIsFound) {
  Serve();
  Send("one");
  log_.Write();
  log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
  Run();
  EXPECT_EQ(phase(), Phase::kWaiting);
  EXPECT_THAT(tenant_.answered, IsEmpty());
  EXPECT_THAT(tenant_.waiting, ElementsAre("one"));
  Sleep();
  EXPECT_EQ(counts().unknown_found_written, 1u);
  EXPECT_EQ(counts().unknown_found_absent, 0u);
  EXPECT_THAT(tenant_.answered, IsEmpty()) << "not before a claim behind it was acknowledged";
  log_.Acknowledge();
  Run();
  EXPECT_EQ(Sent().batch().commands_size(), 0) << "found in the rows";
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
}

TEST_F(OwnershipOutcomeTest, ABatchOfUnknownOutcomeThatWasNotWrittenIsDecidedAgain) {
  Serve();
  Send("one");
  const std::string lost = log_.sent->record;
  log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
  Run();
  Sleep();
  EXPECT_EQ(counts().unknown_found_written, 0u);
  log_.Acknowledge();
  Run();
  EXPECT_EQ(counts().unknown_found_absent, 1u);
  EXPECT_EQ(Sent().batch().commands_size(), 1);
  // The request of the writer thrown away arrives after all: void under the newer claim.
  log_.Put(lost);
  log_.Acknowledge();
  Run();
  log_.Acknowledge();
  Run();
  EXPECT_THAT(tenant_.answered, ElementsAre("one"));
  EXPECT_THAT(tenant_.rows, ElementsAre("one"));
  EXPECT_EQ(counts().void_records, 1u);
  EXPECT_EQ(counts().unknown_found_written, 0u);
}

TEST_F(OwnershipOutcomeTest, ABatchOfUnknownOutcomeIsSupersededByAnothersClaim) {
  Serve();
  Send("one");
  const std::string lost = log_.sent->record;
  log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
  Run();
  PutClaim('x');
  log_.Put(lost);
  Sleep();
  EXPECT_EQ(counts().unknown_superseded, 1u);
  EXPECT_EQ(counts().void_records, 1u);
  EXPECT_EQ(counts().step_downs, 1u) << "it takes nothing back before it is told to";
  EXPECT_FALSE(log_.sent);
  ownership_->Want(true);
  Run();
  log_.Acknowledge();
  Run();
  EXPECT_EQ(counts().unknown_found_written + counts().unknown_found_absent, 0u) << "each is resolved once";
}

TEST_F(OwnershipOutcomeTest, WhoClaimsBackBeforeItKnowsThatItWasFencedIsToldSo) {
  Serve();
  Send("one");
  log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
  Run();
  Sleep();
  ASSERT_EQ(Sent().opened().claim_id(), ClaimId('B'));
  PutClaim('x');
  EXPECT_EQ(counts().step_downs, 0u);
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_EQ(counts().step_downs, 1u);
}

TEST_F(OwnershipOutcomeTest, AnAttemptThatFailedDoesNotHideAnothersClaim) {
  Serve();
  Send("one");
  log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
  Run();
  Sleep();
  log_.Tell(AppendResult::Kind::kUnknown, -1, absl::DeadlineExceededError("no acknowledgement"));
  Run();
  PutClaim('x');
  Sleep();
  EXPECT_EQ(counts().step_downs, 1u) << "it takes nothing back before it is told to";
  EXPECT_FALSE(log_.sent);
}

TEST_F(OwnershipOutcomeTest, ARefusedBatchIsNoUnknownOutcome) {
  Serve();
  Send("one");
  log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::ResourceExhaustedError("no space left"));
  Run();
  EXPECT_EQ(counts().unknown_outcomes, 0u);
  EXPECT_EQ(phase(), Phase::kWaiting);
  EXPECT_THAT(tenant_.waiting, ElementsAre("one"));
}

TEST_F(OwnershipOutcomeTest, AnAcknowledgementWithoutAnOffsetIsNone) {
  Serve();
  Send("one");
  log_.Write();
  log_.Tell(AppendResult::Kind::kAcknowledged, -1);
  Run();
  EXPECT_THAT(tenant_.answered, IsEmpty());
  EXPECT_EQ(counts().unknown_outcomes, 1u);
  EXPECT_EQ(phase(), Phase::kWaiting);
}

}  // namespace
}  // namespace mynumber::eventsourcing
