#ifndef MYNUMBER_LIBS_RUNTIME_ENGINE_METRICS_H_
#define MYNUMBER_LIBS_RUNTIME_ENGINE_METRICS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libs/eventsourcing/partition.h"
#include "libs/metrics/metrics.h"
#include "libs/runtime/partition_snapshot.h"

namespace mynumber::runtime {

// What the engine counts for every service alike, by service and partition. Verbs may be called by any thread.
class EngineMetrics {
 public:
  // `event_types`: all that the service's events can be; empty: they are counted as of the type "any".
  EngineMetrics(metrics::Registry* registry, const std::string& service, uint32_t partition_count,
                std::vector<std::string> event_types);

  void BatchCommitted(uint32_t partition, const eventsourcing::BatchObserved& seen, int64_t now_micros);
  // Gauges and the counters that live in the loops; called before every scrape.
  void Refresh(uint32_t partition, const PartitionSnapshot& seen);

 private:
  struct OfPartition {
    metrics::Gauge waiting, keys_to_destroy, needs_former_masters, sequence, offset, lag, serving, resting, stopped;
    metrics::Gauge claims, void_records, gaps, unknown_outcomes, unknown_found_written, unknown_found_absent;
    metrics::Counter reactions, due, refused_inside;
    metrics::Gauge reactions_stopped;
    metrics::Gauge truncations, folded_records, step_downs, unknown_superseded, clock_step_downs, clock_off;
  };
  metrics::Counter commands_accepted_, commands_refused_, commands_repeated_, batches_, bytes_;
  metrics::CounterSet events_;
  const bool has_event_types_;
  metrics::Histogram batch_commands_, commit_seconds_;
  std::vector<OfPartition> partitions_;
};

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_ENGINE_METRICS_H_
