#ifndef MYNUMBER_TESTS_BENCH_STANDALONE_UNDER_LOAD_H_
#define MYNUMBER_TESTS_BENCH_STANDALONE_UNDER_LOAD_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "tests/bench/child_process.h"
#include "tests/bench/measures.h"

namespace mynumber::bench {

using Clock = std::chrono::steady_clock;

double Since(Clock::time_point start);

// Says why on standard error, and ends the process: a figure of a run that went wrong would be worse than none.
[[noreturn]] void Give(const std::string& why);

// The server under measurement on a data folder, ready.
struct StandaloneUnderLoad {
  // `words`: more of its command line.
  // `certificates`: a folder that its mutual TLS needs, or none for plain text. `preload`: as ChildProcess has it.
  StandaloneUnderLoad(const BenchOptions& options, const std::string& data,
                      const std::vector<std::string>& words = {}, const std::string& certificates = "",
                      const std::string& preload = "");
  std::string target() const;

  int port;
  int admin;
  // Of whoever calls it; none: plain text.
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  ChildProcess process;
  double ready_seconds = 0;
};

struct LoadFigures {
  double residents_per_second = 0;
  double service_cpu_micros = 0;
  double client_cpu_micros = 0;
};

// Registers residents [first, first + count) through the stream.
LoadFigures Load(uint64_t first, uint64_t count, StandaloneUnderLoad* cluster);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_STANDALONE_UNDER_LOAD_H_
