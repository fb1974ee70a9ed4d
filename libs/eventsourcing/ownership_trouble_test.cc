#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/eventsourcing/ownership_fixture.h"

namespace mynumber::eventsourcing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What fails around an owner, and for how long.
class OwnershipTroubleTest : public OwnershipFixture {};

// ---- Waiting

TEST_F(OwnershipTroubleTest, EachFailureWaitsTwiceAsLongUpToALimitAndASuccessForgetsThem) {
  jitter_ = 128;  // Three quarters of the wait.
  SendClaim();
  std::vector<int64_t> waits;
  for (int i = 0; i < 9; ++i) {
    log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::UnavailableError("no leader"));
    Run();
    const int64_t start = now_micros_;
    while (phase() == Phase::kWaiting) {
      now_micros_ += 1000;
      Run();
    }
    waits.push_back((now_micros_ - start) / 1000);
  }
  EXPECT_THAT(waits, ElementsAre(15, 30, 60, 120, 240, 480, 960, 1500, 1500));
  log_.Acknowledge();
  Run();
  Accept("one");
  Send("two");
  log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::UnavailableError("no leader"));
  Run();
  now_micros_ += 15'000;
  Run();
  EXPECT_EQ(phase(), Phase::kClaiming);
}

TEST_F(OwnershipTroubleTest, TheWaitIsBetweenHalfOfItAndAll) {
  for (const auto& [jitter, millis] : {std::pair{0, 10}, std::pair{255, 20}}) {
    jitter_ = static_cast<uint8_t>(jitter);
    Restart();
    SendClaim();
    log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::UnavailableError("no leader"));
    Run();
    now_micros_ += (millis - 1) * 1000;
    Run();
    EXPECT_EQ(phase(), Phase::kWaiting);
    now_micros_ += 1000;
    Run();
    EXPECT_EQ(phase(), Phase::kClaiming);
    log_.NewWriter().IgnoreError();
  }
}

TEST_F(OwnershipTroubleTest, AClockThatIsSetBackDoesNotProlongTheWait) {
  now_micros_ = 10'000'000'000;
  SendClaim();
  log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::UnavailableError("no leader"));
  Run();
  ASSERT_EQ(phase(), Phase::kWaiting);
  now_micros_ -= 3'600'000'000;
  Run();
  Sleep();
  EXPECT_EQ(phase(), Phase::kClaiming);
}

TEST_F(OwnershipTroubleTest, ShortTroubleIsWaitedOutAndLongTroubleIsTold) {
  Serve();
  Send("one");
  for (int failures = 1; failures <= 6; ++failures) {
    log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::UnavailableError("no leader"));
    Run();
    EXPECT_TRUE(ownership_->serving_soon()) << failures;
    EXPECT_THAT(tenant_.refused, IsEmpty()) << failures;
    Sleep();
  }
  log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::UnavailableError("no leader"));
  Run();
  EXPECT_FALSE(ownership_->serving_soon());
  EXPECT_THAT(tenant_.refused, ElementsAre("one"));
  EXPECT_TRUE(absl::IsUnavailable(tenant_.refusal));
}

TEST_F(OwnershipTroubleTest, AFullDiskIsToldAsSuch) {
  options_.retry_millis = 1000;
  Restart();
  Serve();
  Send("one");
  log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::ResourceExhaustedError("no space left"));
  Run();
  EXPECT_THAT(tenant_.refused, ElementsAre("one"));
  EXPECT_TRUE(absl::IsResourceExhausted(tenant_.refusal));
}

TEST_F(OwnershipTroubleTest, WhoIsRevokedWhileItWaitsOnlyFollows) {
  Serve();
  Send("one");
  log_.Tell(AppendResult::Kind::kNotWritten, -1, absl::UnavailableError("no leader"));
  Run();
  ownership_->Want(false);
  Sleep();
  EXPECT_EQ(phase(), Phase::kReading);
  EXPECT_FALSE(log_.sent);
  EXPECT_THAT(tenant_.refused, ElementsAre("one"));
}

// ---- Rows that cannot be written

TEST_F(OwnershipTroubleTest, AFullDiskAtCommitAnswersNobodyAndLosesNothing) {
  Serve();
  Send("one");
  tenant_.commit = tenant_.flush = absl::ResourceExhaustedError("no space left");
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kWaiting);
  EXPECT_TRUE(absl::IsResourceExhausted(ownership_->trouble()));
  EXPECT_THAT(tenant_.answered, IsEmpty());
  for (int i = 0; i < 5; ++i) Sleep();
  EXPECT_THAT(tenant_.answered, IsEmpty());
  EXPECT_EQ(counts().claims, 1u) << "who cannot take in what stands there does not claim";
  tenant_.commit = tenant_.flush = absl::OkStatus();
  Sleep();
  EXPECT_THAT(tenant_.rows, ElementsAre("one")) << "read from the log";
  log_.Acknowledge();
  Run();
  EXPECT_EQ(phase(), Phase::kServing);
  EXPECT_TRUE(ownership_->trouble().ok());
}

TEST_F(OwnershipTroubleTest, AFollowerWithAFullDiskGoesOnWhenThereIsRoom) {
  PutClaim('x');
  PutBatch("one");
  tenant_.flush = absl::ResourceExhaustedError("no space left");
  Run();
  EXPECT_THAT(tenant_.rows, IsEmpty());
  tenant_.flush = absl::OkStatus();
  Sleep();
  EXPECT_THAT(tenant_.rows, ElementsAre("one"));
}

// ---- Stopping

TEST_F(OwnershipTroubleTest, AClaimUnderOtherSettingsStopsThePartition) {
  const struct {
    std::function<void(eventlog::v1::ClusterSettings*)> change;
    std::string says;
  } kCases[] = {
      {[](auto* settings) { settings->set_service("card"); }, "this log belongs to the service 'card'"},
      {[](auto* settings) { settings->set_partition_count(32); }, "created with 32 partitions"},
      {[](auto* settings) { settings->set_identifier_key_fingerprint("another"); }, "another key of the numbers"},
  };
  for (const auto& a_case : kCases) {
    log_.records.clear();
    Record claim = TheirClaim('x');
    a_case.change(claim.mutable_opened()->mutable_settings());
    log_.Put(claim.SerializeAsString());
    Restart();
    tenant_.waiting = {"one"};
    ownership_->Want(true);
    Run();
    EXPECT_EQ(phase(), Phase::kStopped);
    EXPECT_TRUE(absl::IsFailedPrecondition(ownership_->stopped()));
    EXPECT_THAT(std::string(ownership_->stopped().message()), HasSubstr(a_case.says));
    EXPECT_EQ(tenant_.refusal, ownership_->stopped());
    EXPECT_FALSE(log_.sent);
  }
}

TEST_F(OwnershipTroubleTest, WhatTimeCannotHealStopsForGood) {
  for (const absl::Status& status :
       {absl::UnimplementedError("an unknown event"), absl::DataLossError("a key is missing"),
        absl::FailedPreconditionError("other rows"), absl::NotFoundError("no master key")}) {
    Restart();
    log_.records.clear();
    PutClaim('x');
    PutBatch("one");
    tenant_.fold = status;
    Run();
    EXPECT_EQ(phase(), Phase::kStopped);
    EXPECT_EQ(ownership_->stopped(), status);
    tenant_.fold = absl::OkStatus();
    tenant_.waiting = {"two"};
    Sleep();
    EXPECT_EQ(phase(), Phase::kStopped);
    EXPECT_THAT(tenant_.waiting, IsEmpty()) << "refused at every step";
  }
}

TEST_F(OwnershipTroubleTest, ABrokenChainStopsAndChangesNothing) {
  PutClaim('x');
  PutBatch("one");
  Record forged = NextBatch(LogHead(), "forged");
  forged.mutable_batch()->set_running_hash(std::string(32, 'f'));
  log_.Put(forged.SerializeAsString());
  Run();
  EXPECT_EQ(phase(), Phase::kStopped);
  EXPECT_TRUE(absl::IsDataLoss(ownership_->stopped()));
  EXPECT_THAT(std::string(ownership_->stopped().message()), HasSubstr("the record at offset 2"));
  EXPECT_THAT(tenant_.rows, ElementsAre("one"));
  EXPECT_EQ(tenant_.start_overs, 0) << "the rows may be the only copy";
}

TEST_F(OwnershipTroubleTest, RowsThatCannotBeginAnewStop) {
  PutClaim('x');
  PutBatch("lost");
  Run();
  Truncate(0);
  PutClaim('y');
  PutClaim('z');
  PutClaim('w');
  tenant_.start_over = absl::PermissionDeniedError("cannot move the folder");
  Run();
  EXPECT_EQ(phase(), Phase::kStopped);
  EXPECT_EQ(ownership_->stopped(), tenant_.start_over);
}

}  // namespace
}  // namespace mynumber::eventsourcing
