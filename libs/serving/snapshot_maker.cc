#include "libs/serving/snapshot_maker.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/log/log.h"

namespace mynumber::serving {
namespace {

constexpr int kRoundMillis = 2000;
// After one that failed.
constexpr int64_t kAgainSeconds = 60;

}  // namespace

SnapshotMaker::SnapshotMaker(SnapshotOptions options, Around around, metrics::Registry* registry)
    : options_(options), around_(std::move(around)), due_seconds_(around_.rows.size()) {
  const metrics::Labels labels = {{"service", around_.service}};
  made_ = registry->AddCounter("mynumber_snapshots_total", "Snapshots of partitions made here.", labels);
  failed_ = registry->AddCounter("mynumber_snapshots_failed_total", "Snapshots that could not be made.", labels);
  for (uint32_t p = 0; p < around_.rows.size(); ++p) {
    newest_seconds_.push_back(registry->AddGauge("mynumber_snapshot_newest_seconds",
                                                 "When the newest snapshot was made, since 1970; 0: not owned here.",
                                                 {{"service", around_.service}, {"partition", absl::StrCat(p)}}));
  }
}

void SnapshotMaker::Start() {
  thread_ = std::thread([this] {
    while (Wait()) Round();
  });
}

void SnapshotMaker::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool SnapshotMaker::Wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  return !changed_.wait_for(lock, std::chrono::milliseconds(kRoundMillis), [this] { return is_stopping_; });
}

void SnapshotMaker::Round() {
  for (uint32_t p = 0; p < around_.rows.size(); ++p) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (is_stopping_) return;
    }
    const int64_t now_seconds = around_.now() / 1'000'000;
    if (!around_.owns(p)) {
      // Whoever owns it makes them; whatever there is then is looked up again.
      due_seconds_[p] = 0;
      newest_seconds_[p].Set(0);
    } else if (now_seconds >= due_seconds_[p]) {
      MakeOne(p, now_seconds);
    }
  }
}

void SnapshotMaker::MakeOne(uint32_t partition, int64_t now_seconds) {
  const auto newest = options_.snapshots->Newest(around_.service, partition, around_.projection_version);
  if (newest.ok() && *newest && (*newest)->time_seconds + options_.every_seconds > now_seconds) {
    due_seconds_[partition] = (*newest)->time_seconds + options_.every_seconds;
    newest_seconds_[partition].Set(static_cast<double>((*newest)->time_seconds));
    return;
  }
  const auto made =
      options_.snapshots->Make(around_.service, partition, around_.instance, *around_.rows[partition]);
  if (!made.ok()) {
    failed_.Increment();
    due_seconds_[partition] = now_seconds + kAgainSeconds;
    log::Warn("snapshot_not_made", {{"service", around_.service},
                                    {"partition", partition},
                                    {"why", made.status().message()}});
    return;
  }
  made_.Increment();
  due_seconds_[partition] = made->time_seconds + options_.every_seconds;
  newest_seconds_[partition].Set(static_cast<double>(made->time_seconds));
}

}  // namespace mynumber::serving
