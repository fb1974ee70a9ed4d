#ifndef MYNUMBER_LIBS_METRICS_METRICS_H_
#define MYNUMBER_LIBS_METRICS_METRICS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The only room that sees prometheus-cpp; its types stay behind these names.
namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace mynumber::metrics {

// Name and value; the names of one metric's labels are always the same, and the values come from a closed set that
// stands in the code: never an id, never anything about a person.
using Labels = std::vector<std::pair<std::string, std::string>>;

// Handles are values of one pointer: copy them, call them from any thread, keep them no longer than their Registry.
// A handle made by default, or by an inert registry, does nothing.

// Only grows. An increment is one atomic operation.
class Counter {
 public:
  Counter() = default;
  explicit Counter(prometheus::Counter* counter) : counter_(counter) {}

  // `by` must not be negative.
  void Increment(double by = 1) const;
  // 0 if inert.
  double Value() const;

 private:
  prometheus::Counter* counter_ = nullptr;
};

class Gauge {
 public:
  Gauge() = default;
  explicit Gauge(prometheus::Gauge* gauge) : gauge_(gauge) {}

  void Set(double value) const;
  void Add(double by) const;
  // 0 if inert.
  double Value() const;

 private:
  prometheus::Gauge* gauge_ = nullptr;
};

class Histogram {
 public:
  Histogram() = default;
  explicit Histogram(prometheus::Histogram* histogram) : histogram_(histogram) {}

  // In the base unit of the metric's name. Takes a lock for some 20 ns.
  void Observe(double value) const;
  // Observations so far; 0 if inert.
  uint64_t Count() const;

 private:
  prometheus::Histogram* histogram_ = nullptr;
};

// One counter for each value of one label, all present from the start with 0, so that an alert on a rate sees the first
// event. Reading is lock-free.
class CounterSet {
 public:
  CounterSet() = default;
  explicit CounterSet(std::vector<std::pair<std::string, Counter>> counters);

  // The counter of `value`; aborts if the set does not have it, since the set is closed.
  const Counter& operator[](std::string_view value) const;

 private:
  std::vector<std::pair<std::string, Counter>> counters_;  // sorted by value
};

// From 0.5 ms to 10 s: for calls, appends and whatever else somebody waits for.
const std::vector<double>& SecondsBuckets();
// From 1 to 10,000: for batches.
const std::vector<double>& SizeBuckets();

// All metrics of a process. A service declares its metrics once, as members, when it starts: looking a label up is slow
// (a lock and a hash of strings), so it happens here and not when something is counted. The same name and labels again
// give the same metric. A name must be lower-case words, start with "mynumber_", carry its base unit (seconds, bytes),
// and end with "_total" if and only if it is a counter (prometheus.io/docs/practices/naming); a label's value must hold
// no run of 11 digits. Anything else is a mistake in the code and aborts. Any thread may call.
class Registry {
 public:
  enum class Kind {
    kLive,
    // For tests that look at no metric: every handle is inert and Text() is empty.
    kInert,
  };
  explicit Registry(Kind kind = Kind::kLive);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter AddCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge AddGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  // `buckets` are upper bounds, growing.
  Histogram AddHistogram(const std::string& name, const std::string& help, const std::vector<double>& buckets,
                         const Labels& labels = {});
  // A counter for each of `values` of `label`, beside the fixed `labels`.
  CounterSet AddCounters(const std::string& name, const std::string& help, const std::string& label,
                         const std::vector<std::string>& values, const Labels& labels = {});

  // Runs `refresh` before every Text(), for gauges that are cheaper to ask for than to keep. It must outlive Text().
  void BeforeText(std::function<void()> refresh);

  // Everything in Prometheus' text format 0.0.4.
  std::string Text() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;  // none: inert
};

}  // namespace mynumber::metrics

#endif  // MYNUMBER_LIBS_METRICS_METRICS_H_
