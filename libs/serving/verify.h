#ifndef MYNUMBER_LIBS_SERVING_VERIFY_H_
#define MYNUMBER_LIBS_SERVING_VERIFY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/log.h"
#include "libs/eventsourcing/vault.h"
#include "libs/operations/verify.h"
#include "libs/projection/rocks_rows.h"
#include "mynumber/operations/v1/operations_service.pb.h"

namespace mynumber::serving {

// What a service looks at in a fresh fold besides; made anew for each verification. Either may be empty.
template <class S>
struct OwnChecks {
  // Called for every aggregate.
  std::function<void(const typename S::State&)> inspect;
  // At the end: adds what it counted, and the problems that it found, one sentence each.
  std::function<void(operations::v1::VerifyReport*)> fill;
};

// What a verification of all partitions works on. Owns nothing.
template <class S>
struct VerifyParts {
  const S* domain = nullptr;
  eventsourcing::ChainHash chain;
  // A folder for the fresh fold; removed before and after.
  std::string scratch;
  // By partition; null: it is not followed here, and is left out.
  std::vector<projection::RocksRows*> rows;
  std::function<std::unique_ptr<eventsourcing::PartitionLog>(uint32_t partition)> open_log;
  eventsourcing::Vault* vault = nullptr;
  OwnChecks<S> own;
};

using TellProgress = std::function<bool(const operations::v1::VerifyProgress&)>;

// Adds one partition's result, and what is wrong with it.
void FillPartition(uint32_t partition, const operations::VerifyResult& result, operations::v1::VerifyReport* report);
// `progress` as operations::VerifyInput wants it.
std::function<bool(uint64_t events, eventsourcing::Offset at, eventsourcing::Offset end)> ProgressOf(
    uint32_t partition, const TellProgress& progress);
// The memory of the databases that are folded into, apart from that of the live ones.
projection::MemoryOptions ScratchMemory();
void RemoveFolder(const std::string& folder);

template <class S>
absl::Status VerifyOne(const VerifyParts<S>& parts, uint32_t partition, projection::SharedMemory* memory,
                       const TellProgress& progress, operations::VerifyResult* result) {
  // Its receipts stay, however old: what is compared knows of their age.
  auto scratch = projection::RocksRows::Open(absl::StrCat(parts.scratch, "/", partition), memory, int64_t{1} << 60);
  if (!scratch.ok()) return scratch.status();
  auto live = parts.rows[partition]->Frozen();
  if (!live) return absl::UnavailableError(absl::StrCat("partition ", partition, " is being folded afresh"));
  auto log = parts.open_log(partition);
  operations::VerifyInput<S> input;
  input.service = parts.domain;
  input.partition = partition;
  input.log = log.get();
  input.live = live.get();
  input.scratch = scratch->get();
  input.vault = parts.vault;
  input.chain = parts.chain;
  input.progress = ProgressOf(partition, progress);
  input.inspect = [&](const typename S::State& state) {
    if (parts.own.inspect) parts.own.inspect(state);
  };
  return operations::VerifyPartition(input, result);
}

// Folds every partition's log afresh and compares with the live rows (P4). The report is clean if nothing is wrong, and
// what is wrong is no error of this call. UNAVAILABLE, CANCELLED: it could not be told.
template <class S>
absl::Status VerifyPartitions(const VerifyParts<S>& parts, const TellProgress& progress,
                              operations::v1::VerifyReport* report) {
  RemoveFolder(parts.scratch);
  absl::Status status;
  {
    projection::SharedMemory memory(ScratchMemory());
    for (uint32_t p = 0; p < parts.rows.size() && status.ok(); ++p) {
      if (parts.rows[p] == nullptr) continue;
      operations::VerifyResult result;
      status = VerifyOne(parts, p, &memory, progress, &result);
      if (absl::IsDataLoss(status) || absl::IsUnimplemented(status)) {
        // A finding, not a failure of the verification.
        report->add_problems(absl::StrCat("partition ", p, ": ", std::string(status.message())));
        status = absl::OkStatus();
      }
      FillPartition(p, result, report);
    }
  }
  RemoveFolder(parts.scratch);
  if (parts.own.fill) parts.own.fill(report);
  report->set_clean(report->problems_size() == 0);
  return status;
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_VERIFY_H_
