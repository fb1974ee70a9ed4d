#ifndef MYNUMBER_LIBS_SERVING_HOUSEKEEPER_H_
#define MYNUMBER_LIBS_SERVING_HOUSEKEEPER_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/runtime/partition_snapshot.h"

namespace mynumber::serving {

// Tells the operator, by log lines, how the partitions of one service catch up and what of them needs a person: once
// for each that has stopped, or reacts no more to another service, for each tail that its log has lost, for each clock
// that was wrong. One thread.
class PartitionWatch {
 public:
  using Snapshot = std::function<runtime::PartitionSnapshot(uint32_t partition)>;

  PartitionWatch(std::string service, uint32_t partition_count, Snapshot snapshot);

  void LogCatchingUp() const;
  void LogWhatNeedsAPerson();

 private:
  // What was told of a partition.
  struct Told {
    uint64_t truncations = 0;
    uint64_t clock_step_downs = 0;
    bool has_stopped = false;
    bool reacts_no_more = false;
  };

  const std::string service_;
  const Snapshot snapshot_;
  std::vector<Told> told_;
};

// A thread for what is to be done now and then beside the loops and the calls.
class Housekeeper {
 public:
  struct Work {
    // Whether all partitions serve that can.
    std::function<bool()> serving;
    // When they do for the first time, again and again until it is true.
    std::function<bool()> at_first;
    // Every five seconds from then on while they do. Must not block for long.
    std::function<void()> now_and_then;
  };

  Housekeeper(PartitionWatch watch, Work work);
  // Stops.
  ~Housekeeper();
  // What is under way is finished. A second call does nothing.
  void Stop();

 private:
  void Run();
  // False: it is to stop.
  bool Wait(int millis);

  PartitionWatch watch_;
  const Work work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_HOUSEKEEPER_H_
