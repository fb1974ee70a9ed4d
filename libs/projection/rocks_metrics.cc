#include "libs/projection/rocks_metrics.h"

namespace mynumber::projection {

RocksMetrics::RocksMetrics(metrics::Registry* registry, const std::string& service)
    : block_cache_(registry->AddGauge("mynumber_rocksdb_block_cache_bytes", "Block cache of all rows together.")),
      write_buffers_(registry->AddGauge("mynumber_rocksdb_write_buffer_bytes", "Write buffers of all rows together.")) {
  const auto add = [&](const char* property, const char* name, const char* help) {
    figures_.push_back({property, registry->AddGauge(name, help, {{"service", service}})});
  };
  add("rocksdb.estimate-live-data-size", "mynumber_rocksdb_live_data_bytes", "Rows that count, by RocksDB's estimate.");
  add("rocksdb.total-sst-files-size", "mynumber_rocksdb_files_bytes", "Files of rows on the disk.");
  add("rocksdb.cur-size-all-mem-tables", "mynumber_rocksdb_memtable_bytes", "Rows that are in memory alone.");
  add("rocksdb.estimate-pending-compaction-bytes", "mynumber_rocksdb_pending_compaction_bytes",
      "What compactions still have to rewrite; grows while they fall behind.");
  add("rocksdb.num-files-at-level0", "mynumber_rocksdb_level0_files", "Files that every look-up must ask.");
  add("rocksdb.background-errors", "mynumber_rocksdb_background_errors",
      "Flushes and compactions that failed since the rows were opened.");
}

void RocksMetrics::Refresh(const std::vector<std::unique_ptr<RocksRows>>& rows, const SharedMemory& memory) const {
  for (const Figure& figure : figures_) {
    double sum = 0;
    for (const auto& partition : rows) sum += static_cast<double>(partition->Property(figure.property));
    figure.gauge.Set(sum);
  }
  block_cache_.Set(static_cast<double>(memory.block_cache_used_bytes()));
  write_buffers_.Set(static_cast<double>(memory.write_buffer_used_bytes()));
}

}  // namespace mynumber::projection
