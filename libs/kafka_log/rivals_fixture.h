#ifndef MYNUMBER_LIBS_KAFKA_LOG_RIVALS_FIXTURE_H_
#define MYNUMBER_LIBS_KAFKA_LOG_RIVALS_FIXTURE_H_

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "libs/kafka_log/brokers_for_tests.h"
#include "libs/kafka_log/rival.h"
#include "libs/kafka_log/tcp_proxy.h"

namespace mynumber::kafka_log {

// How often a test does what it does: MYNUMBER_ROUNDS, or as usual.
inline int Rounds(int usual = 3) {
  const char* given = std::getenv("MYNUMBER_ROUNDS");
  return given == nullptr ? usual : std::atoi(given);
}

// Two rivals for one partition of real brokers; the parameter says how many. `far_` reaches them through proxies that
// the test may hold and cut, `near_` directly.
class RivalsTest : public testing::TestWithParam<int> {
 protected:
  using Phase = eventsourcing::Ownership::Phase;

  RivalsTest() : prefix_(FreshPrefix()) {
    for (const auto& broker : Brokers().brokers()) {
      proxies_.push_back(std::make_unique<TcpProxy>(broker.proxy_port, broker.proxied_port));
      absl::StrAppend(&proxied_, proxied_.empty() ? "" : ",", "127.0.0.1:", broker.proxy_port);
    }
    const auto log = *KafkaLog::Open(Direct());
    const absl::Status status =
        log->Declare("issuance", 1, RulesForTests(GetParam()));
    EXPECT_TRUE(status.ok()) << status;
    far_ = std::make_unique<Rival>("far", Proxied());
    near_ = std::make_unique<Rival>("near", Direct());
  }

  // One set for each number of brokers, for the whole process.
  static BrokersForTests& Brokers() {
    static auto* const sets = new std::map<int, std::unique_ptr<BrokersForTests>>;
    auto& brokers = (*sets)[GetParam()];
    if (!brokers) brokers = std::make_unique<BrokersForTests>(GetParam(), "--proxied --separable");
    return *brokers;
  }

  KafkaLogOptions Direct() {
    KafkaLogOptions options;
    options.brokers = Brokers().addresses();
    options.prefix = prefix_;
    options.producer_settings["message.timeout.ms"] = "1500";
    return options;
  }
  // Without end: nothing but the test decides how long a producer waits.
  KafkaLogOptions Proxied(bool without_end = false) {
    KafkaLogOptions options = Direct();
    options.brokers = proxied_;
    if (without_end) options.producer_settings["message.timeout.ms"] = "120000";
    if (without_end) options.producer_settings["socket.timeout.ms"] = "120000";
    return options;
  }

  // Steps both until it is so; fails the test after two minutes.
  template <class Condition>
  void Until(const Condition& is_so, const char* what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (!is_so()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until)
          << what << "; far: " << Say(*far_) << "; near: " << Say(*near_);
      const bool far_worked = far_->Step();
      if (!near_->Step() && !far_worked) std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  static std::string Say(Rival& rival) {
    const auto& ownership = rival.ownership();
    return absl::StrCat("phase ", static_cast<int>(ownership.phase()), " at ", ownership.read_offset(), " to ",
                        ownership.target(), ", ", ownership.counts().claims, " claims, ",
                        ownership.counts().unknown_outcomes, " unknown, ", ownership.trouble().ToString());
  }
  void For(int millis) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(millis);
    Until([&] { return std::chrono::steady_clock::now() > until; }, "time passes");
  }
  // Asks again whenever the other one, which tries as well, was quicker: whoever is fenced wants nothing any more.
  void Own(Rival* rival) {
    const auto serves = [&] {
      if (rival->ownership().phase() == Phase::kReading) rival->ownership().Want(true);
      return rival->ownership().phase() == Phase::kServing;
    };
    Until(serves, "claims");
  }
  // A current read, which must find all that anybody was told of until now.
  void Ask(Rival* rival) {
    rival->ledger().Ask(std::max({told_before_.seen, far_->ledger().told().seen, near_->ledger().told().seen}));
  }
  // A word that nobody has had yet, and a current read with it.
  std::string Offer(Rival* rival) {
    const std::string word = absl::StrCat("word ", ++words_);
    rival->ledger().Offer(word);
    Ask(rival);
    return word;
  }
  bool Answered(Rival* rival, const std::string& word) { return rival->ledger().told().words.count(word) > 0; }
  // Asks again as a client does, if it was refused, and makes the rival claim again if it was fenced.
  void Answer(Rival* rival, const std::string& word) {
    const auto is_answered = [&] {
      if (Answered(rival, word)) return true;
      if (rival->ownership().phase() == Phase::kReading) rival->ownership().Want(true);
      if (rival->ownership().serving() && !rival->ledger().waits()) {
        Ask(rival);
        rival->ledger().Offer(word);
      }
      return false;
    };
    Until(is_answered, "answers");
  }
  // Kills the far one, and starts another.
  void ReplaceFar(const KafkaLogOptions& options) {
    told_before_.Add(far_->ledger().told());
    Add(far_->ownership().counts(), &counts_before_);
    far_ = std::make_unique<Rival>("far", options);
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

  eventsourcing::OwnershipCounts Counts() const {
    eventsourcing::OwnershipCounts counts = counts_before_;
    Add(far_->ownership().counts(), &counts);
    Add(near_->ownership().counts(), &counts);
    return counts;
  }
  // All that was answered against the log; prints figures.
  void Check() {
    Told told = told_before_;
    told.Add(far_->ledger().told());
    told.Add(near_->ledger().told());
    // A leader that was cut off may tell an old end for a moment more.
    std::vector<std::string> log = WordsInLog(Direct());
    for (int waited = 0; waited < 20 && log.size() < told.seen; ++waited) {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      log = WordsInLog(Direct());
    }
    told.Check(log);
    const auto counts = Counts();
    std::printf(
        "%d brokers: %zu words answered, %zu current reads; %zu claims, %zu void records; of "
        "unknown outcome %zu, of these batches found written %zu, absent %zu\n",
        GetParam(), told.words.size(), told.reads.size(), counts.claims, counts.void_records,
        counts.unknown_outcomes, counts.unknown_found_written, counts.unknown_found_absent);
  }

  const std::string prefix_;
  std::vector<std::unique_ptr<TcpProxy>> proxies_;
  std::string proxied_;
  std::unique_ptr<Rival> far_;
  std::unique_ptr<Rival> near_;
  Told told_before_;
  eventsourcing::OwnershipCounts counts_before_;
  int words_ = 0;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_RIVALS_FIXTURE_H_
