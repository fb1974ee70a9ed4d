#ifndef MYNUMBER_LIBS_RUNTIME_PARTITION_THREADS_H_
#define MYNUMBER_LIBS_RUNTIME_PARTITION_THREADS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "libs/runtime/process.h"

namespace mynumber::runtime {

// The threads that drive partition loops. A loop has no thread of its own; its step function does what there is to do
// and returns without blocking for long.
class PartitionThreads {
 public:
  // Gets the time in micros; true: there is more to do, call again at once; false: sleep until Wake or the next tick.
  using Step = std::function<bool(int64_t now_micros)>;

  struct Options {
    // A sleeping step is called after this long though nobody woke it: that is how time passes for it.
    int64_t tick_millis = 20;
    Now now = WallMicros;
    // How far the threads stand back for others, as nice(2) has it: 0 to 19.
    int niceness = 0;
  };

  // Starts at most `threads` threads (1 or more) and calls every step. steps[i] runs on thread i modulo `threads` only,
  // and never twice at once; steps that share a thread take turns.
  PartitionThreads(int threads, std::vector<Step> steps) : PartitionThreads(threads, std::move(steps), Options{}) {}
  PartitionThreads(int threads, std::vector<Step> steps, Options options);
  // Stops.
  ~PartitionThreads();
  PartitionThreads(const PartitionThreads&) = delete;
  PartitionThreads& operator=(const PartitionThreads&) = delete;

  // Step `index` has something to do: a call of it begins after this one. Any thread, a step too. Two atomic operations
  // while the thread is awake, one when the step has been woken already; a lock only to wake a thread that sleeps.
  void Wake(int index);

  // Returns when the steps that run have returned and all threads are gone; no step is called after that. Not from a
  // step. A second call does nothing.
  void Stop();

  // How long the slowest thread has been in its present round, in micros of the steady clock; after Stop 0. Some
  // seconds mean that a step hangs: liveness hangs on this.
  int64_t LongestRoundMicros() const;

 private:
  struct Slot;
  class Thread;

  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_PARTITION_THREADS_H_
