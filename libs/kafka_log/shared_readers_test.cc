// An instance follows many partitions of a real Kafka by few clients, and none of the readers notices another.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "libs/kafka_log/brokers_for_tests.h"
#include "libs/kafka_log/raw_kafka.h"
#include "libs/kafka_log/reader.h"

namespace mynumber::kafka_log {
namespace {

using eventsourcing::PartitionLog;

constexpr int kPartitions = 32;

// librdkafka's clients in this process: each has one main thread.
std::set<std::string> ClientThreads() {
  std::set<std::string> threads;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (name == "rdk:main") threads.insert(task.path().filename());
  }
  return threads;
}

size_t Clients() { return ClientThreads().size(); }

// Reads a partition on and on, as a standby does, and counts what it got.
struct Follower {
  Follower(KafkaLog* from, int32_t of)
      : partition(of), log(from->Partition("issuance", static_cast<uint32_t>(of), [this] { ++wakes; })) {}
  void Step() {
    if (sleeps && wakes == woken) return;
    woken = wakes;
    const auto records = log->Read(next, 1 << 20);
    if (!records.ok() && !absl::IsUnavailable(records.status())) ADD_FAILURE() << records.status();
    if (!records.ok()) return;
    for (const auto& record : *records) {
      EXPECT_EQ(record.offset, next++);
      bytes += record.bytes.size();
    }
  }

  std::atomic<int> wakes{0};
  const int32_t partition;
  std::unique_ptr<PartitionLog> log;
  int64_t next = 0;
  size_t bytes = 0;
  // Reads only when it has been woken since it read last: what it was not woken for, it never gets.
  bool sleeps = false;
  int woken = 0;
};

class SharedReaders : public testing::Test {
 protected:
  SharedReaders() : topic_{SharedBroker(), FreshPrefix() + ".issuance", kPartitions} {
    KafkaLogOptions options;
    options.brokers = topic_.brokers;
    options.prefix = topic_.name.substr(0, topic_.name.find('.'));
    log_ = *KafkaLog::Open(options);
    const absl::Status status = log_->Declare("issuance", kPartitions, RulesForTests(1));
    EXPECT_TRUE(status.ok()) << status;
  }

  // So many records of so many bytes into each partition; leaves no client behind.
  void Write(int32_t first, int32_t last, int count, size_t bytes = 100) {
    RawProducer producer(topic_);
    for (int i = 0; i < count; ++i) {
      for (int32_t p = first; p <= last; ++p) producer.Send({p, bytes}, nullptr);
    }
    producer.Flush();
  }
  void Follow(int32_t partition) { followers_.push_back(std::make_unique<Follower>(log_.get(), partition)); }
  void Until(const std::function<bool()>& is_so, const char* what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_so()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << what << "; clients: " << Clients();
      for (auto& follower : followers_) follower->Step();
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  void UntilAllHave(int64_t count, const char* what) {
    Until(
        [&] {
          for (const auto& follower : followers_) {
            if (follower->next < count) return false;
          }
          return true;
        },
        what);
  }

  const RawTopic topic_;
  std::unique_ptr<KafkaLog> log_;
  std::vector<std::unique_ptr<Follower>> followers_;
};

TEST_F(SharedReaders, ManyPartitionsAreFollowedByOneClient) {
  Write(0, kPartitions - 1, 3);
  ASSERT_EQ(Clients(), 0u);
  for (int32_t p = 0; p < kPartitions; ++p) Follow(p);
  UntilAllHave(3, "each gets its records");
  // They come to the end, which wakes them, too.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  Until([&] { return std::chrono::steady_clock::now() > until; }, "they stand at the end");
  EXPECT_EQ(Clients(), 1u);
  // What is new wakes whose it is.
  const int former = followers_[7]->wakes;
  const int other = followers_[8]->wakes;
  Write(7, 7, 1);
  Until([&] { return followers_[7]->next == 4; }, "the seventh gets one more");
  EXPECT_GT(followers_[7]->wakes, former);
  EXPECT_EQ(followers_[8]->wakes, other);
  followers_.clear();
  Until([] { return Clients() == 0; }, "a client without readers goes");
}

TEST_F(SharedReaders, OneThatGoesDisturbsNoOther) {
  for (int32_t p = 0; p < kPartitions; ++p) Follow(p);
  Write(0, kPartitions - 1, 2);
  UntilAllHave(2, "each gets its records");
  followers_.erase(followers_.begin() + 7);
  Write(0, kPartitions - 1, 2);
  UntilAllHave(4, "the others get the next ones");
  Follow(7);
  UntilAllHave(4, "the seventh is back");
  Until([] { return Clients() == 1; }, "one client will do again");
}

TEST_F(SharedReaders, TwoReadersOfOnePartitionGetAllOfIt) {
  for (int32_t p = 0; p < 4; ++p) Follow(p);
  Follow(3);
  Write(0, 3, 5);
  UntilAllHave(5, "both have all");
  Until([] { return Clients() == 1; }, "one client does for both");
  for (auto& follower : followers_) follower->sleeps = true;
  Write(0, 3, 5);
  UntilAllHave(10, "both are woken, and go on");
  followers_.pop_back();
  Write(0, 3, 5);
  UntilAllHave(15, "the rest goes on");
  EXPECT_EQ(Clients(), 1u);
}

TEST_F(SharedReaders, WhoFallsBehindItsNeighbourGoesAloneAndComesBack) {
  constexpr int kRecords = 100;
  constexpr size_t kBytes = 100'000;
  Follow(0);
  Follow(0);
  Write(0, 0, 1);
  UntilAllHave(1, "both have it");
  Until([] { return Clients() == 1; }, "one client does for both");
  auto slow = std::move(followers_[1]);
  followers_.pop_back();
  Write(0, 0, kRecords, kBytes);
  UntilAllHave(1 + kRecords, "the quick one has all");
  followers_.push_back(std::move(slow));
  UntilAllHave(1 + kRecords, "the slow one has all, too");
  EXPECT_EQ(followers_[1]->bytes, 100 + kRecords * kBytes);
  Until([] { return Clients() == 1; }, "one client does again");
  Write(0, 0, 1);
  UntilAllHave(2 + kRecords, "both follow");
}

TEST_F(SharedReaders, WhoIsFarBehindReadsByAnotherClientUntilItIsNot) {
  constexpr int kRecords = 1000;
  constexpr size_t kBytes = 100'000;
  Write(5, 5, kRecords, kBytes);
  Follow(5);
  std::set<std::string> clients;
  Until(
      [&] {
        clients.merge(ClientThreads());
        return followers_[0]->next == kRecords;
      },
      "it has read all");
  EXPECT_EQ(followers_[0]->bytes, kRecords * kBytes);
  EXPECT_GE(clients.size(), 2u) << "nothing was shown";
  Until([] { return Clients() == 1; }, "it follows as others do");
  Write(5, 5, 1);
  UntilAllHave(kRecords + 1, "it follows");
}

TEST_F(SharedReaders, ThreadsOpenAndCloseThemAtOnce) {
  Write(0, kPartitions - 1, 20);
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 8; ++seed) {
    threads.emplace_back([this, seed] {
      std::mt19937 random(seed);
      for (int i = 0; i < 50; ++i) {
        Follower follower(log_.get(), static_cast<int32_t>(random() % 4));
        const int64_t enough = static_cast<int64_t>(random() % 21);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (follower.next < enough && std::chrono::steady_clock::now() < until) follower.Step();
        EXPECT_GE(follower.next, enough);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Until([] { return Clients() == 0; }, "all clients go");
}

TEST_F(SharedReaders, WhenAClientIsRetiredItsReadersMoveOn) {
  Settings settings = ReaderSettings(4 << 20);
  settings["bootstrap.servers"] = topic_.brokers;
  auto background = std::make_unique<Background>(4);
  ReaderClients clients({settings, settings, 1}, background.get());
  const auto wake = std::make_shared<WakeUp>(nullptr);
  std::vector<std::unique_ptr<Reader>> readers;
  for (int32_t p = 0; p < 3; ++p) {
    readers.push_back(std::make_unique<Reader>(topic_.name, p, 0, &clients, wake));
    readers.back()->Seat(0);
  }
  const auto read_to = [&](int64_t end) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (auto& reader : readers) {
      const Record* record = nullptr;
      while (reader->offset() < end && std::chrono::steady_clock::now() < until) {
        const int64_t expected = reader->offset();
        if (reader->Peek(&record) != Reader::Now::kRecord) continue;
        EXPECT_EQ(record->offset, expected);
        reader->Pass();
      }
      EXPECT_EQ(reader->offset(), end);
    }
  };
  const auto read_to_end = [&](int64_t end) {
    read_to(end);
    for (auto& reader : readers) {
      const Record* record = nullptr;
      Until([&] { return reader->Peek(&record) == Reader::Now::kEnd; }, "the end is seen");
    }
  };
  Write(0, 2, 10);
  read_to_end(10);
  auto feed = clients.Take(topic_.name, 9, Ahead::kTail, wake);
  ASSERT_TRUE(feed.ok());
  Until([] { return Clients() == 1; }, "all go by one client");
  clients.Retire(**feed);
  Write(0, 2, 10);
  read_to_end(20);
  clients.GiveBack(*std::move(feed));
  Until([] { return Clients() == 1; }, "the retired one goes");
  Write(0, 2, 10);
  read_to(30);
  readers.clear();
  background.reset();
  EXPECT_EQ(Clients(), 0u);
}

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
