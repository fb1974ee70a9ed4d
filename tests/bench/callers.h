#ifndef MYNUMBER_TESTS_BENCH_CALLERS_H_
#define MYNUMBER_TESTS_BENCH_CALLERS_H_

#include <cstdint>
#include <functional>

namespace mynumber::bench {

struct CallFigures {
  double calls_per_second = 0;
  double p50_millis = 0;
  double p99_millis = 0;
  uint64_t failed = 0;
};

// Starts call number `index`; must call `done(ok)` once, from any thread.
using StartCall = std::function<void(uint64_t index, std::function<void(bool ok)> done)>;

// `callers` callers, each with one call at a time, for `seconds` after a warm-up of a tenth of that.
CallFigures ClosedLoop(int callers, double seconds, const StartCall& start);

// Calls at a fixed rate, whatever the answers do: latency under a load that does not wait.
CallFigures OpenLoop(double calls_per_second, double seconds, const StartCall& start);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_CALLERS_H_
