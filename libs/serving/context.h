#ifndef MYNUMBER_LIBS_SERVING_CONTEXT_H_
#define MYNUMBER_LIBS_SERVING_CONTEXT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/calendar/date.h"
#include "libs/cluster/router.h"
#include "libs/eventsourcing/rows.h"
#include "libs/eventsourcing/state_reader.h"
#include "libs/eventsourcing/vault.h"
#include "libs/rpc/call_metrics.h"
#include "libs/runtime/partition_host.h"
#include "libs/runtime/process.h"
#include "libs/runtime/workers.h"
#include "libs/sealing/keyed_hash.h"
#include "libs/serving/counted_refusals.h"
#include "libs/serving/gate.h"
#include "libs/serving/stopping.h"

namespace mynumber::serving {

struct Nothing {};

// What all handlers of one service in this process share: S as in libs/eventsourcing/aggregate.h, and `own`, what this
// service's handlers need besides. Owns nothing; any thread. An Assembly fills it, all but `own`.
template <class S, class Own = Nothing>
struct Context {
  runtime::PartitionHost<S>* host = nullptr;
  // To whoever owns a partition; null: that is this process, or nobody.
  cluster::Router<S>* router = nullptr;
  // By partition; of those that rest here, the owner's.
  std::vector<const eventsourcing::Rows*> rows;
  // Else partitions rest here unless this instance owns them (docs/decisions/0021).
  bool follows_all = true;
  // A vault of the calling thread's own.
  std::function<eventsourcing::Vault*()> vault;
  // For reads that take longer than a handler may.
  runtime::Workers* workers = nullptr;
  const rpc::CallMetrics* calls = nullptr;
  const CountedRefusals* refusals = nullptr;
  // Null: everybody is let in, for tests of handlers.
  Gate* gate = nullptr;
  metrics::Counter malformed_traces;
  // Of a whole request, to recognise another payload under its id.
  const sealing::KeyedHash* request_hash = nullptr;
  runtime::Now now = runtime::WallMicros;
  Stopping stopping;
  Own own;

  // Commands and reads, to the partition's owner; see PartitionHost::Submit.
  void Submit(uint32_t partition, std::vector<eventsourcing::Request<S>> requests) {
    router != nullptr ? router->Submit(partition, std::move(requests)) : host->Submit(partition, std::move(requests));
  }
  void Submit(uint32_t partition, eventsourcing::Request<S> request) {
    std::vector<eventsourcing::Request<S>> one;
    one.push_back(std::move(request));
    Submit(partition, std::move(one));
  }

  // Whether reading rows of the partition needs no other instance.
  bool HasRows(uint32_t partition) const { return follows_all || host->Serves(partition); }

  uint32_t PartitionOf(const eventsourcing::SubjectId& id) const { return id.PartitionOf(host->partition_count()); }
  type::Date Today() const { return calendar::DateInTokyo(now()); }

  // As the rows have it now; false: nobody is known under this id.
  absl::StatusOr<bool> Read(const eventsourcing::SubjectId& id, typename S::State* state,
                            eventsourcing::SubjectKey* key = nullptr) const {
    return eventsourcing::ReadState(*rows[PartitionOf(id)], id, vault(), state, key);
  }
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_CONTEXT_H_
