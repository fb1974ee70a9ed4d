#ifndef MYNUMBER_TESTS_BENCH_MEASURES_H_
#define MYNUMBER_TESTS_BENCH_MEASURES_H_

#include <cstdint>
#include <string>

#include "tests/bench/report.h"

namespace mynumber::bench {

struct BenchOptions {
  std::string standalone;
  std::string echo;
  // What takes sealing's cost away.
  std::string plain_sealing_shim;
  // Emptied and used.
  std::string folder;
  uint64_t bulk_rows = 1'000'000;
  uint64_t memory_rows = 5'000'000;
  double call_seconds = 8;
  uint32_t kafka_partitions = 4;
};

// Bulk registration against bare puts of the same rows, then the rebuild of those rows from the log.
void MeasureBulkAndRebuild(const BenchOptions& options, Report* report);

// Bulk registration with mutual TLS against plain text, and against plain text without sealing.
void MeasureTls(const BenchOptions& options, Report* report);
// The server's resident memory while a nation is loaded.
void MeasureMemory(const BenchOptions& options, Report* report);

// Single registrations from 1, 8 and 64 callers against an empty call, and at a third of the greatest rate.
void MeasureCalls(const BenchOptions& options, Report* report);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_MEASURES_H_
