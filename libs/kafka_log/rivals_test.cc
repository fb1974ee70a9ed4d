// Two writers on one partition of a real Kafka: requests held back and released after a takeover, a dead writer's late
// request, answers lost, requests lost, claim storms. MYNUMBER_ROUNDS says how often (3).

#include "libs/kafka_log/rivals_fixture.h"

namespace mynumber::kafka_log {
namespace {

using Rivals = RivalsTest;

TEST_P(Rivals, AWriterWhoseRequestsWereHeldBackNeverAnswers) {
  far_ = std::make_unique<Rival>("far", Proxied(true));
  for (int round = 0; round < Rounds(); ++round) {
    far_->ledger().BringKeys(round % 2 == 1);
    Own(far_.get());
    Answer(far_.get(), Offer(far_.get()));
    Wire([](TcpProxy& proxy) { proxy.HoldRequests(); });
    const std::string held = Offer(far_.get());
    For(20);
    Own(near_.get());
    Answer(near_.get(), Offer(near_.get()));
    Ask(far_.get());
    Wire([](TcpProxy& proxy) { proxy.Pass(); });
    Until([&] { return far_->ownership().phase() == Phase::kReading && !far_->ledger().waits(); }, "steps down");
    EXPECT_FALSE(Answered(far_.get(), held));
    Answer(near_.get(), Offer(near_.get()));
  }
  Check();
  EXPECT_GT(near_->ownership().counts().void_records, 0u) << "no late record arrived: nothing was shown";
}

TEST_P(Rivals, ADeadWritersLateRequestIsVoid) {
  for (int round = 0; round < Rounds(); ++round) {
    far_->ledger().BringKeys(round % 2 == 1);
    Own(far_.get());
    Answer(far_.get(), Offer(far_.get()));
    Wire([](TcpProxy& proxy) { proxy.HoldRequests(); });
    Offer(far_.get());
    Until([&] { return HeldBytes() > 200; }, "the request is on its way");
    For(20);
    ReplaceFar(Proxied());
    Own(near_.get());
    Answer(near_.get(), Offer(near_.get()));
    Wire([](TcpProxy& proxy) { proxy.Pass(); });
    For(50);
    Answer(near_.get(), Offer(near_.get()));
  }
  Check();
  EXPECT_GT(near_->ownership().counts().void_records, 0u) << "no late record arrived: nothing was shown";
}

TEST_P(Rivals, AnUnknownOutcomeThatWasWrittenIsFound) {
  far_->ledger().BringKeys(false);
  Own(far_.get());
  for (int round = 0; round < Rounds(); ++round) {
    Answer(far_.get(), Offer(far_.get()));
    const auto before = far_->ownership().counts();
    Wire([](TcpProxy& proxy) { proxy.LoseAnswers(); });
    const std::string word = Offer(far_.get());
    For(300);
    EXPECT_FALSE(Answered(far_.get(), word));
    Wire([](TcpProxy& proxy) { proxy.Cut(); });
    Until([&] { return far_->ownership().counts().unknown_outcomes > before.unknown_outcomes; }, "times out");
    Wire([](TcpProxy& proxy) { proxy.Pass(); });
    Answer(far_.get(), word);
    EXPECT_EQ(far_->ownership().counts().unknown_found_written, before.unknown_found_written + 1);
  }
  Check();
}

TEST_P(Rivals, AnUnknownOutcomeThatWasNotWrittenIsDecidedAgain) {
  Own(far_.get());
  for (int round = 0; round < Rounds(); ++round) {
    far_->ledger().BringKeys(round % 2 == 1);
    Answer(far_.get(), Offer(far_.get()));
    const auto before = far_->ownership().counts();
    Wire([](TcpProxy& proxy) { proxy.HoldRequests(); });
    const std::string word = Offer(far_.get());
    For(300);
    Wire([](TcpProxy& proxy) { proxy.Cut(); });
    Until([&] { return far_->ownership().phase() == Phase::kWaiting; }, "times out");
    Wire([](TcpProxy& proxy) { proxy.Pass(); });
    Answer(far_.get(), word);
    EXPECT_EQ(far_->ownership().counts().unknown_found_written, before.unknown_found_written);
    EXPECT_GE(far_->ownership().counts().unknown_found_absent, before.unknown_found_absent);
  }
  Check();
}

TEST_P(Rivals, AStormOfClaimsLosesNothing) {
  const size_t claims = 10u * static_cast<size_t>(Rounds());
  Rival* rival = far_.get();
  const auto storm = [&] {
    For(7);
    rival = rival == far_.get() ? near_.get() : far_.get();
    rival->ownership().Want(true);
    if (!rival->ledger().waits()) Offer(rival);
    return Counts().claims >= claims;
  };
  for (size_t round = 0; !storm() && round < 1000 * claims; ++round) {
  }
  Answer(far_.get(), Offer(far_.get()));
  Check();
  EXPECT_GE(Counts().claims, claims);
}

INSTANTIATE_TEST_SUITE_P(Brokers, Rivals, testing::Values(1, 3));

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
