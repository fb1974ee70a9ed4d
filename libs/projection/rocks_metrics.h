#ifndef MYNUMBER_LIBS_PROJECTION_ROCKS_METRICS_H_
#define MYNUMBER_LIBS_PROJECTION_ROCKS_METRICS_H_

#include <memory>
#include <string>
#include <vector>

#include "libs/metrics/metrics.h"
#include "libs/projection/rocks_rows.h"

namespace mynumber::projection {

// What RocksDB says of one service's rows, summed over its partitions in this process.
class RocksMetrics {
 public:
  RocksMetrics(metrics::Registry* registry, const std::string& service);

  // Asks every database, some microseconds each; called before a scrape, by one thread at a time.
  void Refresh(const std::vector<std::unique_ptr<RocksRows>>& rows, const SharedMemory& memory) const;

 private:
  struct Figure {
    std::string property;
    metrics::Gauge gauge;
  };
  std::vector<Figure> figures_;
  // The process's: every service sets the same.
  metrics::Gauge block_cache_, write_buffers_;
};

}  // namespace mynumber::projection

#endif  // MYNUMBER_LIBS_PROJECTION_ROCKS_METRICS_H_
