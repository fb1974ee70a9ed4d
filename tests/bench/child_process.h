#ifndef MYNUMBER_TESTS_BENCH_CHILD_PROCESS_H_
#define MYNUMBER_TESTS_BENCH_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace mynumber::bench {

// CPU time of a process so far, user and system, threads and all.
double CpuSecondsOf(pid_t pid);

// A server under measurement, started by this process and ended by it.
class ChildProcess {
 public:
  // `words[0]` is the binary. Its output goes to `log_path`. `preload`: a library for LD_PRELOAD, if any.
  ChildProcess(const std::vector<std::string>& words, const std::string& log_path, const std::string& preload = "");
  // Ends it in good order if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;

  // SIGTERM, and waits.
  void Stop();
  // CPU time so far, user and system.
  double CpuSeconds() const { return CpuSecondsOf(pid_); }
  double ResidentMebibytes() const;

 private:
  pid_t pid_ = -1;
};

// CPU time of this process.
double OwnCpuSeconds();

// A TCP port that nobody has at the moment.
int FreePort();

// Waits until something accepts at 127.0.0.1:port and GET /readyz there says 200; aborts after `seconds_max`. Returns
// the seconds it took.
double AwaitReady(int admin_port, double seconds_max);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_CHILD_PROCESS_H_
