#include "libs/serving/verify.h"

#include <filesystem>
#include <system_error>

namespace mynumber::serving {

void FillPartition(uint32_t partition, const operations::VerifyResult& result, operations::v1::VerifyReport* report) {
  auto* out = report->add_partitions();
  out->set_partition(partition);
  out->set_sequence(result.sequence);
  out->set_events(result.events);
  out->set_void_records(result.void_records);
  out->set_rows(result.rows.rows);
  out->set_rows_that_differ(result.rows.differ);
  for (const std::string& difference : result.rows.first) out->add_differences(difference);
  out->set_running_hash(result.running_hash);
  out->set_offset(result.offset);
  out->set_head_differs(result.head_differs);
  if (result.rows.differ > 0) {
    report->add_problems(
        absl::StrCat("partition ", partition, ": ", result.rows.differ,
                     " rows differ from the fold of the log: delete this partition's rows, and they are "
                     "folded afresh at the next start"));
  }
  if (result.head_differs) {
    report->add_problems(
        absl::StrCat("partition ", partition, ": the rows stand at another record than the log has there"));
  }
}

std::function<bool(uint64_t events, eventsourcing::Offset at, eventsourcing::Offset end)> ProgressOf(
    uint32_t partition, const TellProgress& progress) {
  return [partition, &progress](uint64_t events, eventsourcing::Offset at, eventsourcing::Offset end) {
    operations::v1::VerifyProgress step;
    step.set_partition(partition);
    step.set_folded_events(events);
    step.set_offset(at);
    step.set_end_offset(end);
    return progress(step);
  };
}

projection::MemoryOptions ScratchMemory() {
  projection::MemoryOptions options;
  options.block_cache_bytes = size_t{64} << 20;
  options.write_buffer_bytes = size_t{64} << 20;
  return options;
}

void RemoveFolder(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace mynumber::serving
