#include "libs/runtime/engine_metrics.h"

#include <algorithm>

namespace mynumber::runtime {

using eventsourcing::Ownership;

namespace {
constexpr char kAnyType[] = "any";
}  // namespace

EngineMetrics::EngineMetrics(metrics::Registry* registry, const std::string& service, uint32_t partition_count,
                             std::vector<std::string> event_types)
    : has_event_types_(!event_types.empty()) {
  if (!has_event_types_) event_types = {kAnyType};
  const metrics::Labels labels = {{"service", service}};
  const auto commands = [&](const char* outcome) {
    return registry->AddCounter("mynumber_commands_total", "Commands by what became of them.",
                                {{"service", service}, {"outcome", outcome}});
  };
  commands_accepted_ = commands("accepted");
  commands_refused_ = commands("refused");
  commands_repeated_ = commands("repeated");
  events_ = registry->AddCounters("mynumber_events_total", "Events in the log for good.", "type", event_types, labels);
  batches_ = registry->AddCounter("mynumber_batches_total", "Batches in the log for good, empty ones included.", labels);
  bytes_ = registry->AddCounter("mynumber_batch_bytes_total", "Bytes of these batches.", labels);
  batch_commands_ = registry->AddHistogram("mynumber_batch_commands", "Commands and reads answered by one batch.",
                                           metrics::SizeBuckets(), labels);
  commit_seconds_ = registry->AddHistogram(
      "mynumber_commit_seconds", "From taking a batch's commands to their answers: decide, append, apply.",
      metrics::SecondsBuckets(), labels);
  for (uint32_t p = 0; p < partition_count; ++p) {
    const metrics::Labels own = {{"service", service}, {"partition", std::to_string(p)}};
    const auto gauge = [&](const char* name, const char* help) { return registry->AddGauge(name, help, own); };
    OfPartition of;
    const auto counter = [&](const char* name, const char* help) { return registry->AddCounter(name, help, own); };
    of.reactions = counter("mynumber_reactions_total", "Commands that other services' events led to.");
    of.due = counter("mynumber_deadlines_met_total", "Commands that deadlines led to.");
    of.refused_inside = counter("mynumber_refused_inside_total", "Commands without a caller that were refused.");
    of.reactions_stopped = gauge("mynumber_reactions_stopped",
                                 "1 after an event of another service that cannot be reacted to; needs a person.");
    of.waiting = gauge("mynumber_waiting_commands", "Commands in the partition's queue.");
    of.keys_to_destroy = gauge("mynumber_keys_to_destroy",
                               "Erased residents whose key still has to be looked for where it stood.");
    of.needs_former_masters = gauge("mynumber_needs_former_masters",
                                    "1 while rows here, or key blocks of what this owns, need a former master key.");
    of.sequence = gauge("mynumber_applied_sequence", "Sequence of the last batch in the rows.");
    of.offset = gauge("mynumber_applied_offset", "Offset of the last valid record in the rows.");
    of.lag = gauge("mynumber_lag_records", "Records between the rows and the end of the log while reading.");
    of.serving = gauge("mynumber_partition_serving", "1 while this instance owns and serves the partition.");
    of.resting = gauge("mynumber_partition_resting", "1 while this instance, of --follow=owned, keeps no rows of it.");
    of.stopped = gauge("mynumber_partition_stopped", "1 after a stop that needs a person.");
    of.claims = gauge("mynumber_claims", "Claims won since the start.");
    of.void_records = gauge("mynumber_void_records", "Void records read since the start.");
    of.gaps = gauge("mynumber_gaps", "Acknowledgements with a gap since the start.");
    of.unknown_outcomes = gauge("mynumber_unknown_outcomes", "Appends of unknown outcome since the start.");
    of.unknown_found_written =
        gauge("mynumber_unknown_found_written", "Batches of unknown outcome that were found in the log.");
    of.unknown_found_absent =
        gauge("mynumber_unknown_found_absent", "Batches of unknown outcome that are not in the log and were repeated.");
    of.unknown_superseded = gauge("mynumber_unknown_superseded",
                                  "Batches of unknown outcome that another's claim came before: they are void.");
    of.clock_step_downs = gauge("mynumber_clock_step_downs", "Times stepped down for a wrong clock since the start.");
    of.clock_off = gauge("mynumber_clock_off_seconds",
                         "This instance's clock ahead of the log's, below 0 behind it; 0 as far as is known.");
    of.truncations = gauge("mynumber_truncations", "Truncated logs seen since the start: must be 0.");
    of.folded_records = gauge("mynumber_folded_records", "Records folded from the log since the start.");
    of.step_downs = gauge("mynumber_step_downs", "Times fenced since the start.");
    partitions_.push_back(of);
  }
}

void EngineMetrics::BatchCommitted(uint32_t partition, const eventsourcing::BatchObserved& seen, int64_t now_micros) {
  commands_refused_.Increment(static_cast<double>(seen.refused));
  commands_repeated_.Increment(static_cast<double>(seen.repeated));
  commands_accepted_.Increment(static_cast<double>(seen.commands - seen.refused - seen.repeated - seen.reads));
  const OfPartition& of = partitions_[partition];
  of.reactions.Increment(static_cast<double>(seen.reactions));
  of.due.Increment(static_cast<double>(seen.due));
  of.refused_inside.Increment(static_cast<double>(seen.refused_inside));
  for (const auto& [type, count] : seen.event_types) {
    events_[has_event_types_ ? std::string_view(type) : kAnyType].Increment(static_cast<double>(count));
  }
  batches_.Increment();
  bytes_.Increment(static_cast<double>(seen.bytes));
  batch_commands_.Observe(static_cast<double>(seen.commands));
  commit_seconds_.Observe(static_cast<double>(now_micros - seen.sent_micros) / 1e6);
}

void EngineMetrics::Refresh(uint32_t partition, const PartitionSnapshot& seen) {
  const OfPartition& of = partitions_[partition];
  of.waiting.Set(static_cast<double>(seen.waiting));
  of.keys_to_destroy.Set(static_cast<double>(seen.keys_to_destroy));
  of.needs_former_masters.Set(seen.needs_former_masters ? 1 : 0);
  of.sequence.Set(static_cast<double>(seen.head.sequence()));
  of.offset.Set(static_cast<double>(seen.head.offset()));
  of.lag.Set(static_cast<double>(std::max<int64_t>(0, seen.target - 1 - seen.head.offset())));
  of.serving.Set(seen.serving() ? 1 : 0);
  of.resting.Set(seen.rests ? 1 : 0);
  of.stopped.Set(seen.phase == Ownership::Phase::kStopped ? 1 : 0);
  of.reactions_stopped.Set(seen.reacts_no_more() ? 1 : 0);
  of.claims.Set(static_cast<double>(seen.counts.claims));
  of.void_records.Set(static_cast<double>(seen.counts.void_records));
  of.gaps.Set(static_cast<double>(seen.counts.gaps));
  of.unknown_outcomes.Set(static_cast<double>(seen.counts.unknown_outcomes));
  of.unknown_found_written.Set(static_cast<double>(seen.counts.unknown_found_written));
  of.unknown_found_absent.Set(static_cast<double>(seen.counts.unknown_found_absent));
  of.unknown_superseded.Set(static_cast<double>(seen.counts.unknown_superseded));
  of.clock_step_downs.Set(static_cast<double>(seen.counts.clock_step_downs));
  of.clock_off.Set(static_cast<double>(seen.clock_off_micros) / 1e6);
  of.truncations.Set(static_cast<double>(seen.counts.truncations));
  of.folded_records.Set(static_cast<double>(seen.counts.folded_records));
  of.step_downs.Set(static_cast<double>(seen.counts.step_downs));
}

}  // namespace mynumber::runtime
