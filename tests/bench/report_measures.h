#ifndef MYNUMBER_TESTS_BENCH_REPORT_MEASURES_H_
#define MYNUMBER_TESTS_BENCH_REPORT_MEASURES_H_

#include "tests/bench/measures.h"

namespace mynumber::bench {

// The carrier's reports by the stream, and ExplainNotice beside an empty call, with the log on so many real brokers, or
// embedded with 0. Reports are of numbers that no piece has, six for each, since a nation's pieces cannot be drawn for
// a measurement; those of some hundred pieces are measured beside them.
void MeasureReports(const BenchOptions& options, int broker_count, Report* report);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_REPORT_MEASURES_H_
