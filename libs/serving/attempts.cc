#include "libs/serving/attempts.h"

#include <algorithm>
#include <utility>

namespace mynumber::serving {

void RefusedAttempts::Note(const std::string& authority, AttemptKind kind, int64_t now_micros) {
  std::lock_guard<std::mutex> lock(mutex_);
  Add(authority, kind, {1, now_micros, now_micros});
}

std::vector<RefusedOf> RefusedAttempts::Take() {
  std::map<std::string, std::map<AttemptKind, AttemptTally>> taken;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    taken.swap(by_authority_);
    taken_ += taken.size();
  }
  std::vector<RefusedOf> all;
  for (auto& [authority, attempts] : taken) all.push_back({authority, std::move(attempts)});
  return all;
}

void RefusedAttempts::End(const RefusedOf& refused, bool is_written) {
  std::lock_guard<std::mutex> lock(mutex_);
  --taken_;
  if (is_written) return;
  for (const auto& [kind, tally] : refused.attempts) Add(refused.authority, kind, tally);
}

bool RefusedAttempts::IsEmpty() {
  std::lock_guard<std::mutex> lock(mutex_);
  return taken_ == 0 && by_authority_.empty();
}

void RefusedAttempts::Add(const std::string& authority, const AttemptKind& kind, const AttemptTally& tally) {
  auto& attempts = by_authority_[authority];
  const bool is_told_apart = attempts.count(kind) > 0 || attempts.size() < kKindsMax;
  AttemptTally& sum = attempts[is_told_apart ? kind : AttemptKind{}];
  sum.first_micros = sum.count == 0 ? tally.first_micros : std::min(sum.first_micros, tally.first_micros);
  sum.last_micros = std::max(sum.last_micros, tally.last_micros);
  sum.count += tally.count;
}

}  // namespace mynumber::serving
