// Prints what this machine can do, each figure beside a baseline of the same run. Called by tests/bench/run.

#include <cstdio>
#include <filesystem>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "tests/bench/measures.h"
#include "tests/bench/notice_measures.h"

ABSL_FLAG(std::string, standalone, "", "The server's binary.");
ABSL_FLAG(std::string, echo, "", "The empty server's binary.");
ABSL_FLAG(std::string, folder, "", "A folder for data; emptied.");
ABSL_FLAG(std::string, results, "", "File of JSON lines to append to.");
ABSL_FLAG(uint64_t, rows, 1'000'000, "Residents of the bulk load.");
ABSL_FLAG(uint64_t, memory_rows, 5'000'000, "Residents of the load that memory is watched during.");
ABSL_FLAG(double, seconds, 8, "Length of each measurement of single calls.");
ABSL_FLAG(std::string, only, "", "bulk, calls, memory or notices: only these.");

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  mynumber::bench::BenchOptions options;
  options.standalone = absl::GetFlag(FLAGS_standalone);
  options.echo = absl::GetFlag(FLAGS_echo);
  options.folder = absl::GetFlag(FLAGS_folder);
  options.bulk_rows = absl::GetFlag(FLAGS_rows);
  options.memory_rows = absl::GetFlag(FLAGS_memory_rows);
  options.call_seconds = absl::GetFlag(FLAGS_seconds);
  std::filesystem::remove_all(options.folder);
  std::filesystem::create_directories(options.folder);
  mynumber::bench::Report report(absl::GetFlag(FLAGS_results));
  const std::string only = absl::GetFlag(FLAGS_only);
  const auto wanted = [&only](const char* name) { return only.empty() || only == name; };
  if (wanted("bulk")) mynumber::bench::MeasureBulkAndRebuild(options, &report);
  if (wanted("calls")) mynumber::bench::MeasureCalls(options, &report);
  if (wanted("memory")) mynumber::bench::MeasureMemory(options, &report);
  if (wanted("notices")) mynumber::bench::MeasureNotices(options.call_seconds, &report);
  report.PrintTable();
  std::filesystem::remove_all(options.folder);
  return 0;
}
