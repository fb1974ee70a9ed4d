// Members of a service's group on a real Kafka: each partition has one of them, also when some leave, die or sleep.

#include "libs/kafka_log/membership.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "libs/kafka_log/brokers_for_tests.h"
#include "libs/kafka_log/member_process.h"

namespace mynumber::kafka_log {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;
using Partitions = std::set<uint32_t>;

constexpr uint32_t kPartitions = 32;
constexpr seconds kSession{6};

Partitions All() {
  Partitions all;
  for (uint32_t p = 0; p < kPartitions; ++p) all.insert(p);
  return all;
}

// Each has some, each partition is somebody's, none is two's.
bool AreShared(const std::vector<Partitions>& members) {
  Partitions together;
  size_t count = 0;
  for (const Partitions& partitions : members) {
    if (partitions.empty()) return false;
    together.insert(partitions.begin(), partitions.end());
    count += partitions.size();
  }
  return count == kPartitions && together == All();
}

// A member in this process.
class Member {
 public:
  explicit Member(KafkaLog* log) {
    membership_ = *log->JoinGroup("issuance", "127.0.0.1:1", [this](uint32_t partition, bool assigned) {
      const std::lock_guard<std::mutex> lock(mutex_);
      EXPECT_EQ(assigned, partitions_.count(partition) == 0) << "told twice";
      assigned ? (void)partitions_.insert(partition) : (void)partitions_.erase(partition);
      ++told_;
    });
  }
  Partitions partitions() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return partitions_;
  }
  int told() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return told_;
  }
  GroupMembership* membership() { return membership_.get(); }

 private:
  std::mutex mutex_;
  Partitions partitions_;
  int told_ = 0;
  std::unique_ptr<GroupMembership> membership_;
};

class MembershipTest : public testing::TestWithParam<int> {
 protected:
  void Start(const std::string& brokers) {
    options_.brokers = brokers;
    options_.prefix = FreshPrefix();
    log_ = *KafkaLog::Open(options_);
    const absl::Status status = log_->Declare("issuance", kPartitions, RulesForTests(GetParam()));
    ASSERT_TRUE(status.ok()) << status;
  }
  void SetUp() override {
    brokers_ = std::make_unique<BrokersForTests>(GetParam());
    Start(brokers_->addresses());
    // The first group of a new cluster waits until the topic of all groups has been made.
    Member first(log_.get());
    ASSERT_TRUE(Within(seconds(30), [&] { return first.partitions() == All(); }));
  }

  static bool Within(Clock::duration time, const std::function<bool()>& is_so) {
    const auto from = Clock::now();
    while (!is_so()) {
      if (Clock::now() - from > time) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    std::printf("after %.2f s of %.0f\n", std::chrono::duration<double>(Clock::now() - from).count(),
                std::chrono::duration<double>(time).count());
    return true;
  }
  MemberProcess Process(const std::string& name) { return {name, options_.brokers, options_.prefix}; }

  std::unique_ptr<BrokersForTests> brokers_;
  KafkaLogOptions options_;
  std::unique_ptr<KafkaLog> log_;
};

TEST_P(MembershipTest, MembersShareThePartitionsAndOneThatLeavesGivesItsOwnBack) {
  Member one(log_.get());
  EXPECT_TRUE(Within(seconds(5), [&] { return one.partitions() == All(); }));
  Member other(log_.get());
  EXPECT_TRUE(Within(seconds(10), [&] { return AreShared({one.partitions(), other.partitions()}); }));
  const int told = other.told();
  other.membership()->Leave();
  EXPECT_TRUE(Within(seconds(3), [&] { return one.partitions() == All(); }));
  EXPECT_EQ(other.told(), told) << "nothing is told after it has left";
}

TEST_P(MembershipTest, HoweverTheyComeAndGoEachPartitionIsOneMembers) {
  std::vector<std::unique_ptr<Member>> members;
  std::mt19937 random(7);
  for (int round = 0; round < 12 && !HasFailure(); ++round) {
    if (members.size() < 2 || (members.size() < 4 && random() % 2 == 0)) {
      members.push_back(std::make_unique<Member>(log_.get()));
      // Sometimes the next change comes while this one is under way.
      if (random() % 3 == 0) continue;
    } else {
      members.erase(members.begin() + static_cast<int>(random() % members.size()));
    }
    EXPECT_TRUE(Within(seconds(15), [&] {
      std::vector<Partitions> all;
      for (const auto& member : members) all.push_back(member->partitions());
      return AreShared(all);
    })) << members.size() << " members, round " << round;
  }
}

TEST_P(MembershipTest, OneThatLeavesWhileItJoinsEndsWell) {
  Member one(log_.get());
  ASSERT_TRUE(Within(seconds(5), [&] { return one.partitions() == All(); }));
  for (int millis = 0; millis < 600; millis += 100) {
    Member other(log_.get());
    std::this_thread::sleep_for(std::chrono::milliseconds(millis));
  }
  EXPECT_TRUE(Within(seconds(10), [&] { return one.partitions() == All(); }));
}

TEST_P(MembershipTest, WhatAKilledMemberHadIsTheOthersAfterItsSession) {
  Member one(log_.get());
  MemberProcess other = Process("other");
  ASSERT_TRUE(Within(seconds(20), [&] { return AreShared({one.partitions(), other.partitions()}); }));
  other.Kill();
  EXPECT_TRUE(Within(seconds(10), [&] { return one.partitions() == All(); }));
}

TEST_P(MembershipTest, OneThatSleptTooLongIsToldThatItLostAllAndJoinsAgain) {
  Member one(log_.get());
  MemberProcess other = Process("other");
  ASSERT_TRUE(Within(seconds(20), [&] { return AreShared({one.partitions(), other.partitions()}); }));
  const size_t had = other.partitions().size();
  other.Stop();
  EXPECT_TRUE(Within(seconds(10), [&] { return one.partitions() == All(); }));
  other.Wake();
  EXPECT_TRUE(Within(seconds(5), [&] { return other.losses() >= static_cast<int>(had); }));
  EXPECT_TRUE(Within(seconds(15), [&] { return AreShared({one.partitions(), other.partitions()}); }));
}

TEST_P(MembershipTest, WithoutBrokersAllIsLostAndComesBackWithThem) {
  Member one(log_.get());
  ASSERT_TRUE(Within(seconds(5), [&] { return one.partitions() == All(); }));
  for (const auto& broker : brokers_->brokers()) brokers_->Kill(broker.number);
  EXPECT_TRUE(Within(kSession + seconds(10), [&] { return one.partitions().empty(); }));
  // Long enough for the client to be made anew.
  std::this_thread::sleep_for(seconds(15));
  brokers_->Up();
  EXPECT_TRUE(Within(seconds(40), [&] { return one.partitions() == All(); }));
}

TEST_P(MembershipTest, LeavingEndsAlsoWithoutBrokers) {
  auto one = std::make_unique<Member>(log_.get());
  ASSERT_TRUE(Within(seconds(5), [&] { return one->partitions() == All(); }));
  for (const auto& broker : brokers_->brokers()) brokers_->Kill(broker.number);
  const auto from = Clock::now();
  one.reset();
  EXPECT_LT(Clock::now() - from, seconds(10));
}

INSTANTIATE_TEST_SUITE_P(Brokers, MembershipTest, testing::Values(1, 3));

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
