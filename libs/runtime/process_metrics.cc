#include "libs/runtime/process_metrics.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "libs/log/log.h"
#include "libs/runtime/process.h"

namespace mynumber::runtime {
namespace {

double SecondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double CountFiles(const char* folder) {
  std::error_code error;
  const std::filesystem::directory_iterator files(folder, error);
  return error ? 0 : static_cast<double>(std::distance(begin(files), end(files)));
}

}  // namespace

ProcessUsage ReadProcessUsage() {
  ProcessUsage usage;
  double all_pages = 0;
  double resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  usage.resident_memory_bytes = resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  usage.cpu_seconds = SecondsOf(used.ru_utime) + SecondsOf(used.ru_stime);
  usage.open_files = CountFiles("/proc/self/fd");
  usage.threads = CountFiles("/proc/self/task");
  return usage;
}

void AddProcessMetrics(metrics::Registry& registry) {
  const auto memory = registry.AddGauge("mynumber_process_resident_memory_bytes", "Memory in use.");
  const auto cpu = registry.AddCounter("mynumber_process_cpu_seconds_total", "User and system time.");
  const auto files = registry.AddGauge("mynumber_process_open_files", "Open file descriptors.");
  const auto threads = registry.AddGauge("mynumber_process_threads", "Threads.");
  const auto redactions = registry.AddGauge(
      "mynumber_log_redactions", "Long runs of digits masked in log lines; more than 0 is a defect.");
  registry.AddGauge("mynumber_process_start_time_seconds", "When the process started, since 1970.")
      .Set(static_cast<double>(WallMicros()) / 1e6);
  registry.BeforeText([=] {
    const ProcessUsage usage = ReadProcessUsage();
    memory.Set(usage.resident_memory_bytes);
    cpu.Increment(usage.cpu_seconds - cpu.Value());
    files.Set(usage.open_files);
    threads.Set(usage.threads);
    redactions.Set(static_cast<double>(log::RedactedCount()));
  });
}

void AddDiskMetrics(metrics::Registry& registry, std::string folder) {
  const auto free = registry.AddGauge("mynumber_disk_free_bytes", "What this process may still write to its disk.");
  const auto size = registry.AddGauge("mynumber_disk_size_bytes", "The size of this disk.");
  registry.BeforeText([free, size, folder = std::move(folder)] {
    struct statvfs disk {};
    const bool is_known = statvfs(folder.c_str(), &disk) == 0;
    const double block_bytes = is_known ? static_cast<double>(disk.f_frsize) : 0;
    free.Set(block_bytes * static_cast<double>(disk.f_bavail));
    size.Set(block_bytes * static_cast<double>(disk.f_blocks));
  });
}

}  // namespace mynumber::runtime
