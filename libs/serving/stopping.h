#ifndef MYNUMBER_LIBS_SERVING_STOPPING_H_
#define MYNUMBER_LIBS_SERVING_STOPPING_H_

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace mynumber::serving {

// Whether the instance stops: from then on new commands are refused, and streams that a client keeps open end. Any
// thread.
class Stopping {
 public:
  bool begun() const { return begun_; }

  // Calls everybody who listens. A second call does nothing.
  void Begin() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (begun_.exchange(true)) return;
    for (const auto& [listener, call] : listeners_) call();
  }

  // `call` comes once, at the beginning, unless that was before; not from within Listen or Forget.
  void Listen(const void* listener, std::function<void()> call) {
    std::lock_guard<std::mutex> lock(mutex_);
    listeners_.emplace(listener, std::move(call));
  }
  // No call comes, and none is under way, after this.
  void Forget(const void* listener) {
    std::lock_guard<std::mutex> lock(mutex_);
    listeners_.erase(listener);
  }

 private:
  std::atomic<bool> begun_{false};
  std::mutex mutex_;
  std::map<const void*, std::function<void()>> listeners_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_STOPPING_H_
