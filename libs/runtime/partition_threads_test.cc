#include "libs/runtime/partition_threads.h"

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace mynumber::runtime {
namespace {

using Step = PartitionThreads::Step;

// A tick that never comes within a test: whatever is called has been woken.
PartitionThreads::Options NoTick() {
  PartitionThreads::Options options;
  options.tick_millis = 3'600'000;
  return options;
}

// A promise that may be kept more than once.
class Signal {
 public:
  void Give() {
    if (!given_.exchange(true)) promise_.set_value();
  }
  void Await() { future_.wait(); }

 private:
  std::atomic<bool> given_{false};
  std::promise<void> promise_;
  std::future<void> future_ = promise_.get_future();
};

TEST(PartitionThreadsTest, CallsEveryStepAtTheStart) {
  Signal first, second;
  PartitionThreads threads(1,
                           {[&](int64_t) {
                              first.Give();
                              return false;
                            },
                            [&](int64_t) {
                              second.Give();
                              return false;
                            }},
                           NoTick());
  first.Await();
  second.Await();
}

TEST(PartitionThreadsTest, CallsAgainAtOnceWhileThereIsMore) {
  std::atomic<int> calls{0};
  Signal tenth;
  PartitionThreads threads(1,
                           {[&](int64_t) {
                             const int call = ++calls;
                             if (call == 10) tenth.Give();
                             return call < 10;
                           }},
                           NoTick());
  tenth.Await();
  threads.Stop();
  EXPECT_EQ(calls, 10);
}

TEST(PartitionThreadsTest, ATickCallsASleepingStepWithTheTimeOfTheClock) {
  Signal third;
  std::atomic<int> calls{0};
  std::atomic<int64_t> seen_micros{0};
  PartitionThreads::Options options;
  options.tick_millis = 1;
  options.now = [] { return int64_t{42}; };
  PartitionThreads threads(1,
                           {[&](int64_t now_micros) {
                             seen_micros = now_micros;
                             if (++calls == 3) third.Give();
                             return false;
                           }},
                           options);
  third.Await();
  EXPECT_EQ(seen_micros, 42);
}

// Two threads hand a token to and fro, each asleep until the other wakes it: one wake-up lost and it never ends.
TEST(PartitionThreadsTest, NoWakeUpIsLost) {
  constexpr int kTurns = 20'000;
  std::atomic<int> turn{0};
  Signal done;
  std::atomic<PartitionThreads*> threads{nullptr};
  const auto player = [&](int me) {
    return [&, me](int64_t) {
      if (turn >= kTurns) {
        done.Give();
      } else if (turn % 2 == me && threads != nullptr) {
        ++turn;
        threads.load()->Wake(1 - me);
      }
      return false;
    };
  };
  PartitionThreads two(2, {player(0), player(1)}, NoTick());
  threads = &two;
  two.Wake(0);
  done.Await();
  EXPECT_EQ(turn, kTurns);
}

// Many wake at once; every item given before a Wake is taken, though far fewer calls are made than wake-ups.
TEST(PartitionThreadsTest, WakeUpsOfManyThreadsCoalesceAndLoseNothing) {
  constexpr int kThreads = 4;
  constexpr int kItems = 20'000;
  std::atomic<int> waiting{0};
  std::atomic<int> taken{0};
  Signal all;
  PartitionThreads threads(1,
                           {[&](int64_t) {
                             taken += waiting.exchange(0);
                             if (taken == kThreads * kItems) all.Give();
                             return false;
                           }},
                           NoTick());
  std::vector<std::thread> givers;
  for (int t = 0; t < kThreads; ++t) {
    givers.emplace_back([&] {
      for (int i = 0; i < kItems; ++i) {
        ++waiting;
        threads.Wake(0);
      }
    });
  }
  for (std::thread& giver : givers) giver.join();
  all.Await();
}

TEST(PartitionThreadsTest, AStepStaysOnItsThreadAndIsNeverCalledTwiceAtOnce) {
  constexpr int kSteps = 5;
  std::set<std::thread::id> seen[kSteps];
  std::atomic<int> inside[kSteps] = {};
  std::atomic<int> calls[kSteps] = {};
  std::atomic<bool> overlapped{false};
  std::vector<Step> steps;
  for (int i = 0; i < kSteps; ++i) {
    steps.push_back([&, i](int64_t) {
      if (++inside[i] > 1) overlapped = true;
      seen[i].insert(std::this_thread::get_id());
      --inside[i];
      return ++calls[i] % 3 != 0;
    });
  }
  PartitionThreads threads(2, std::move(steps), NoTick());
  for (int i = 0; i < kSteps; ++i) {
    while (calls[i] < 1'000) threads.Wake(i);
  }
  threads.Stop();
  EXPECT_FALSE(overlapped);
  for (int i = 0; i < kSteps; ++i) {
    EXPECT_EQ(seen[i].size(), 1u) << i;
    EXPECT_EQ(seen[i], seen[i % 2]) << i;
  }
  EXPECT_NE(seen[0], seen[1]);
}

TEST(PartitionThreadsTest, ABusyStepLeavesTurnsToItsNeighbour) {
  Signal neighbour;
  PartitionThreads threads(1,
                           {[](int64_t) { return true; },
                            [&](int64_t) {
                              neighbour.Give();
                              return false;
                            }},
                           NoTick());
  neighbour.Await();
}

TEST(PartitionThreadsTest, NothingIsCalledAfterStop) {
  std::atomic<int> calls{0};
  PartitionThreads threads(2, {[&](int64_t) { return ++calls > 0; }, [&](int64_t) { return ++calls > 0; }}, NoTick());
  while (calls < 2) std::this_thread::yield();
  threads.Stop();
  const int at_stop = calls;
  threads.Wake(0);
  threads.Stop();
  EXPECT_EQ(calls, at_stop);
}

TEST(PartitionThreadsTest, TellsAStepThatHangs) {
  Signal entered, leave;
  PartitionThreads threads(1,
                           {[&](int64_t) {
                             entered.Give();
                             leave.Await();
                             return false;
                           }},
                           NoTick());
  entered.Await();
  while (threads.LongestRoundMicros() < 1000) std::this_thread::yield();
  leave.Give();
  threads.Stop();
  EXPECT_EQ(threads.LongestRoundMicros(), 0);
}

}  // namespace
}  // namespace mynumber::runtime
