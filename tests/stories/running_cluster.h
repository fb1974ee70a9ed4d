#ifndef MYNUMBER_TESTS_STORIES_RUNNING_CLUSTER_H_
#define MYNUMBER_TESTS_STORIES_RUNNING_CLUSTER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "libs/projection/rocks_rows.h"
#include "services/standalone/standalone.h"
#include "tests/stories/client.h"

namespace mynumber::stories {

// A folder of the test's own, gone at its end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The real cluster in this process: every service on the embedded log, over gRPC on free ports of 127.0.0.1, with
// little memory and data of its own; of notices only if options say so. It can be stopped and started again on the same
// data.
class RunningCluster {
 public:
  // Not yet running.
  RunningCluster();

  // For the next start.
  standalone::Options options;

  // Serves when it returns; ends the test program if it cannot.
  void Start();
  // The same without waiting: may be catching up.
  absl::Status TryStart();
  // Orderly, and with the grace that main() gives.
  void Stop(int64_t grace_millis = 10'000);
  void Restart();

  // Opens the rows of one of issuance's partitions, as they lie on the disk; not while it runs.
  void EditRows(uint32_t partition, const std::function<void(projection::RocksRows*)>& edit);
  std::string RowsFolder(uint32_t partition) const;

  // A client with a connection of its own, without retries, so that the first answer is seen.
  Client NewClient() const;
  standalone::Standalone& standalone() { return *standalone_; }
  // Of keyring, log and rows.
  std::string data() const { return folder_.path() + "/data"; }
  std::string target() const;

  // What the clock of the services shows beyond the real one, from now on.
  void AdvanceClock(int64_t micros) { ahead_micros_ += micros; }
  // With each look at it the clock goes on by so much, so that no deadline is kept; 0: as usual again.
  void AdvanceClockWithEachLook(int64_t micros) { step_micros_ = micros; }
  int64_t NowMicros() const;

  struct Page {
    int code = 0;
    std::string body;
  };
  // Of the admin port, over HTTP.
  Page Get(const std::string& path) const;
  // The value of a metric's line that starts with `line`, name and labels; -1 if there is none.
  double Metric(const std::string& line) const;
  // Of all lines of the metric, whatever their labels.
  double SumOf(const std::string& metric) const;
  // Waits until that is zero, for some seconds; fails the test if it does not come.
  void AwaitZero(const std::string& metric) const;

 private:
  TemporaryFolder folder_;
  mutable std::atomic<int64_t> ahead_micros_{0};
  std::atomic<int64_t> step_micros_{0};
  std::unique_ptr<standalone::Standalone> standalone_;
  // Another instance of the same cluster, which owns a share of the partitions; if MYNUMBER_STORIES_COMPANION is set;
  // "owned": neither keeps rows of what the other owns.
  TemporaryFolder companion_folder_;
  std::unique_ptr<standalone::Standalone> companion_;

  void StartCompanion();
};

}  // namespace mynumber::stories

#endif  // MYNUMBER_TESTS_STORIES_RUNNING_CLUSTER_H_
