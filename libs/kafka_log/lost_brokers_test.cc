// All brokers go, and come back elsewhere: clients are made anew that have had none for long.

#include <chrono>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "libs/kafka_log/brokers_for_tests.h"
#include "libs/kafka_log/rival.h"
#include "libs/kafka_log/tcp_proxy.h"
#include "nlohmann/json.hpp"

namespace mynumber::kafka_log {
namespace {

using Phase = eventsourcing::Ownership::Phase;

// One broker behind an address that stays, which is the one that clients are given, and one that it advertises.
class LostBrokers : public testing::Test {
 protected:
  LostBrokers() : brokers_(1, "--proxied"), broker_(brokers_.brokers()[0]), advertised_(broker_.proxy_port) {
    KafkaLogOptions options;
    options.brokers = brokers_.addresses();
    options.prefix = FreshPrefix();
    const absl::Status status =
        (*KafkaLog::Open(options))->Declare("issuance", 1, RulesForTests(1));
    EXPECT_TRUE(status.ok()) << status;
    direct_ = options;
    Connect();
    options.brokers = absl::StrCat("127.0.0.1:", kept_);
    options.statistics = [this](const std::string&, int32_t partition, const std::string& json) {
      if (partition < 0) return;
      std::lock_guard<std::mutex> lock(mutex_);
      producer_ = nlohmann::json::parse(json)["name"];
    };
    rival_ = std::make_unique<Rival>("far", options);
  }

  void Connect() {
    given_ = std::make_unique<TcpProxy>(kept_, broker_.proxied_port);
    learned_ = std::make_unique<TcpProxy>(advertised_, broker_.proxied_port);
  }
  void Go() {
    given_.reset();
    learned_.reset();
    brokers_.Kill(1);
  }
  // The given address leads to it as before; what clients had learned leads nowhere.
  void ComeBackElsewhere() {
    const std::string path = broker_.data + "/../server.properties";
    std::ostringstream settings;
    settings << std::ifstream(path).rdbuf();
    const int former = std::exchange(advertised_, FreePort());
    std::ofstream(path) << absl::StrReplaceAll(
        settings.str(), {{absl::StrCat("127.0.0.1:", former), absl::StrCat("127.0.0.1:", advertised_)}});
    brokers_.Up();
    Connect();
  }

  template <class Condition>
  void Until(const Condition& is_so, const char* what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (!is_so()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << what;
      if (!rival_->Step()) std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
  }
  void For(std::chrono::seconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    Until([&] { return std::chrono::steady_clock::now() > until; }, "time passes");
  }
  // Asks again as a client does that was refused.
  void Answer(const std::string& word) {
    Until(
        [&] {
          if (rival_->ledger().told().words.count(word) > 0) return true;
          if (!rival_->ledger().waits() && rival_->ownership().serving()) rival_->ledger().Offer(word);
          return false;
        },
        "answers");
  }
  // librdkafka's name of the one that told of itself last.
  std::string Producer() {
    std::lock_guard<std::mutex> lock(mutex_);
    return producer_;
  }
  const eventsourcing::OwnershipCounts& counts() const { return rival_->ownership().counts(); }

  BrokersForTests brokers_;
  const BrokersForTests::Broker broker_;
  int kept_ = FreePort();
  int advertised_;
  std::unique_ptr<TcpProxy> given_, learned_;
  KafkaLogOptions direct_;
  std::mutex mutex_;
  std::string producer_;
  std::unique_ptr<Rival> rival_;
};

TEST_F(LostBrokers, AnIdleProducerIsMadeAnewBeforeItIsNeeded) {
  rival_->ownership().Want(true);
  Answer("one");
  Until([&] { return !Producer().empty(); }, "tells of itself");
  const std::string former = Producer();
  Go();
  For(std::chrono::seconds(2));
  ComeBackElsewhere();
  Until([&] { return Producer() != former; }, "is made anew");
  Answer("two");
  EXPECT_EQ(counts().claims, 1u) << "nothing failed";
  EXPECT_EQ(counts().unknown_outcomes, 0u);
  EXPECT_EQ(WordsInLog(direct_), (std::vector<std::string>{"one", "two"}));
}

TEST_F(LostBrokers, WhoIsBusyGoesOnAfterALongTimeWithout) {
  rival_->ownership().Want(true);
  Answer("one");
  Go();
  rival_->ledger().Offer("two");
  For(std::chrono::seconds(15));
  EXPECT_FALSE(rival_->ledger().told().words.count("two"));
  EXPECT_FALSE(rival_->ownership().serving()) << "an append has failed by now";
  ComeBackElsewhere();
  Answer("two");
  EXPECT_GT(counts().claims, 1u);
  EXPECT_EQ(WordsInLog(direct_), (std::vector<std::string>{"one", "two"}));
}

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
