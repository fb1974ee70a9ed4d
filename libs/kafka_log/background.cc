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
    if (tasks_.size() > idle_ && threads_.size() < threads_max_ && !stopping_) {
      threads_.emplace_back([this] { Work(); });
    }
  }
  changed_.notify_one();
}

void Background::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    // What it holds may take its time to go.
    task = nullptr;
    lock.lock();
  }
}

}  // namespace mynumber::kafka_log
