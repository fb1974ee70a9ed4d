// What one measurement costs on the path of a command.
#include <benchmark/benchmark.h>

#include "libs/metrics/metrics.h"

namespace mynumber::metrics {
namespace {

Registry& Live() {
  static auto& registry = *new Registry;
  return registry;
}

void IncrementCounter(benchmark::State& state) {
  static const Counter counter = Live().AddCounter("mynumber_events_total", "Events.");
  for (auto _ : state) counter.Increment();
}
BENCHMARK(IncrementCounter)->Threads(1)->Threads(2);

void IncrementInSet(benchmark::State& state) {
  static const CounterSet set =
      Live().AddCounters("mynumber_commands_total", "Commands.", "outcome", {"accepted", "refused", "repeated"});
  for (auto _ : state) set["refused"].Increment();
}
BENCHMARK(IncrementInSet);

void ObserveHistogram(benchmark::State& state) {
  static const Histogram histogram = Live().AddHistogram("mynumber_wait_seconds", "Waits.", SecondsBuckets());
  for (auto _ : state) histogram.Observe(0.004);
}
BENCHMARK(ObserveHistogram)->Threads(1)->Threads(2);

}  // namespace
}  // namespace mynumber::metrics

BENCHMARK_MAIN();
