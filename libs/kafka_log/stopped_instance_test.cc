// Two instances, each a process, for one partition of a real Kafka: the owner is stopped (SIGSTOP) with appends under
// way, the other takes over, and the first one wakes and believes that it owns. MYNUMBER_ROUNDS says how often (3).

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "libs/kafka_log/rival_process.h"
#include "libs/kafka_log/rivals_fixture.h"

namespace mynumber::kafka_log {
namespace {

using Clock = std::chrono::steady_clock;
using Phase = eventsourcing::Ownership::Phase;

class StoppedInstance : public testing::TestWithParam<int> {
 protected:
  StoppedInstance() : brokers_(GetParam()) {
    options_.brokers = brokers_.addresses();
    options_.prefix = FreshPrefix();
    options_.producer_settings["message.timeout.ms"] = "1500";
    const auto log = *KafkaLog::Open(options_);
    const absl::Status status =
        log->Declare("issuance", 1, RulesForTests(GetParam()));
    EXPECT_TRUE(status.ok()) << status;
    for (const char* name : {"one", "other"}) instances_.push_back(std::make_unique<RivalProcess>(name, options_));
  }

  void Until(const std::function<bool()>& is_so, const char* what) {
    const auto until = Clock::now() + std::chrono::seconds(120);
    for (;; std::this_thread::sleep_for(std::chrono::microseconds(500))) {
      for (auto& instance : instances_) instance->Listen();
      if (is_so()) return;
      ASSERT_LT(Clock::now(), until) << what;
    }
  }
  void For(std::chrono::microseconds time) {
    const auto until = Clock::now() + time;
    Until([&] { return Clock::now() >= until; }, "time passes");
  }
  std::string Word() { return absl::StrCat("word-", ++words_); }
  size_t Seen() const { return std::max(instances_[0]->told().seen, instances_[1]->told().seen); }
  static bool Answered(const RivalProcess& instance, const std::string& word) {
    return instance.told().words.count(word) > 0;
  }
  // A word, and a current read that must find all that was answered until now.
  void Offer(RivalProcess* instance, const std::string& word) {
    instance->Offer(word);
    instance->Ask(Seen());
  }
  // Makes it claim as often as it is fenced.
  void Answer(RivalProcess* instance, const std::string& word) {
    Offer(instance, word);
    auto again = Clock::now();
    const auto is_answered = [&] {
      if (Answered(*instance, word)) return true;
      if (instance->phase() == Phase::kReading && Clock::now() >= again) {
        instance->Own();
        again = Clock::now() + std::chrono::milliseconds(100);
      }
      return false;
    };
    Until(is_answered, "answers");
  }

  // Stops the owner with words under way, of which the other then takes care; returns how many those were.
  size_t StopAndWake(RivalProcess* owner, RivalProcess* heir, int round) {
    Answer(owner, Word());
    const std::array<std::string, 3> under_way = {Word(), Word(), Word()};
    for (const std::string& word : under_way) {
      Offer(owner, word);
      For(std::chrono::microseconds(random_() % 6000));
    }
    owner->Stop();
    owner->Listen();
    size_t unanswered = 0;
    for (const std::string& word : under_way) unanswered += !Answered(*owner, word);
    // A client that got no answer asks the new owner for the same.
    for (const std::string& word : under_way) Answer(heir, word);
    Answer(heir, Word());
    // What waits for the old owner when it wakes, believing that it owns.
    const std::string late = Word();
    Offer(owner, late);
    // Sometimes longer than an append may take.
    if (round % 10 == 9) For(std::chrono::milliseconds(1700));
    owner->Wake();
    For(std::chrono::microseconds(random_() % 5000));
    Answer(heir, Word());
    for (const std::string& word : under_way) Answer(owner, word);
    Answer(owner, late);
    return unanswered;
  }

  void Check(size_t under_way) {
    Told told;
    eventsourcing::OwnershipCounts counts;
    for (const auto& instance : instances_) {
      told.Add(instance->told());
      Add(instance->counts(), &counts);
    }
    told.Check(WordsInLog(options_));
    std::printf(
        "%d brokers, %d stops: %zu words answered, %zu current reads; %zu words under way when the owner was "
        "stopped; %zu claims, %zu void records; of unknown outcome %zu, of these batches found written %zu, absent "
        "%zu\n",
        GetParam(), Rounds(), told.words.size(), told.reads.size(), under_way, counts.claims, counts.void_records,
        counts.unknown_outcomes, counts.unknown_found_written, counts.unknown_found_absent);
    EXPECT_GT(counts.void_records, 0u) << "nobody woke as a former owner: nothing was shown";
  }

  BrokersForTests brokers_;
  KafkaLogOptions options_;
  std::vector<std::unique_ptr<RivalProcess>> instances_;
  std::mt19937 random_{std::random_device{}()};
  int words_ = 0;
};

TEST_P(StoppedInstance, AnOwnerThatWakesAnswersNobodyFromThePast) {
  size_t under_way = 0;
  for (int round = 0; round < Rounds() && !HasFailure(); ++round) {
    RivalProcess* owner = instances_[static_cast<size_t>(round % 2)].get();
    owner->BringKeys(round % 4 < 2);
    under_way += StopAndWake(owner, instances_[static_cast<size_t>(1 - round % 2)].get(), round);
  }
  Check(under_way);
}

INSTANTIATE_TEST_SUITE_P(Brokers, StoppedInstance, testing::Values(1, 3));

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
