// An owner whose clock is not the broker's, on a real broker: the time is the broker's own (LogAppendTime).

#include <chrono>
#include <thread>

#include "gtest/gtest.h"
#include "libs/kafka_log/brokers_for_tests.h"
#include "libs/kafka_log/rival.h"

namespace mynumber::kafka_log {
namespace {

using Phase = eventsourcing::Ownership::Phase;

constexpr int64_t kMinute = 60'000'000;

int64_t WallMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class WrongClock : public testing::Test {
 protected:
  WrongClock() {
    KafkaLogOptions options;
    options.brokers = SharedBroker();
    options.prefix = FreshPrefix();
    const absl::Status status =
        (*KafkaLog::Open(options))->Declare("issuance", 1, RulesForTests(1));
    EXPECT_TRUE(status.ok()) << status;
    rival_ = std::make_unique<Rival>("rival", options);
    options_ = options;
  }

  template <class Condition>
  void Until(const Condition& is_so, const char* what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_so()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << what;
      if (!rival_->Step()) std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  void UntilPhase(Phase phase) {
    Until([&] { return rival_->ownership().phase() == phase; }, "reaches a phase");
  }
  void Answer(const std::string& word) {
    rival_->ledger().Offer(word);
    Until([&] { return rival_->ledger().told().words.count(word) > 0; }, "answers");
  }
  const eventsourcing::OwnershipCounts& counts() const { return rival_->ownership().counts(); }

  KafkaLogOptions options_;
  std::unique_ptr<Rival> rival_;
};

TEST_F(WrongClock, ARightOneServesAndIsFoundRight) {
  rival_->ownership().Want(true);
  UntilPhase(Phase::kServing);
  Answer("one");
  EXPECT_EQ(counts().clock_step_downs, 0u);
}

TEST_F(WrongClock, EndsServingAndTheRightOneServesAgain) {
  rival_->ownership().Want(true);
  UntilPhase(Phase::kServing);
  Answer("one");
  for (int64_t ahead : {kMinute, -kMinute}) {
    rival_->clock_ahead_micros = ahead;
    rival_->ledger().Offer("with a wrong clock");
    UntilPhase(Phase::kReading);
    EXPECT_FALSE(rival_->ledger().waits()) << "refused";
    const std::string trouble(rival_->ownership().trouble().message());
    EXPECT_NE(trouble.find(ahead > 0 ? "s ahead of that of the log" : "s behind that of the log"), std::string::npos)
        << trouble;
    const uint64_t claims = counts().claims;
    for (int i = 0; i < 500; ++i) {
      rival_->ownership().Want(true);
      rival_->Step();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_EQ(rival_->ownership().phase(), Phase::kReading) << "does not claim again";
    rival_->clock_ahead_micros = 0;
    UntilPhase(Phase::kServing);
    EXPECT_EQ(counts().claims, claims + 1);
  }
  Answer("two");
  EXPECT_EQ(WordsInLog(options_), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(counts().clock_step_downs, 2u);
}

TEST_F(WrongClock, FromTheStartItNeitherServesNorMovesTheTimeOfThePartition) {
  rival_->clock_ahead_micros = 60 * kMinute;
  rival_->ownership().Want(true);
  Until([&] { return counts().clock_step_downs > 0; }, "notices");
  EXPECT_LT(rival_->ledger().head().time_micros(), WallMicros() + kMinute);
  rival_->clock_ahead_micros = 0;
  UntilPhase(Phase::kServing);
  Answer("one");
}

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
