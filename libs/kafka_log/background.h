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
  // For what nobody waits for, as destroying: half of the threads at most do it, and only while no other task waits.
  // When a leader is lost all partitions leave clients behind at once, and each needs a new one just then.
  void RunLate(std::function<void()> task);

 private:
  // By mutex.
  void StartThread();
  bool HasLate() const { return !late_.empty() && (late_running_ < (threads_max_ + 1) / 2 || stopping_); }
  void Work();

  const size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  std::deque<std::function<void()>> late_;
  size_t late_running_ = 0;
  size_t idle_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_BACKGROUND_H_
