#ifndef MYNUMBER_TESTS_BENCH_KAFKA_MEASURES_H_
#define MYNUMBER_TESTS_BENCH_KAFKA_MEASURES_H_

#include "tests/bench/measures.h"

namespace mynumber::bench {

// Bulk registration, the rebuild of its rows and single registrations on so many real brokers (1 or 3), which it starts
// and takes down: each beside what librdkafka does alone with records of the same sizes. With three brokers the figures
// are called ...kafka3.
void MeasureKafka(const BenchOptions& options, int broker_count, Report* report);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_KAFKA_MEASURES_H_
