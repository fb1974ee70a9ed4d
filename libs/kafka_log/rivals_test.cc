// Two writers on one partition of a real Kafka: requests held back and released after a takeover, a dead writer's late
// request, answers lost, requests lost, claim storms. MYNUMBER_ROUNDS says how often (3).

#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "libs/kafka_log/brokers_for_tests.h"
#include "libs/kafka_log/rival.h"
#include "libs/kafka_log/tcp_proxy.h"

namespace mynumber::kafka_log {
namespace {

using Phase = eventsourcing::Ownership::Phase;

int Rounds() {
  const char* given = std::getenv("MYNUMBER_ROUNDS");
  return given == nullptr ? 3 : std::atoi(given);
}

// One set for each number of brokers, for the whole process.
BrokersForTests& Brokers(int count) {
  static auto* const sets = new std::map<int, std::unique_ptr<BrokersForTests>>;
  auto& brokers = (*sets)[count];
  if (!brokers) brokers = std::make_unique<BrokersForTests>(count, true);
  return *brokers;
}

class Rivals : public testing::TestWithParam<int> {
 protected:
  Rivals() : prefix_(FreshPrefix()) {
    BrokersForTests& brokers = Brokers(GetParam());
    for (const auto& broker : brokers.brokers()) {
      proxies_.push_back(std::make_unique<TcpProxy>(broker.proxy_port, broker.proxied_port));
      absl::StrAppend(&proxied_, proxied_.empty() ? "" : ",", "127.0.0.1:", broker.proxy_port);
    }
    const auto log = *KafkaLog::Open(Direct());
    const absl::Status status =
        log->Declare("issuance", 1, LogRulesForTests(GetParam()), KeyRulesForTests(GetParam()));
    EXPECT_TRUE(status.ok()) << status;
    far_ = std::make_unique<Rival>("far", Proxied());
    near_ = std::make_unique<Rival>("near", Direct());
  }

  KafkaLogOptions Direct() {
    KafkaLogOptions options;
    options.brokers = Brokers(GetParam()).addresses();
    options.prefix = prefix_;
    return options;
  }
  // The far one's producers wait for so long; without end means that nothing but the test decides.
  KafkaLogOptions Proxied(bool without_end = false) {
    KafkaLogOptions options = Direct();
    options.brokers = proxied_;
    options.producer_settings["message.timeout.ms"] = without_end ? "120000" : "1500";
    if (without_end) options.producer_settings["socket.timeout.ms"] = "120000";
    return options;
  }

  // Steps both until it is so; fails the test after 30 s.
  template <class Condition>
  void Until(const Condition& is_so, const char* what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!is_so()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << what;
      const bool far_worked = far_->Step();
      if (!near_->Step() && !far_worked) std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  void For(int millis) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(millis);
    Until([&] { return std::chrono::steady_clock::now() > until; }, "time passes");
  }
  void Own(Rival* rival) {
    rival->ownership().Want(true);
    Until([&] { return rival->ownership().phase() == Phase::kServing; }, "claims");
  }
  std::string Offer(Rival* rival) {
    const std::string word = absl::StrCat("word ", ++words_);
    rival->ledger().Offer(word);
    return word;
  }
  bool Answered(Rival* rival, const std::string& word) { return rival->ledger().answered().count(word) > 0; }
  // Asks again as a client does, if it was refused, and makes the rival claim again if it was fenced.
  void Answer(Rival* rival, const std::string& word) {
    const auto is_answered = [&] {
      if (Answered(rival, word)) return true;
      if (rival->ownership().phase() == Phase::kReading) rival->ownership().Want(true);
      if (rival->ownership().serving() && !rival->ledger().waits()) rival->ledger().Offer(word);
      return false;
    };
    Until(is_answered, "answers");
  }
  template <class Change>
  void Wire(const Change& change) {
    for (auto& proxy : proxies_) change(*proxy);
  }

  size_t HeldBytes() const {
    size_t bytes = 0;
    for (const auto& proxy : proxies_) bytes += proxy->held();
    return bytes;
  }

  // Every word that was answered stands in the log once, and none twice.
  void Check() {
    std::map<std::string, int> count;
    for (const std::string& word : WordsInLog(Direct())) ++count[word];
    for (const auto& [word, times] : count) EXPECT_EQ(times, 1) << word;
    for (Rival* rival : {far_.get(), near_.get()}) {
      for (const std::string& word : rival->ledger().answered()) EXPECT_EQ(count[word], 1) << word << " was lost";
    }
    for (const std::string& word : answered_before_) EXPECT_EQ(count[word], 1) << word << " was lost";
  }

  const std::string prefix_;
  std::vector<std::unique_ptr<TcpProxy>> proxies_;
  std::string proxied_;
  // One reaches the brokers through the proxies, the other directly.
  std::unique_ptr<Rival> far_;
  std::unique_ptr<Rival> near_;
  std::set<std::string> answered_before_;
  int words_ = 0;
};

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
    Until(
        [&] {
          return proxies_[0]->held() + (proxies_.size() > 1 ? proxies_[1]->held() + proxies_[2]->held() : 0) > 200;
        },
        "the request is on its way");
    For(20);
    answered_before_.insert(far_->ledger().answered().begin(), far_->ledger().answered().end());
    far_ = std::make_unique<Rival>("far", Proxied());
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
    EXPECT_GT(far_->ownership().counts().unknown_found_written, before.unknown_found_written);
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
  }
  Check();
}

TEST_P(Rivals, AStormOfClaimsLosesNothing) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(500 * Rounds());
  for (Rival* rival = far_.get(); std::chrono::steady_clock::now() < until;
       rival = rival == far_.get() ? near_.get() : far_.get()) {
    rival->ownership().Want(true);
    if (!rival->ledger().waits()) Offer(rival);
    For(7);
  }
  Answer(far_.get(), Offer(far_.get()));
  Check();
  EXPECT_GT(far_->ownership().counts().claims + near_->ownership().counts().claims, 4u);
}

INSTANTIATE_TEST_SUITE_P(Brokers, Rivals, testing::Values(1, 3));

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
