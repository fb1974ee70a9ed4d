#include "libs/runtime/partition_threads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <pthread.h>
#include <sys/resource.h>

namespace mynumber::runtime {

// One step and what its thread knows of it.
struct PartitionThreads::Slot {
  Step step;
  std::atomic<bool> is_woken{true};
  // The rest belongs to the slot's thread.
  bool has_more = false;
  int64_t called_micros = 0;  // steady
};

class PartitionThreads::Thread {
 public:
  Thread(std::vector<Slot*> slots, Options options)
      : slots_(std::move(slots)), options_(std::move(options)) {}

  void Start(int number) {
    thread_ = std::thread([this] { Run(); });
    pthread_setname_np(thread_.native_handle(), ("partitions-" + std::to_string(number)).c_str());
  }

  // Called after is_woken of a slot became true. The order of the two atomics on both sides is what loses no wake-up:
  // either Run sees the slot, or this sees the thread asleep.
  void Wake() {
    if (!is_asleep_.load(std::memory_order_seq_cst)) return;
    std::lock_guard lock(mutex_);
    changed_.notify_one();
  }

  void Stop() {
    {
      std::lock_guard lock(mutex_);
      is_stopping_.store(true, std::memory_order_seq_cst);
      changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
  }

  int64_t RoundMicros() const {
    const int64_t began_micros = round_began_micros_.load(std::memory_order_relaxed);
    return began_micros == 0 ? 0 : std::max<int64_t>(SteadyMicros() - began_micros, 0);
  }

 private:
  void Run() {
    // On Linux a thread has a niceness of its own.
    if (options_.niceness != 0) setpriority(PRIO_PROCESS, 0, options_.niceness);
    while (!is_stopping_.load(std::memory_order_relaxed)) {
      round_began_micros_.store(SteadyMicros(), std::memory_order_relaxed);
      const bool has_more = RunRound();
      round_began_micros_.store(0, std::memory_order_relaxed);
      if (!has_more) Sleep();
    }
  }

  // Calls every step that is due, once; whether any has more to do. When one's time has come all are called: a thread
  // that woke for each apart would wake for nothing hundreds of times a second.
  bool RunRound() {
    bool has_more = false;
    const bool is_due = SteadyMicros() >= NextTickMicros();
    for (Slot* slot : slots_) {
      if (is_stopping_.load(std::memory_order_relaxed)) return false;
      const int64_t steady_micros = SteadyMicros();
      const bool was_woken = slot->is_woken.load(std::memory_order_relaxed) &&
                             slot->is_woken.exchange(false, std::memory_order_seq_cst);
      if (!was_woken && !slot->has_more && !is_due) continue;
      slot->called_micros = steady_micros;
      slot->has_more = slot->step(options_.now());
      has_more |= slot->has_more;
    }
    return has_more;
  }

  void Sleep() {
    const int64_t until_micros = NextTickMicros();
    std::unique_lock lock(mutex_);
    is_asleep_.store(true, std::memory_order_seq_cst);
    changed_.wait_until(lock, std::chrono::steady_clock::time_point(std::chrono::microseconds(until_micros)),
                        [this] { return is_stopping_.load(std::memory_order_relaxed) || AnyWoken(); });
    is_asleep_.store(false, std::memory_order_relaxed);
  }

  int64_t NextTickMicros() const {
    int64_t first = INT64_MAX;
    for (const Slot* slot : slots_) first = std::min(first, slot->called_micros);
    return first + options_.tick_millis * 1000;
  }

  bool AnyWoken() const {
    return std::any_of(slots_.begin(), slots_.end(),
                       [](const Slot* slot) { return slot->is_woken.load(std::memory_order_seq_cst); });
  }

  const std::vector<Slot*> slots_;
  const Options options_;
  std::atomic<bool> is_asleep_{false};
  std::atomic<bool> is_stopping_{false};
  std::atomic<int64_t> round_began_micros_{0};  // steady; 0 between rounds
  std::mutex mutex_;                            // for sleeping alone
  std::condition_variable changed_;
  std::thread thread_;
};

PartitionThreads::PartitionThreads(int threads, std::vector<Step> steps, Options options) {
  if (threads < 1) Fatal("partition threads: at least one thread is needed");
  for (Step& step : steps) {
    slots_.push_back(std::make_unique<Slot>());
    slots_.back()->step = std::move(step);
  }
  const size_t count = std::min(static_cast<size_t>(threads), slots_.size());
  for (size_t number = 0; number < count; ++number) {
    std::vector<Slot*> mine;
    for (size_t i = number; i < slots_.size(); i += count) mine.push_back(slots_[i].get());
    threads_.push_back(std::make_unique<Thread>(std::move(mine), options));
  }
  // Only now: a step may wake its neighbours at once.
  for (size_t number = 0; number < count; ++number) threads_[number]->Start(static_cast<int>(number));
}

PartitionThreads::~PartitionThreads() { Stop(); }

void PartitionThreads::Wake(int index) {
  Slot& slot = *slots_.at(static_cast<size_t>(index));
  if (slot.is_woken.exchange(true, std::memory_order_seq_cst)) return;
  threads_[static_cast<size_t>(index) % threads_.size()]->Wake();
}

void PartitionThreads::Stop() {
  for (const auto& thread : threads_) thread->Stop();
}

int64_t PartitionThreads::LongestRoundMicros() const {
  int64_t longest = 0;
  for (const auto& thread : threads_) longest = std::max(longest, thread->RoundMicros());
  return longest;
}

}  // namespace mynumber::runtime
