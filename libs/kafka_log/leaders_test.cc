// Two writers on one partition of a real Kafka whose leader is paused, or cut off from its peers while clients still
// reach it. MYNUMBER_ROUNDS says how often (1).

#include "libs/kafka_log/rivals_fixture.h"

namespace mynumber::kafka_log {
namespace {

class Leaders : public RivalsTest {
 protected:
  int Leader(int told_by) { return Brokers().LeaderOf(prefix_ + ".issuance", told_by); }
  // Waits until there is one whom all brokers name.
  int Leader() {
    int leader = 0;
    const auto agreed = [&] {
      leader = Leader(1);
      for (int broker = 2; broker <= GetParam(); ++broker) {
        if (Leader(broker) != leader) return false;
      }
      return leader > 0;
    };
    Until(agreed, "the brokers agree");
    return leader;
  }
  // Words and current reads for both, so that there is always something under way.
  void Busy(int millis) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(millis);
    while (std::chrono::steady_clock::now() < until) {
      for (Rival* rival : {far_.get(), near_.get()}) {
        if (!rival->ledger().waits()) Offer(rival);
      }
      For(2);
    }
  }
  void AnswerBoth() {
    Answer(far_.get(), Offer(far_.get()));
    Answer(near_.get(), Offer(near_.get()));
  }
};

TEST_P(Leaders, ALeaderThatIsPausedAndWakesChangesNothing) {
  for (int round = 0; round < Rounds(1); ++round) {
    far_->ledger().BringKeys(round % 2 == 1);
    const int leader = Leader();
    Own(far_.get());
    Answer(far_.get(), Offer(far_.get()));
    Busy(round % 7);
    Offer(far_.get());
    Brokers().Pause(leader);
    if (GetParam() > 1) {
      // Another broker leads while this one sleeps with requests in its sockets.
      Own(near_.get());
      Answer(near_.get(), Offer(near_.get()));
    } else {
      // Longer than a record may take.
      For(2000);
    }
    Ask(far_.get());
    Brokers().Resume(leader);
    Busy(20);
    AnswerBoth();
  }
  Check();
}

TEST_P(Leaders, ALeaderThatIsCutOffFromItsPeersAnswersNobodyFromThePast) {
  if (GetParam() == 1) GTEST_SKIP() << "it has no peers";
  size_t old_leader_still_led = 0;
  for (int round = 0; round < Rounds(1); ++round) {
    far_->ledger().BringKeys(round % 2 == 1);
    const int leader = Leader();
    Own(far_.get());
    Answer(far_.get(), Offer(far_.get()));
    Brokers().Isolate(leader);
    // The far one lives on this side of the cut, and reaches only that leader.
    for (int broker = 1; broker <= GetParam(); ++broker) {
      if (broker != leader) proxies_[static_cast<size_t>(broker - 1)]->Cut();
    }
    Offer(far_.get());
    Own(near_.get());
    const std::string word = Offer(near_.get());
    Answer(near_.get(), word);
    old_leader_still_led += Leader(leader) == leader;
    const size_t reads = far_->ledger().told().reads.size();
    far_->ownership().Want(true);
    Ask(far_.get());
    Busy(100);
    EXPECT_EQ(far_->ledger().told().reads.size(), reads) << "it cannot know";
    Brokers().Rejoin();
    Wire([](TcpProxy& proxy) { proxy.Pass(); });
    AnswerBoth();
  }
  Check();
  EXPECT_GT(old_leader_still_led, 0u) << "no leader was cut off: nothing was shown";
}

// Its producer alone would wait for two minutes.
TEST_P(Leaders, WhatLiesAtALeaderThatLeadsNoMoreIsGivenUp) {
  if (GetParam() == 1) GTEST_SKIP() << "nobody else leads";
  ReplaceFar(Proxied(true));
  for (const bool brings_keys : {false, true}) {
    far_->ledger().BringKeys(brings_keys);
    const int leader = Leader();
    Own(far_.get());
    Answer(far_.get(), Offer(far_.get()));
    Brokers().Isolate(leader);
    const auto begin = std::chrono::steady_clock::now();
    Answer(far_.get(), Offer(far_.get()));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
    Brokers().Rejoin();
  }
  EXPECT_GT(far_->ownership().counts().unknown_outcomes, 0u);
  Check();
}

INSTANTIATE_TEST_SUITE_P(Brokers, Leaders, testing::Values(1, 3));

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
