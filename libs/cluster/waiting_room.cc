#include "libs/cluster/waiting_room.h"

#include <chrono>
#include <utility>

#include "libs/runtime/process.h"

namespace mynumber::cluster {
namespace {

constexpr size_t kWaitingMax = 20'000;

}  // namespace

WaitingRoom::WaitingRoom() : thread_([this] { Run(); }) {}

WaitingRoom::~WaitingRoom() { Stop(); }

bool WaitingRoom::In(int64_t wait_micros, Call call) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (is_stopping_ || waiting_.size() >= kWaitingMax) return false;
  const int64_t due_micros = runtime::SteadyMicros() + wait_micros;
  const bool is_first = waiting_.empty() || due_micros < waiting_.begin()->first;
  waiting_.emplace(due_micros, std::move(call));
  if (is_first) changed_.notify_one();
  return true;
}

void WaitingRoom::Stop() {
  std::multimap<int64_t, Call> left;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_stopping_ = true;
    left.swap(waiting_);
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (auto& [due_micros, call] : left) call(true);
}

void WaitingRoom::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!is_stopping_) {
    if (waiting_.empty()) {
      changed_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
      continue;
    }
    const int64_t left_micros = waiting_.begin()->first - runtime::SteadyMicros();
    if (left_micros > 0) {
      changed_.wait_for(lock, std::chrono::microseconds(left_micros));
      continue;
    }
    const Call call = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    lock.unlock();
    call(false);
    lock.lock();
  }
}

}  // namespace mynumber::cluster
