#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_PROGRESS_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "services/mynumberctl/console.h"

namespace mynumber::mynumberctl {

// How far a long command is: a bar that is redrawn on a terminal and never wraps (what does not fit is left out
// whole), a plain line every five seconds elsewhere. One thread at a time.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // `unit`: what is counted, "residents". `now` is for tests.
  Progress(const Console& console, std::string unit, std::function<Clock::time_point()> now = Clock::now);
  ~Progress() { Clear(); }

  // `fraction` from 0 to 1, less than 0 if the end is not known; `remark` stands at the end of the line.
  void Update(uint64_t done, double fraction, const std::string& remark);
  // Takes the bar away, before something else is written.
  void Clear();

  double ElapsedSeconds() const;
  // Since the beginning, for each second.
  double Rate(uint64_t done) const;

 private:
  std::vector<std::string> Parts(uint64_t done, double fraction, const std::string& remark) const;

  const Console& console_;
  const std::string unit_;
  const std::function<Clock::time_point()> now_;
  const Clock::time_point start_;
  Clock::time_point next_;
  bool drawn_ = false;
};

// 59 s as "59 s", 61 s as "1 min 1 s", 3,700 s as "1 h 1 min".
std::string ShowDuration(double seconds);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_PROGRESS_H_
