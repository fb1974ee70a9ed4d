#ifndef MYNUMBER_LIBS_RUNTIME_PROCESS_METRICS_H_
#define MYNUMBER_LIBS_RUNTIME_PROCESS_METRICS_H_

#include <string>

#include "libs/metrics/metrics.h"

namespace mynumber::runtime {

// What the kernel knows of this process.
struct ProcessUsage {
  double resident_memory_bytes = 0;
  double cpu_seconds = 0;
  double open_files = 0;
  double threads = 0;
};
ProcessUsage ReadProcessUsage();

// Keeps mynumber_process_* up to date, and mynumber_log_redactions, which is 0 unless somebody logged a number of a
// person. Once for each registry.
void AddProcessMetrics(metrics::Registry& registry);

// Keeps mynumber_disk_* up to date: the disk that `folder` is on. 0 while the kernel does not say.
void AddDiskMetrics(metrics::Registry& registry, std::string folder);

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_PROCESS_METRICS_H_
