#include "tests/bench/callers.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace mynumber::bench {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::duration passed) { return std::chrono::duration<double>(passed).count(); }

// Latencies and failures of the calls that began after the warm-up.
class Tally {
 public:
  explicit Tally(Clock::time_point from) : from_(from) { millis_.reserve(1 << 20); }

  void Take(Clock::time_point began, bool ok) {
    const auto now = Clock::now();
    std::lock_guard<std::mutex> lock(mutex_);
    if (!ok) ++failed_;
    if (began < from_) return;
    millis_.push_back(static_cast<float>(Seconds(now - began) * 1e3));
    last_ = now;
  }

  CallFigures Figures() {
    std::lock_guard<std::mutex> lock(mutex_);
    CallFigures figures;
    figures.failed = failed_;
    if (millis_.empty()) return figures;
    std::sort(millis_.begin(), millis_.end());
    figures.calls_per_second = static_cast<double>(millis_.size()) / Seconds(last_ - from_);
    figures.p50_millis = static_cast<double>(millis_[millis_.size() / 2]);
    figures.p99_millis = static_cast<double>(millis_[millis_.size() * 99 / 100]);
    return figures;
  }

 private:
  std::mutex mutex_;
  Clock::time_point from_;
  Clock::time_point last_;
  std::vector<float> millis_;
  uint64_t failed_ = 0;
};

}  // namespace

CallFigures ClosedLoop(int callers, double seconds, const StartCall& start) {
  const auto begin = Clock::now();
  const auto warm = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds / 10));
  const auto end = warm + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  Tally tally(warm);
  std::atomic<uint64_t> next{0};
  std::mutex mutex;
  std::condition_variable ended;
  int running = callers;
  std::function<void()> loop = [&] {
    const auto began = Clock::now();
    if (began >= end) {
      std::lock_guard<std::mutex> lock(mutex);
      if (--running == 0) ended.notify_all();
      return;
    }
    start(next.fetch_add(1), [&, began](bool ok) {
      tally.Take(began, ok);
      loop();
    });
  };
  for (int i = 0; i < callers; ++i) loop();
  std::unique_lock<std::mutex> lock(mutex);
  ended.wait(lock, [&] { return running == 0; });
  return tally.Figures();
}

CallFigures OpenLoop(double calls_per_second, double seconds, const StartCall& start) {
  const auto begin = Clock::now();
  Tally tally(begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds / 10)));
  std::atomic<int64_t> running{0};
  uint64_t sent = 0;
  for (double passed = 0; passed < seconds * 1.1; passed = Seconds(Clock::now() - begin)) {
    for (; static_cast<double>(sent) < passed * calls_per_second; ++sent) {
      const auto began = Clock::now();
      running.fetch_add(1);
      start(sent, [&, began](bool ok) {
        tally.Take(began, ok);
        running.fetch_sub(1);
      });
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
  while (running.load() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return tally.Figures();
}

}  // namespace mynumber::bench
