#ifndef MYNUMBER_LIBS_RUNTIME_WORKERS_H_
#define MYNUMBER_LIBS_RUNTIME_WORKERS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mynumber::runtime {

// Threads for work that a gRPC handler may not do itself because it reads for longer than a moment. Bounded: what does
// not fit is refused, not queued. Any thread may call.
class Workers {
 public:
  Workers(int threads, size_t waiting_max);
  // Finishes what was taken.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False: too much waits; `work` will not run.
  [[nodiscard]] bool Run(std::function<void()> work);

 private:
  void Loop();

  const size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_WORKERS_H_
