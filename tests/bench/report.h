#ifndef MYNUMBER_TESTS_BENCH_REPORT_H_
#define MYNUMBER_TESTS_BENCH_REPORT_H_

#include <string>
#include <vector>

namespace mynumber::bench {

// One figure, with what was measured beside it in the same run.
struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  std::string baseline;
  double baseline_value = 0;
  // What it is meant to be, in words; empty if nothing is.
  std::string aim;
  bool is_met = true;
};

// Collects figures; prints each as it comes, and at the end a table. Appends to a file of JSON lines.
class Report {
 public:
  explicit Report(std::string path) : path_(std::move(path)) {}
  void Add(const Figure& figure);
  void PrintTable() const;

 private:
  std::string path_;
  std::vector<Figure> figures_;
};

}  // namespace mynumber::bench

#endif  // MYNUMBER_TESTS_BENCH_REPORT_H_
