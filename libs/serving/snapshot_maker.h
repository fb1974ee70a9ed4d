#ifndef MYNUMBER_LIBS_SERVING_SNAPSHOT_MAKER_H_
#define MYNUMBER_LIBS_SERVING_SNAPSHOT_MAKER_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/metrics/metrics.h"
#include "libs/projection/snapshots.h"
#include "libs/runtime/process.h"

namespace mynumber::serving {

struct SnapshotOptions {
  // Which all instances share; null: no snapshots are made, and none is started from.
  const projection::Snapshots* snapshots = nullptr;
  // The newest of each partition is no older.
  int64_t every_seconds = 6 * 3600;
};

// Makes snapshots of the partitions of one service that this instance owns, one after the other, whenever the newest,
// whoever made it, is too old. A thread of its own, which takes as long as it takes.
class SnapshotMaker {
 public:
  struct Around {
    std::string service;
    std::string instance;
    uint32_t projection_version = 1;
    std::vector<const projection::RocksRows*> rows;
    std::function<bool(uint32_t partition)> owns;
    runtime::Now now;
  };

  SnapshotMaker(SnapshotOptions options, Around around, metrics::Registry* registry);
  // Stops.
  ~SnapshotMaker() { Stop(); }

  // Begins the thread.
  void Start();
  // What is under way is finished. A second call does nothing.
  void Stop();
  // What the thread does every few seconds: all snapshots that are due now.
  void Round();

 private:
  bool Wait();
  void MakeOne(uint32_t partition, int64_t now_seconds);

  const SnapshotOptions options_;
  const Around around_;
  metrics::Counter made_, failed_;
  // By partition; 0: not owned, or not yet looked up.
  std::vector<metrics::Gauge> newest_seconds_;
  std::vector<int64_t> due_seconds_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_SNAPSHOT_MAKER_H_
