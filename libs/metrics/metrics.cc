#include "libs/metrics/metrics.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace mynumber::metrics {
namespace {

constexpr size_t kShortestPersonalDigits = 11;

[[noreturn]] void Die(std::string_view what, std::string_view name) {
  std::fprintf(stderr, "metrics: %.*s: \"%.*s\"\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(name.size()), name.data());
  std::abort();
}

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool IsLowerCaseWords(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::islower(c) || std::isdigit(c) || c == '_';
  });
}

bool HasPersonalDigits(std::string_view text) {
  size_t run = 0;
  for (unsigned char c : text) {
    run = std::isdigit(c) ? run + 1 : 0;
    if (run == kShortestPersonalDigits) return true;
  }
  return false;
}

void CheckName(const std::string& name, bool is_counter) {
  if (!IsLowerCaseWords(name) || !StartsWith(name, "mynumber_")) {
    Die("a metric's name must be lower-case words after mynumber_", name);
  }
  if (EndsWith(name, "_total") != is_counter) Die("counters, and only they, end with _total", name);
  for (const char* scaled : {"_millis", "_ms", "_micros", "_us", "_nanos", "_kb", "_mb", "_percent"}) {
    if (EndsWith(name, scaled) || EndsWith(name, std::string(scaled) + "_total")) {
      Die("use the base unit (seconds, bytes, ratio)", name);
    }
  }
}

prometheus::Labels Checked(const Labels& labels) {
  for (const auto& [label, value] : labels) {
    if (!IsLowerCaseWords(label)) Die("a label's name must be lower-case words", label);
    if (HasPersonalDigits(value)) Die("a label's value may not hold a number of a person; label", label);
  }
  return prometheus::Labels(labels.begin(), labels.end());
}

}  // namespace

void Counter::Increment(double by) const {
  if (counter_ != nullptr) counter_->Increment(by);
}

double Counter::Value() const { return counter_ == nullptr ? 0 : counter_->Value(); }

void Gauge::Set(double value) const {
  if (gauge_ != nullptr) gauge_->Set(value);
}

void Gauge::Add(double by) const {
  if (gauge_ != nullptr) gauge_->Increment(by);
}

double Gauge::Value() const { return gauge_ == nullptr ? 0 : gauge_->Value(); }

void Histogram::Observe(double value) const {
  if (histogram_ != nullptr) histogram_->Observe(value);
}

uint64_t Histogram::Count() const {
  return histogram_ == nullptr ? 0 : histogram_->Collect().histogram.sample_count;
}

CounterSet::CounterSet(std::vector<std::pair<std::string, Counter>> counters)
    : counters_(std::move(counters)) {
  std::sort(counters_.begin(), counters_.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
}

const Counter& CounterSet::operator[](std::string_view value) const {
  const auto found = std::lower_bound(counters_.begin(), counters_.end(), value,
                                      [](const auto& entry, std::string_view v) { return entry.first < v; });
  if (found == counters_.end() || found->first != value) Die("a label's value outside its closed set", value);
  return found->second;
}

const std::vector<double>& SecondsBuckets() {
  static const auto& buckets = *new std::vector<double>{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                        0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  return buckets;
}

const std::vector<double>& SizeBuckets() {
  static const auto& buckets = *new std::vector<double>{1,   2,   5,     10,    20,    50,   100,
                                                        200, 500, 1'000, 2'000, 5'000, 10'000};
  return buckets;
}

struct Registry::Inside {
  prometheus::Registry prometheus;
  mutable std::mutex mutex;
  std::vector<std::function<void()>> refreshes;  // by mutex
};

Registry::Registry(Kind kind) : inside_(kind == Kind::kInert ? nullptr : std::make_unique<Inside>()) {}

Registry::~Registry() = default;

Counter Registry::AddCounter(const std::string& name, const std::string& help, const Labels& labels) {
  CheckName(name, /*is_counter=*/true);
  const prometheus::Labels checked = Checked(labels);
  if (inside_ == nullptr) return Counter();
  return Counter(&prometheus::BuildCounter().Name(name).Help(help).Register(inside_->prometheus).Add(checked));
}

Gauge Registry::AddGauge(const std::string& name, const std::string& help, const Labels& labels) {
  CheckName(name, /*is_counter=*/false);
  const prometheus::Labels checked = Checked(labels);
  if (inside_ == nullptr) return Gauge();
  return Gauge(&prometheus::BuildGauge().Name(name).Help(help).Register(inside_->prometheus).Add(checked));
}

Histogram Registry::AddHistogram(const std::string& name, const std::string& help,
                                 const std::vector<double>& buckets, const Labels& labels) {
  CheckName(name, /*is_counter=*/false);
  if (buckets.empty() || std::adjacent_find(buckets.begin(), buckets.end(), std::greater_equal<>()) !=
                             buckets.end()) {
    Die("the bounds of a histogram's buckets must grow", name);
  }
  const prometheus::Labels checked = Checked(labels);
  if (inside_ == nullptr) return Histogram();
  return Histogram(&prometheus::BuildHistogram()
                        .Name(name)
                        .Help(help)
                        .Register(inside_->prometheus)
                        .Add(checked, buckets));
}

CounterSet Registry::AddCounters(const std::string& name, const std::string& help, const std::string& label,
                                 const std::vector<std::string>& values, const Labels& labels) {
  std::vector<std::pair<std::string, Counter>> counters;
  for (const std::string& value : values) {
    Labels all = labels;
    all.emplace_back(label, value);
    counters.emplace_back(value, AddCounter(name, help, all));
  }
  return CounterSet(std::move(counters));
}

void Registry::BeforeText(std::function<void()> refresh) {
  if (inside_ == nullptr) return;
  std::lock_guard lock(inside_->mutex);
  inside_->refreshes.push_back(std::move(refresh));
}

std::string Registry::Text() const {
  if (inside_ == nullptr) return "";
  {
    std::lock_guard lock(inside_->mutex);
    for (const auto& refresh : inside_->refreshes) refresh();
  }
  return prometheus::TextSerializer().Serialize(inside_->prometheus.Collect());
}

}  // namespace mynumber::metrics
