#ifndef MYNUMBER_TESTS_BENCH_NOTICE_MEASURES_H_
#define MYNUMBER_TESTS_BENCH_NOTICE_MEASURES_H_

#include "tests/bench/report.h"

namespace mynumber::bench {

// Notices for each second of one core, as single PDFs and as pages of a print run, against Cairo and Pango bare with
// pages of as many glyphs. `seconds` of processor time for each figure.
void MeasureNotices(double seconds, Report* report);

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_NOTICE_MEASURES_H_
