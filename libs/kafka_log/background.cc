#include "libs/kafka_log/background.h"

#include <utility>

namespace mynumber::kafka_log {

Background::~Background() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Background::Run(std::function<void()> task) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push_back(std::move(task));
    StartThread();
  }
  changed_.notify_one();
}

void Background::RunLate(std::function<void()> task) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    late_.push_back(std::move(task));
    StartThread();
  }
  changed_.notify_one();
}

void Background::StartThread() {
  if (tasks_.size() + late_.size() > idle_ && threads_.size() < threads_max_ && !stopping_) {
    threads_.emplace_back([this] { Work(); });
  }
}

void Background::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty() || HasLate(); });
    --idle_;
    const bool is_late = tasks_.empty();
    std::deque<std::function<void()>>& from = is_late ? late_ : tasks_;
    if (from.empty()) return;
    std::function<void()> task = std::move(from.front());
    from.pop_front();
    late_running_ += is_late ? 1 : 0;
    lock.unlock();
    task();
    // What it holds may take its time to go.
    task = nullptr;
    lock.lock();
    late_running_ -= is_late ? 1 : 0;
  }
}

}  // namespace mynumber::kafka_log
