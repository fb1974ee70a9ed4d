#ifndef MYNUMBER_LIBS_KAFKA_LOG_BACKGROUND_H_
#define MYNUMBER_LIBS_KAFKA_LOG_BACKGROUND_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mynumber::kafka_log {

// Threads for what may block: making, warming up and destroying clients, questions to brokers. As many as are needed at
// once, up to a limit.
class Background {
 public:
  explicit Background(size_t threads_max) : threads_max_(threads_max) {}
  // Runs what is left, then ends.
  ~Background();

  // Any thread. Tasks may run at once and in any order.
  void Run(std::function<void()> task);

 private:
  void Work();

  const size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  size_t idle_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_BACKGROUND_H_
