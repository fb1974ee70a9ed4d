// Prints what this machine can do, each figure beside a baseline of the same run. Called by tests/bench/run.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_split.h"
#include "tests/bench/kafka_measures.h"
#include "tests/bench/measures.h"
#include "tests/bench/notice_measures.h"
#include "tests/bench/report_measures.h"

ABSL_FLAG(std::string, standalone, "", "The server's binary.");
ABSL_FLAG(std::string, echo, "", "The empty server's binary.");
ABSL_FLAG(std::string, folder, "", "A folder for data; emptied.");
ABSL_FLAG(std::string, plain_sealing_shim, "", "The library that takes sealing's cost away.");
ABSL_FLAG(std::string, results, "", "File of JSON lines to append to.");
ABSL_FLAG(uint64_t, rows, 1'000'000, "Residents of the bulk load.");
ABSL_FLAG(uint64_t, memory_rows, 5'000'000, "Residents of the load that memory is watched during.");
ABSL_FLAG(double, seconds, 8, "Length of each measurement of single calls.");
ABSL_FLAG(uint32_t, kafka_partitions, 4, "Partitions of the log on Kafka.");
ABSL_FLAG(std::string, only, "",
          "Some of bulk, tls, memory, calls, notices, reports, kafka, kafka3, with spaces between; empty: all.");

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  mynumber::bench::BenchOptions options;
  options.standalone = absl::GetFlag(FLAGS_standalone);
  options.echo = absl::GetFlag(FLAGS_echo);
  options.plain_sealing_shim = absl::GetFlag(FLAGS_plain_sealing_shim);
  options.folder = absl::GetFlag(FLAGS_folder);
  options.bulk_rows = absl::GetFlag(FLAGS_rows);
  options.memory_rows = absl::GetFlag(FLAGS_memory_rows);
  options.call_seconds = absl::GetFlag(FLAGS_seconds);
  options.kafka_partitions = absl::GetFlag(FLAGS_kafka_partitions);
  std::filesystem::remove_all(options.folder);
  std::filesystem::create_directories(options.folder);
  mynumber::bench::Report report(absl::GetFlag(FLAGS_results));
  const std::vector<std::string> only = absl::StrSplit(absl::GetFlag(FLAGS_only), ' ', absl::SkipEmpty());
  const auto wanted = [&only](const char* name) {
    return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
  };
  if (wanted("bulk")) mynumber::bench::MeasureBulkAndRebuild(options, &report);
  if (wanted("calls")) mynumber::bench::MeasureCalls(options, &report);
  if (wanted("tls")) mynumber::bench::MeasureTls(options, &report);
  if (wanted("memory")) mynumber::bench::MeasureMemory(options, &report);
  if (wanted("notices")) mynumber::bench::MeasureNotices(options.call_seconds, &report);
  if (wanted("reports")) {
    mynumber::bench::MeasureReports(options, 0, &report);
    mynumber::bench::MeasureReports(options, 1, &report);
  }
  if (wanted("kafka")) mynumber::bench::MeasureKafka(options, 1, &report);
  if (wanted("kafka3")) mynumber::bench::MeasureKafka(options, 3, &report);
  report.PrintTable();
  std::filesystem::remove_all(options.folder);
  return 0;
}
