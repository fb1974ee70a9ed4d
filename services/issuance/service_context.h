#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_CONTEXT_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_CONTEXT_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/calendar/date.h"
#include "libs/eventsourcing/rows.h"
#include "libs/eventsourcing/state_reader.h"
#include "libs/eventsourcing/vault.h"
#include "libs/identifiers/resident_record_code.h"
#include "libs/rpc/call_metrics.h"
#include "libs/runtime/partition_host.h"
#include "libs/runtime/process.h"
#include "libs/runtime/workers.h"
#include "services/issuance/domain/resident.h"
#include "services/issuance/service_departed.h"
#include "services/issuance/service_keys.h"
#include "services/issuance/service_stopping.h"

namespace mynumber::issuance {

using Host = runtime::PartitionHost<Issuance>;
using Request = eventsourcing::Request<Issuance>;
using Prepared = eventsourcing::Prepared<rows::v1::ResidentState>;
using eventsourcing::Origin;
using eventsourcing::SubjectId;

// The reason that failures inside are counted under: they are no refusals of this service.
inline constexpr char kFailedInside[] = "FAILED_INSIDE";

// What all handlers of this process share. Owns nothing; any thread.
struct ServiceContext {
  const ServiceKeys* keys = nullptr;
  Host* host = nullptr;
  // By partition.
  std::vector<const eventsourcing::Rows*> rows;
  // A vault of the calling thread's own.
  std::function<eventsourcing::Vault*()> vault;
  // For reads that take longer than a handler may.
  runtime::Workers* workers = nullptr;
  DepartedFilter* departed = nullptr;
  rpc::CallMetrics* calls = nullptr;
  metrics::Counter malformed_traces;
  runtime::Now now = runtime::WallMicros;
  identifiers::CheckDigitRule record_code_rule = identifiers::CheckDigitRule::kIgnore;
  // Refusals by reason, rows of bulk loads and members of households included.
  metrics::CounterSet refusals;
  // Set once `departed` holds everybody: before that a registration could miss somebody who looks the same.
  std::atomic<bool> knows_departed{false};
  Stopping stopping;

  uint32_t PartitionOf(const SubjectId& id) const { return id.PartitionOf(host->partition_count()); }
  type::Date Today() const { return calendar::DateInTokyo(now()); }

  absl::StatusOr<bool> Read(const SubjectId& id, rows::v1::ResidentState* state,
                            eventsourcing::SubjectKey* key = nullptr) const {
    return eventsourcing::ReadState(*rows[PartitionOf(id)], id, vault(), state, key);
  }
};

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_CONTEXT_H_
