#include "libs/cluster/claimer.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mynumber::cluster {
namespace {

using Phase = eventsourcing::Ownership::Phase;

constexpr int64_t kMillis = 1000;

// One partition of one service, seen by the standby "here"; "there" owns it.
class ClaimerTest : public ::testing::Test {
 protected:
  ClaimerTest() {
    options_.service = "card";
    options_.instance = "here";
    options_.partition_count = 1;
    seen_.has_caught_up = true;
    ClaimOf("there", "claim 1");
    peer_.is_connected = peer_.was_connected = true;
    Restart();
  }

  void Restart() {
    Claimer::Around around;
    around.want = [this](uint32_t, bool own) {
      ++(own ? claims_ : revocations_);
      seen_.wanted = own;
    };
    around.see = [this](const std::string& address) {
      asked_ = address;
      return peer_;
    };
    around.random = [](int64_t below) { return below / 2; };
    if (rank_ >= 0) around.rank = [this](uint32_t) { return rank_; };
    around.took_over = [this](int64_t micros) { took_over_micros_ = micros; };
    claimer_ = std::make_unique<Claimer>(options_, around);
  }

  void ClaimOf(const std::string& instance, const std::string& claim) {
    seen_.head.set_owner_instance(instance);
    seen_.head.set_owner_address(instance + ":1");
    seen_.head.set_claim_id(claim);
  }
  void Serve() {
    ClaimOf("here", "claim of here");
    seen_.phase = Phase::kServing;
  }
  void Fence() {
    ClaimOf("there", "claim 3");
    seen_.phase = Phase::kReading;
    seen_.wanted = false;
  }
  void Tick(int64_t micros) {
    now_micros_ += micros;
    claimer_->Tick({seen_}, now_micros_, is_leaving_);
  }
  void Lose() {
    peer_.is_connected = false;
    peer_.lost_micros = now_micros_;
  }

  ClaimerOptions options_;
  runtime::PartitionSnapshot seen_;
  PeerSeen peer_;
  // Below 0: all stand by.
  int rank_ = -1;
  bool is_leaving_ = false;
  int64_t now_micros_ = 1'000'000'000;
  int claims_ = 0;
  int revocations_ = 0;
  int64_t took_over_micros_ = -1;
  std::string asked_;
  std::unique_ptr<Claimer> claimer_;
};

TEST_F(ClaimerTest, AStandbyOfALivingOwnerClaimsNothing) {
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
  EXPECT_EQ(asked_, "there:1");
}

TEST_F(ClaimerTest, WhatTheGroupAssignsIsClaimedOnce) {
  claimer_->Told(0, true);
  Tick(0);
  EXPECT_EQ(claims_, 1);
  seen_.wanted = false;
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1) << "fenced, it waits until the group says so anew";
  claimer_->Told(0, true);
  Tick(0);
  EXPECT_EQ(claims_, 2);
}

TEST_F(ClaimerTest, WhatTheGroupTakesBackIsServedOnUntilAnotherClaims) {
  claimer_->Told(0, true);
  Tick(0);
  Serve();
  claimer_->Told(0, false);
  Tick(20 * kMillis);
  EXPECT_EQ(revocations_, 1);
  Fence();
  Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

TEST_F(ClaimerTest, ALostOwnerIsReplacedWithinAFewHundredMillis) {
  Lose();
  Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0) << "it may only be a connection that is made anew";
  for (int i = 0; i < 15 && claims_ == 0; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
  EXPECT_LE(now_micros_ - peer_.lost_micros, 300 * kMillis);
  Serve();
  Tick(20 * kMillis);
  EXPECT_EQ(took_over_micros_, now_micros_ - peer_.lost_micros);
}

TEST_F(ClaimerTest, WhoIsAssignedGoesFirst) {
  claimer_->Told(0, true);
  Tick(0);
  seen_.wanted = false;
  Lose();
  Tick(40 * kMillis);
  EXPECT_EQ(claims_, 2);
}

TEST_F(ClaimerTest, AnotherStandbysClaimEndsTheWait) {
  Lose();
  Tick(40 * kMillis);
  ClaimOf("third", "claim 2");
  peer_ = PeerSeen{true, true, 0, {}};
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
  EXPECT_EQ(asked_, "third:1");
}

TEST_F(ClaimerTest, AnOwnerThatIsBackIsLeftAlone) {
  Lose();
  Tick(40 * kMillis);
  peer_ = PeerSeen{true, true, 0, {}};
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
}

TEST_F(ClaimerTest, WhoWasNeverReachedIsGivenLonger) {
  peer_ = PeerSeen{};
  peer_.lost_micros = now_micros_;
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

TEST_F(ClaimerTest, AnOwnerThatLeavesIsReplacedThoughItLives) {
  peer_.leaving = {"hotline"};
  for (int i = 0; i < 30; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0) << "it leaves another service";
  peer_.leaving = {"card"};
  for (int i = 0; i < 30; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

TEST_F(ClaimerTest, APartitionThatStoppedAtItsOwnerIsTakenOverAlone) {
  peer_.leaving = {"card/1", "hotline/0"};
  for (int i = 0; i < 30; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0) << "another partition has stopped there, and one of another service";
  peer_.leaving = {"card/0"};
  for (int i = 0; i < 30; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

TEST_F(ClaimerTest, WhatStoppedAtItsOwnerAndHereIsLeftToThirds) {
  seen_.stopped = absl::UnimplementedError("an unknown event");
  peer_.leaving = {"card/0"};
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
}

TEST_F(ClaimerTest, WhoTakesOverAStoppedPartitionIsLeftAlone) {
  peer_.leaving = {"card/0"};
  Tick(20 * kMillis);
  ClaimOf("third", "claim 2");
  peer_.leaving = {};
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
}

TEST_F(ClaimerTest, OwnClaimsOfBeforeARestartAreClaimedAgain) {
  ClaimOf("here", "claim of a former life");
  seen_.has_caught_up = false;
  Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
  seen_.has_caught_up = true;
  Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

TEST_F(ClaimerTest, AnOwnClaimThatTheGroupTookBackBeforeItWasMadeIsMadeAfterASecond) {
  ClaimOf("here", "claim of a former life");
  Tick(20 * kMillis);
  claimer_->Told(0, false);
  Tick(20 * kMillis);
  EXPECT_EQ(revocations_, 1);
  for (int i = 0; i < 60 && claims_ < 2; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 2) << "nobody else serves it";
}

TEST_F(ClaimerTest, WhoWasReplacedDoesNotClaimBeforeItsRowsSaySo) {
  claimer_->Told(0, true);
  Tick(0);
  Serve();
  claimer_->Told(0, false);
  Tick(20 * kMillis);
  seen_.phase = Phase::kReading;
  seen_.wanted = false;
  for (int i = 0; i < 40; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
  Fence();
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

TEST_F(ClaimerTest, WhatTheGroupGivesBackWhileItIsServedIsWantedAgain) {
  claimer_->Told(0, true);
  Tick(0);
  Serve();
  claimer_->Told(0, false);
  Tick(20 * kMillis);
  claimer_->Told(0, true);
  Tick(20 * kMillis);
  EXPECT_EQ(claims_, 2);
  EXPECT_TRUE(seen_.wanted);
}

TEST_F(ClaimerTest, WhoLeavesClaimsNothingAndWantsNothing) {
  claimer_->Told(0, true);
  Tick(0);
  Serve();
  is_leaving_ = true;
  Tick(20 * kMillis);
  EXPECT_EQ(revocations_, 1);
  Fence();
  Lose();
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

TEST_F(ClaimerTest, WhatTheGroupWantsHereAndAnotherServesIsClaimedInTheEnd) {
  claimer_->Told(0, true);
  Tick(0);
  Fence();
  for (int i = 0; i < 900; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
  for (int i = 0; i < 200; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 2);
}

TEST_F(ClaimerTest, AStoppedPartitionIsNotClaimed) {
  seen_.stopped = absl::UnimplementedError("an unknown event");
  claimer_->Told(0, true);
  Lose();
  for (int i = 0; i < 100; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
}

TEST_F(ClaimerTest, BeforeTheFirstClaimOnlyTheGroupDecides) {
  ClaimOf("", "");
  Lose();
  for (int i = 0; i < 300; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 0);
  claimer_->Told(0, true);
  Tick(0);
  EXPECT_EQ(claims_, 1);
}

// ---- Of instances that follow only what they own

TEST_F(ClaimerTest, WhoeverComesFirstByRankClaimsSoon) {
  rank_ = 0;
  Restart();
  Tick(20 * kMillis);
  Lose();
  for (int i = 0; i < 15; ++i) Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

TEST_F(ClaimerTest, TheOthersLeaveItTimeToBringTheRows) {
  rank_ = 2;
  Restart();
  Tick(20 * kMillis);
  Lose();
  Tick(100 * kMillis);
  Tick(2 * options_.rank_micros - 100 * kMillis);
  EXPECT_EQ(claims_, 0);
  Tick(options_.spread_micros + 100 * kMillis);
  EXPECT_EQ(claims_, 1) << "whoever was to come first has not";
}

TEST_F(ClaimerTest, TheOneThatTheGroupChoosesWaitsForNoRank) {
  rank_ = 2;
  Restart();
  Tick(20 * kMillis);
  Lose();
  Tick(100 * kMillis);
  claimer_->Told(0, true);
  Tick(20 * kMillis);
  EXPECT_EQ(claims_, 1);
}

}  // namespace
}  // namespace mynumber::cluster
