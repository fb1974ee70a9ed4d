#include "tests/bench/report.h"

#include <cstdio>
#include <fstream>

namespace mynumber::bench {
namespace {

double Ratio(const Figure& figure) { return figure.baseline_value == 0 ? 0 : figure.value / figure.baseline_value; }

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 1000 ? "%.0f" : "%.3g", value);
  return text;
}

}  // namespace

void Report::Add(const Figure& figure) {
  figures_.push_back(figure);
  std::ofstream out(path_, std::ios::app);
  out << "{\"name\":\"" << figure.name << "\",\"value\":" << Number(figure.value) << ",\"unit\":\"" << figure.unit
      << "\",\"baseline\":\"" << figure.baseline << "\",\"baseline_value\":" << Number(figure.baseline_value)
      << ",\"ratio\":" << Number(Ratio(figure)) << "}\n";
  std::fprintf(stderr, "%s: %s %s\n", figure.name.c_str(), Number(figure.value).c_str(), figure.unit.c_str());
}

void Report::PrintTable() const {
  std::printf("%-34s %12s %-12s %-34s %12s %7s  %s\n", "figure", "value", "unit", "baseline", "value", "ratio", "aim");
  for (const Figure& figure : figures_) {
    const std::string aim = figure.aim.empty() ? "" : figure.aim + (figure.is_met ? ": met" : ": MISSED");
    std::printf("%-34s %12s %-12s %-34s %12s %7.3f  %s\n", figure.name.c_str(), Number(figure.value).c_str(),
                figure.unit.c_str(), figure.baseline.c_str(), Number(figure.baseline_value).c_str(), Ratio(figure),
                aim.c_str());
  }
}

}  // namespace mynumber::bench
