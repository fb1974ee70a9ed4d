#include "libs/metrics/metrics.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mynumber::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RegistryTest, ExposesCountersGaugesAndHistogramsAsText) {
  Registry registry;
  const Counter commands =
      registry.AddCounter("mynumber_commands_total", "Commands by outcome.", {{"outcome", "accepted"}});
  const Gauge depth = registry.AddGauge("mynumber_queue_depth", "Commands that wait.");
  const Histogram append = registry.AddHistogram("mynumber_log_append_seconds", "Time of an append.", {0.1, 1});
  commands.Increment();
  commands.Increment(2);
  depth.Set(7);
  depth.Add(-3);
  append.Observe(0.5);
  append.Observe(5);

  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("# HELP mynumber_commands_total Commands by outcome.\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE mynumber_commands_total counter\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_commands_total{outcome=\"accepted\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_queue_depth 4\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_log_append_seconds_bucket{le=\"0.1\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_log_append_seconds_bucket{le=\"1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mynumber_log_append_seconds_count 2\n"));
}

TEST(RegistryTest, TheSameNameAndLabelsAreTheSameMetric) {
  Registry registry;
  registry.AddCounter("mynumber_replays_total", "Repeated requests.").Increment();
  const Counter again = registry.AddCounter("mynumber_replays_total", "Repeated requests.");
  again.Increment();
  EXPECT_EQ(again.Value(), 2);
}

TEST(RegistryTest, EveryValueOfAClosedSetIsThereFromTheStart) {
  Registry registry;
  const CounterSet outcomes = registry.AddCounters("mynumber_commands_total", "Commands.", "outcome",
                                                   {"refused", "accepted"}, {{"service", "issuance"}});
  outcomes["refused"].Increment();
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("{outcome=\"accepted\",service=\"issuance\"} 0"));
  EXPECT_THAT(text, HasSubstr("{outcome=\"refused\",service=\"issuance\"} 1"));
  EXPECT_DEATH(outcomes["lost"], "outside its closed set: \"lost\"");
}

TEST(RegistryTest, RefreshesGaugesBeforeText) {
  Registry registry;
  const Gauge free = registry.AddGauge("mynumber_disk_free_bytes", "Room on the disk.");
  registry.BeforeText([&] { free.Add(1); });
  EXPECT_THAT(registry.Text(), HasSubstr("mynumber_disk_free_bytes 1\n"));
  EXPECT_THAT(registry.Text(), HasSubstr("mynumber_disk_free_bytes 2\n"));
}

TEST(RegistryTest, AnInertRegistryTakesEverythingAndSaysNothing) {
  Registry registry(Registry::Kind::kInert);
  const Counter counter = registry.AddCounter("mynumber_gap_total", "Gaps.");
  const Gauge gauge = registry.AddGauge("mynumber_epoch", "Claims.");
  const Histogram histogram = registry.AddHistogram("mynumber_commit_batch_size", "Sizes.", SizeBuckets());
  const CounterSet set = registry.AddCounters("mynumber_void_records_total", "Voids.", "cause", {"hash"});
  registry.BeforeText([] { FAIL() << "an inert registry has nothing to refresh"; });
  counter.Increment();
  gauge.Set(3);
  histogram.Observe(1);
  set["hash"].Increment();
  EXPECT_EQ(counter.Value(), 0);
  EXPECT_EQ(gauge.Value(), 0);
  EXPECT_EQ(histogram.Count(), 0u);
  EXPECT_EQ(registry.Text(), "");
  Counter().Increment();
}

TEST(RegistryTest, CountsFromManyThreads) {
  Registry registry;
  const Counter counter = registry.AddCounter("mynumber_events_total", "Events.");
  const Histogram histogram = registry.AddHistogram("mynumber_wait_seconds", "Waits.", SecondsBuckets());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) {
        counter.Increment();
        histogram.Observe(0.01);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counter.Value(), 40'000);
  EXPECT_EQ(histogram.Count(), 40'000u);
}

TEST(RegistryDeathTest, RefusesNamesThatBreakTheRules) {
  Registry registry;
  EXPECT_DEATH(registry.AddCounter("commands_total", "x"), "after mynumber_");
  EXPECT_DEATH(registry.AddCounter("mynumber_commands", "x"), "end with _total");
  EXPECT_DEATH(registry.AddGauge("mynumber_depth_total", "x"), "end with _total");
  EXPECT_DEATH(registry.AddGauge("mynumber_lag_ms", "x"), "base unit");
  EXPECT_DEATH(registry.AddCounter("mynumber_Bad_total", "x"), "lower-case");
  EXPECT_DEATH(registry.AddHistogram("mynumber_x_seconds", "x", {1, 1}), "must grow");
}

TEST(RegistryDeathTest, ANumberOfAPersonNeverBecomesALabelNorIsItTold) {
  Registry registry;
  EXPECT_DEATH(registry.AddCounter("mynumber_commands_total", "x", {{"resident", "12345678901"}}),
               "may not hold a number of a person; label: \"resident\"");
  registry.AddCounter("mynumber_commands_total", "x", {{"code", "1234567890"}});
  EXPECT_THAT(registry.Text(), Not(HasSubstr("12345678901")));
}

}  // namespace
}  // namespace mynumber::metrics
