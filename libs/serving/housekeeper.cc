#include "libs/serving/housekeeper.h"

#include <chrono>
#include <utility>

#include "libs/log/log.h"

namespace mynumber::serving {

PartitionWatch::PartitionWatch(std::string service, uint32_t partition_count, Snapshot snapshot)
    : service_(std::move(service)), snapshot_(std::move(snapshot)), told_(partition_count) {}

void PartitionWatch::LogCatchingUp() const {
  for (uint32_t p = 0; p < told_.size(); ++p) {
    const auto seen = snapshot_(p);
    // A partition that nobody wants has caught up, and does not claim.
    if (seen.target <= seen.head.offset() + 1) continue;
    log::Info("catching_up", {{"service", service_}, {"partition", p}, {"offset", seen.head.offset()},
                              {"target_offset", seen.target}, {"folded_records", seen.counts.folded_records}});
  }
}

void PartitionWatch::LogWhatNeedsAPerson() {
  for (uint32_t p = 0; p < told_.size(); ++p) {
    const runtime::PartitionSnapshot seen = snapshot_(p);
    Told& told = told_[p];
    if (std::exchange(told.truncations, seen.counts.truncations) < seen.counts.truncations) {
      log::Error("log_truncated", {{"service", service_}, {"partition", p},
                                   {"do", "the log lost its end; the rows were kept aside. What was answered and is "
                                          "gone: mynumberctl lost-answers"}});
    }
    if (std::exchange(told.clock_step_downs, seen.counts.clock_step_downs) < seen.counts.clock_step_downs) {
      log::Error("clock_is_wrong", {{"service", service_}, {"partition", p}, {"why", seen.trouble.message()}});
    }
    if (seen.reacts_no_more() && !std::exchange(told.reacts_no_more, true)) {
      log::Error("reactions_stopped", {{"service", service_}, {"partition", p}, {"why", seen.input_trouble.message()}});
    }
    if (!seen.stopped.ok() && !std::exchange(told.has_stopped, true)) {
      log::Error("partition_stopped", {{"service", service_}, {"partition", p}, {"why", seen.stopped.message()}});
    }
  }
}

Housekeeper::Housekeeper(PartitionWatch watch, Work work)
    : watch_(std::move(watch)), work_(std::move(work)), thread_([this] { Run(); }) {}

Housekeeper::~Housekeeper() { Stop(); }

void Housekeeper::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Housekeeper::Wait(int millis) {
  std::unique_lock<std::mutex> lock(mutex_);
  return !changed_.wait_for(lock, std::chrono::milliseconds(millis), [this] { return is_stopping_; });
}

void Housekeeper::Run() {
  int waited = 0;
  while (!work_.serving()) {
    if (!Wait(20)) return;
    if (++waited % 100 == 0) watch_.LogCatchingUp();
    watch_.LogWhatNeedsAPerson();
  }
  while (!work_.at_first()) {
    if (!Wait(200)) return;
  }
  do {
    watch_.LogWhatNeedsAPerson();
    if (work_.serving()) work_.now_and_then();
  } while (Wait(5000));
}

}  // namespace mynumber::serving
