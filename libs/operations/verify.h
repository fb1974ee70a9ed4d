#ifndef MYNUMBER_LIBS_OPERATIONS_VERIFY_H_
#define MYNUMBER_LIBS_OPERATIONS_VERIFY_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/log.h"
#include "libs/eventsourcing/row_folder.h"
#include "libs/eventsourcing/rows.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/eventsourcing/state_reader.h"
#include "libs/eventsourcing/vault.h"
#include "libs/operations/compare_rows.h"

namespace mynumber::operations {

// What one partition's verification works on; owns nothing.
template <class Service>
struct VerifyInput {
  const Service* service = nullptr;
  uint32_t partition = 0;
  // A handle of its own.
  eventsourcing::PartitionLog* log = nullptr;
  // The live rows as they were at one moment, and an empty place to fold into.
  const eventsourcing::Rows* live = nullptr;
  eventsourcing::Rows* scratch = nullptr;
  eventsourcing::Vault* vault = nullptr;
  eventsourcing::ChainHash chain;
  int64_t receipt_retention_micros = eventsourcing::kReceiptRetentionMicros;
  // Called now and then; false stops (the caller has gone away).
  std::function<bool(uint64_t events, eventsourcing::Offset at, eventsourcing::Offset end)> progress;
  // Called for every aggregate of the fresh fold.
  std::function<void(const typename Service::State&)> inspect;
};

struct VerifyResult {
  uint64_t sequence = 0;
  eventsourcing::Offset offset = -1;
  uint64_t events = 0;
  uint64_t void_records = 0;
  bool head_differs = false;
  std::string running_hash;
  RowComparison rows;
};

namespace internal {

inline eventsourcing::Head HeadOf(const eventsourcing::Rows& rows) {
  std::string value;
  eventsourcing::Head head;
  auto found = rows.Get(eventsourcing::kHeadKey, &value);
  if (!found.ok() || !*found || !head.ParseFromString(value)) return eventsourcing::EmptyHead();
  return head;
}

// Writes what is folded, with its head, as the live side does.
template <class Service>
absl::Status Flush(eventsourcing::RowFolder<Service>* folder, const eventsourcing::Head& head,
                   eventsourcing::Rows* scratch) {
  eventsourcing::Changes changes;
  absl::Status status = folder->Finish(&changes);
  if (!status.ok()) return status;
  changes.Put(eventsourcing::kHeadKey, head.SerializeAsString());
  return scratch->Write(changes);
}

// Of so many the key is gone, and no event up to here says why.
inline absl::Status CheckPassedOver(uint64_t passed_over) {
  if (passed_over == 0) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("the keys of ", passed_over, " were destroyed, and up to where the rows stand no event says so: ask "
                   "again, and if it stays so, restore the key table from a backup"));
}

}  // namespace internal

// Folds the partition's log from its first record up to where the live rows stand.
template <class Service>
absl::Status FoldAfresh(const VerifyInput<Service>& input, const eventsourcing::Head& live, VerifyResult* result) {
  eventsourcing::RowFolder<Service> folder(input.service, input.scratch, input.vault, input.partition,
                                           input.receipt_retention_micros);
  eventsourcing::Head head = eventsourcing::EmptyHead();
  head.set_projection_version(live.projection_version());
  eventsourcing::Offset next = 0;
  size_t buffered = 0;
  while (next <= live.offset()) {
    auto records = input.log->Read(next, 4 << 20);
    if (!records.ok()) return records.status();
    if (records->empty()) return absl::DataLossError("the log ends before the position of the live rows");
    for (const eventsourcing::LogRecord& entry : *records) {
      if (entry.offset > live.offset()) break;
      next = entry.offset + 1;
      eventlog::v1::Record record;
      const eventsourcing::Verdict verdict = eventsourcing::Judge(head, entry.bytes, &record);
      if (verdict == eventsourcing::Verdict::kAlarm) return absl::DataLossError("the chain of the log is broken");
      if (verdict == eventsourcing::Verdict::kVoid) {
        ++result->void_records;
        continue;
      }
      if (record.has_batch()) {
        const auto& batch = record.batch();
        absl::Status status = folder.FoldBatch(
            batch, [&] { return input.log->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()}); });
        if (!status.ok()) return status;
        for (const auto& command : batch.commands()) buffered += command.events_size();
        for (const auto& command : batch.commands()) result->events += command.events_size();
      }
      head = eventsourcing::Advance(head, record, entry.bytes, entry.offset, input.chain);
    }
    if (buffered > 4000) {
      absl::Status status = internal::Flush(&folder, head, input.scratch);
      if (!status.ok()) return status;
      buffered = 0;
    }
    if (!input.progress(result->events, next, live.offset() + 1)) return absl::CancelledError("the caller has gone");
  }
  result->sequence = head.sequence();
  result->running_hash = head.running_hash();
  result->offset = head.offset();
  result->head_differs = !eventsourcing::SameHistory(head, live);
  return internal::Flush(&folder, head, input.scratch);
}

// Folds the log afresh and compares with the live rows at the same position (P4). Slow; holds nothing up. UNAVAILABLE:
// keys were destroyed of subjects whom the live rows know still.
template <class Service>
absl::Status VerifyPartition(const VerifyInput<Service>& input, VerifyResult* result) {
  const eventsourcing::Head live = internal::HeadOf(*input.live);
  absl::Status status = FoldAfresh(input, live, result);
  if (!status.ok()) return status;
  status = CompareRows(*input.live, *input.scratch, input.vault, &result->rows);
  if (!status.ok()) return status;
  const std::string table(1, eventsourcing::kStateTable);
  uint64_t passed_over = 0;
  status = input.scratch->Scan(table, {}, [&](std::string_view key, std::string_view value) {
    const auto row = eventsourcing::DecodeStateRow(value);
    if (row.ok() && eventsourcing::IsDestroyed(row->key)) ++passed_over;
    typename Service::State state;
    auto found = eventsourcing::ReadState(*input.scratch, eventsourcing::SubjectId::FromBytes(key.substr(1)),
                                          input.vault, &state);
    if (found.ok() && *found) input.inspect(state);
    return true;
  });
  return status.ok() ? internal::CheckPassedOver(passed_over) : status;
}

}  // namespace mynumber::operations

#endif  // MYNUMBER_LIBS_OPERATIONS_VERIFY_H_
