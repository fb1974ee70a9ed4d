#include "libs/access/limits.h"

#include <algorithm>

namespace mynumber::access {
namespace {

constexpr int64_t kSecondNanos = 1'000'000'000;
constexpr int64_t kMicroNanos = 1'000;

// What a bucket is: one more call each `step`, `depth` saved up at most.
struct Bucket {
  int64_t step_nanos;
  int64_t depth_nanos;

  explicit Bucket(const v1::Limits& limits)
      // Rounded up: never more than calls_per_second.
      : step_nanos((kSecondNanos + limits.calls_per_second() - 1) / limits.calls_per_second()),
        depth_nanos(step_nanos * limits.burst()) {}
};

// When the bucket is full again after `calls` more.
int64_t FullAfter(const Bucket& bucket, int64_t full_nanos, uint32_t calls, int64_t now_nanos) {
  return std::max(full_nanos, now_nanos) + bucket.step_nanos * calls;
}

int64_t WaitForCalls(const v1::Limits& limits, int64_t full_nanos, uint32_t calls, int64_t now_nanos) {
  if (calls == 0) return 0;
  if (limits.calls_per_second() == 0 || calls > limits.burst()) return Limits::kNever;
  const Bucket bucket(limits);
  const int64_t too_much = FullAfter(bucket, full_nanos, calls, now_nanos) - now_nanos - bucket.depth_nanos;
  return too_much <= 0 ? 0 : (too_much + kMicroNanos - 1) / kMicroNanos;
}

}  // namespace

void HourWindow::MoveTo(int64_t minute) {
  const int64_t steps = std::min(minute - minute_, kMinutes);
  for (int64_t i = 0; i < steps; ++i) {
    uint32_t& oldest = counts_[static_cast<size_t>((minute - i) % kMinutes)];
    sum_ -= oldest;
    oldest = 0;
  }
  minute_ = std::max(minute_, minute);
}

int64_t HourWindow::WaitFor(uint32_t count, uint32_t limit, int64_t now_micros) {
  if (count == 0) return 0;
  if (count > limit) return Limits::kNever;
  MoveTo(now_micros / kMinuteMicros);
  uint64_t left = sum_;
  for (int64_t age = kMinutes - 1; left + count > limit; --age) {
    left -= counts_[static_cast<size_t>((minute_ - age + kMinutes) % kMinutes)];
    if (left + count <= limit) return (minute_ - age + kMinutes) * kMinuteMicros - now_micros;
  }
  return 0;
}

void HourWindow::Add(uint32_t count, int64_t now_micros) {
  MoveTo(now_micros / kMinuteMicros);
  counts_[static_cast<size_t>(minute_ % kMinutes)] += count;
  sum_ += count;
}

Limits::Asker& Limits::Find(std::string_view who) {
  const auto found = by_name_.find(absl::string_view(who.data(), who.size()));
  if (found != by_name_.end()) {
    askers_.splice(askers_.begin(), askers_, found->second);
    return askers_.front();
  }
  if (!askers_.empty() && askers_.size() >= remembered_max_) {
    by_name_.erase(askers_.back().who);
    askers_.pop_back();
  }
  askers_.emplace_front().who = std::string(who);
  by_name_.emplace(askers_.front().who, askers_.begin());
  return askers_.front();
}

int64_t Limits::Take(std::string_view who, const v1::Limits& limits, const Taken& taken, int64_t now_micros) {
  std::lock_guard<std::mutex> lock(mutex_);
  now_micros_ = std::max(now_micros_, now_micros);
  const int64_t now_nanos = now_micros_ * kMicroNanos;
  Asker& asker = Find(who);
  const int64_t wait =
      std::max({WaitForCalls(limits, asker.full_nanos, taken.calls, now_nanos),
                asker.disclosures.WaitFor(taken.disclosures, limits.disclosures_per_hour(), now_micros_),
                asker.look_ups.WaitFor(taken.look_ups, limits.look_ups_per_hour(), now_micros_)});
  if (wait > 0) return wait;
  if (taken.calls > 0) asker.full_nanos = FullAfter(Bucket(limits), asker.full_nanos, taken.calls, now_nanos);
  if (taken.disclosures > 0) asker.disclosures.Add(taken.disclosures, now_micros_);
  if (taken.look_ups > 0) asker.look_ups.Add(taken.look_ups, now_micros_);
  return 0;
}

size_t Limits::size() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return askers_.size();
}

}  // namespace mynumber::access
