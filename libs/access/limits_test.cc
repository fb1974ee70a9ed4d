#include "libs/access/limits.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mynumber::access {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3600 * kSecond;
// Some day; not the beginning of a minute.
constexpr int64_t kStart = 1'790'000'000'000'000 + 12'345'678;

constexpr Taken kCall = {1, 0, 0};
Taken Looks(uint32_t count) { return {0, count, 0}; }
Taken LookUps(uint32_t count) { return {0, 0, count}; }

v1::Limits LimitsOf(uint32_t calls, uint32_t burst, uint32_t disclosures, uint32_t look_ups) {
  v1::Limits limits;
  limits.set_calls_per_second(calls);
  limits.set_burst(burst);
  limits.set_disclosures_per_hour(disclosures);
  limits.set_look_ups_per_hour(look_ups);
  return limits;
}

TEST(Limits, ABurstAndThenACallForEachStep) {
  Limits limits(10);
  const v1::Limits ten = LimitsOf(10, 3, 0, 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limits.Take("hotline", ten, kCall, kStart), 0);
  EXPECT_EQ(limits.Take("hotline", ten, kCall, kStart), kSecond / 10);
  EXPECT_EQ(limits.Take("hotline", ten, kCall, kStart + kSecond / 10), 0);
  EXPECT_EQ(limits.Take("hotline", ten, kCall, kStart + kSecond / 10), kSecond / 10);
  // After a pause the burst is there again, and no more than that.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limits.Take("hotline", ten, kCall, kStart + kHour), 0);
  EXPECT_GT(limits.Take("hotline", ten, kCall, kStart + kHour), 0);
}

TEST(Limits, EveryIdentityHasItsOwn) {
  Limits limits(10);
  const v1::Limits one = LimitsOf(1, 1, 1, 1);
  EXPECT_EQ(limits.Take("municipality/131016", one, {1, 1, 1}, kStart), 0);
  EXPECT_GT(limits.Take("municipality/131016", one, {1, 1, 1}, kStart), 0);
  EXPECT_EQ(limits.Take("municipality/271004", one, {1, 1, 1}, kStart), 0);
}

TEST(Limits, AnHourOfLooks) {
  Limits limits(10);
  const v1::Limits five = LimitsOf(1, 1, 5, 0);
  EXPECT_EQ(limits.Take("a", five, Looks(3), kStart), 0);
  EXPECT_EQ(limits.Take("a", five, Looks(2), kStart + kHour / 2), 0);
  const int64_t wait = limits.Take("a", five, Looks(1), kStart + kHour / 2);
  EXPECT_GE(wait, kHour / 2);
  EXPECT_LE(wait, kHour / 2 + HourWindow::kMinuteMicros);
  EXPECT_EQ(limits.Take("a", five, Looks(3), kStart + kHour / 2 + wait), 0);
  // Look-ups are counted apart, and there are none.
  EXPECT_EQ(limits.Take("a", five, LookUps(1), kStart), Limits::kNever);
}

TEST(Limits, MoreThanThereIsAtAllCanNeverBeHad) {
  Limits limits(10);
  EXPECT_EQ(limits.Take("a", LimitsOf(1, 2, 5, 5), Looks(6), kStart), Limits::kNever);
  EXPECT_EQ(limits.Take("a", LimitsOf(1, 2, 5, 5), {3, 0, 0}, kStart), Limits::kNever);
  // As of a role that no policy names.
  EXPECT_EQ(limits.Take("a", v1::Limits(), kCall, kStart), Limits::kNever);
}

TEST(Limits, WhatIsRefusedTakesNothing) {
  Limits limits(10);
  const v1::Limits few = LimitsOf(1, 1, 1, 5);
  EXPECT_EQ(limits.Take("a", few, Looks(1), kStart), 0);
  EXPECT_GT(limits.Take("a", few, {1, 1, 5}, kStart), 0);
  EXPECT_EQ(limits.Take("a", few, {1, 0, 5}, kStart), 0);
}

TEST(Limits, ForgetsWhoHasNotAskedForTheLongestTime) {
  Limits limits(2);
  const v1::Limits one = LimitsOf(1, 1, 1, 1);
  EXPECT_EQ(limits.Take("a", one, Looks(1), kStart), 0);
  EXPECT_EQ(limits.Take("b", one, Looks(1), kStart), 0);
  // A refusal is a sign of life.
  EXPECT_GT(limits.Take("a", one, Looks(1), kStart), 0);
  EXPECT_EQ(limits.Take("c", one, Looks(1), kStart), 0);
  EXPECT_EQ(limits.size(), 2);
  EXPECT_GT(limits.Take("a", one, Looks(1), kStart), 0);
  EXPECT_EQ(limits.Take("b", one, Looks(1), kStart), 0);
}

TEST(Limits, TimeThatGoesBackStandsStill) {
  Limits limits(10);
  const v1::Limits one = LimitsOf(1, 1, 1, 1);
  EXPECT_EQ(limits.Take("a", one, {1, 1, 0}, kStart), 0);
  EXPECT_GT(limits.Take("a", one, Looks(1), kStart - 2 * kHour), 0);
  EXPECT_GT(limits.Take("a", one, kCall, kStart - 2 * kHour), 0);
}

TEST(Limits, ThreadsShareOneBucket) {
  Limits limits(4);
  const v1::Limits hundred = LimitsOf(1, 100, 0, 0);
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) taken += limits.Take("a", hundred, kCall, kStart) == 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 100);
}

// Takes as long as time goes on by these steps; what was taken when.
std::vector<std::pair<int64_t, uint32_t>> Play(const v1::Limits& policy, const std::vector<int64_t>& steps,
                                               const std::vector<Taken>& wishes, uint32_t Taken::*kind) {
  Limits limits(1);
  std::vector<std::pair<int64_t, uint32_t>> taken;
  int64_t now = kStart;
  for (size_t i = 0; i < steps.size(); ++i) {
    now += steps[i];
    const int64_t wait = limits.Take("a", policy, wishes[i], now);
    RC_ASSERT(wait >= 0);
    if (wait == Limits::kNever) continue;
    if (wait > 0) {
      // Not a moment before, and then for sure.
      RC_ASSERT(limits.Take("a", policy, wishes[i], now + wait - 1) > 0);
      RC_ASSERT(limits.Take("a", policy, wishes[i], now + wait) == 0);
      now += wait;
    }
    taken.emplace_back(now, wishes[i].*kind);
  }
  return taken;
}

RC_GTEST_PROP(LimitsProperty, NoHourHasMoreThanItsLimit, ()) {
  const auto limit = *rc::gen::inRange<uint32_t>(1, 20);
  const auto steps = *rc::gen::container<std::vector<int64_t>>(100, rc::gen::inRange<int64_t>(0, 10 * 60 * kSecond));
  std::vector<Taken> wishes;
  for (size_t i = 0; i < steps.size(); ++i) wishes.push_back(Looks(*rc::gen::inRange<uint32_t>(0, 8)));
  const auto taken = Play(LimitsOf(1, 1, limit, 0), steps, wishes, &Taken::disclosures);
  for (const auto& [begin, ignored] : taken) {
    uint64_t within = 0;
    for (const auto& [at, count] : taken) within += at >= begin && at < begin + kHour ? count : 0;
    RC_ASSERT(within <= limit);
  }
}

RC_GTEST_PROP(LimitsProperty, NoStretchOfTimeHasMoreCallsThanBurstAndRate, ()) {
  const auto rate = *rc::gen::inRange<uint32_t>(1, 1000);
  const auto burst = *rc::gen::inRange<uint32_t>(1, 20);
  const auto steps = *rc::gen::container<std::vector<int64_t>>(100, rc::gen::inRange<int64_t>(0, kSecond / 100));
  const auto taken = Play(LimitsOf(rate, burst, 0, 0), steps, std::vector<Taken>(steps.size(), kCall), &Taken::calls);
  RC_ASSERT(taken.size() == steps.size());
  for (size_t i = 0; i < taken.size(); ++i) {
    for (size_t j = i; j < taken.size(); ++j) {
      const double most = burst + static_cast<double>(taken[j].first - taken[i].first) * rate / kSecond;
      RC_ASSERT(static_cast<double>(j - i + 1) <= most + 1e-6);
    }
  }
}

RC_GTEST_PROP(LimitsProperty, NeverRemembersMoreThanItMay, (const std::vector<uint8_t>& askers)) {
  const auto most = *rc::gen::inRange<size_t>(1, 10);
  Limits limits(most);
  std::vector<std::string> order;  // who asked last stands last
  for (uint8_t asker : askers) {
    const std::string who = std::to_string(asker % 16);
    const auto known = std::find(order.begin(), order.end(), who);
    const bool remembered = known != order.end() && order.end() - known <= static_cast<int64_t>(most);
    if (known != order.end()) order.erase(known);
    order.push_back(who);
    RC_ASSERT((limits.Take(who, LimitsOf(1, 1, 1, 1), Looks(1), kStart) > 0) == remembered);
    RC_ASSERT(limits.size() == std::min(order.size(), most));
  }
}

}  // namespace
}  // namespace mynumber::access
