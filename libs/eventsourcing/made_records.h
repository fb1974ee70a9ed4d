#ifndef MYNUMBER_LIBS_EVENTSOURCING_MADE_RECORDS_H_
#define MYNUMBER_LIBS_EVENTSOURCING_MADE_RECORDS_H_

// Records as a writer makes them, for tests of whoever reads them.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/fold.h"

namespace mynumber::eventsourcing {

// A claim id of 16 equal letters.
inline std::string ClaimId(char letter) { return std::string(16, letter); }

// A chain for tests: 32 bytes, another for every history.
inline std::string CountingChain(std::string_view previous, std::string_view record) {
  uint64_t hash = 14695981039346656037u;
  for (std::string_view part : {previous, record}) {
    for (char c : part) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
    hash = (hash ^ 0x1ff) * 1099511628211u;
  }
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16), absl::Hex(~hash, absl::kZeroPad16));
}

inline eventlog::v1::Record ClaimRecord(char letter, int64_t time_micros = 0) {
  eventlog::v1::Record record;
  record.mutable_opened()->set_claim_id(ClaimId(letter));
  record.mutable_opened()->set_time_micros(time_micros);
  return record;
}

// The next batch of the newest claim; its one command carries `request_id`, so that batches differ.
inline eventlog::v1::Record NextBatch(const Head& head, const std::string& request_id = "", int64_t time_micros = 0) {
  eventlog::v1::Record record;
  eventlog::v1::Batch* batch = record.mutable_batch();
  batch->set_claim_id(head.claim_id());
  batch->set_claim_sequence(head.next_claim_sequence());
  batch->set_running_hash(head.running_hash());
  batch->set_sequence(head.sequence() + 1);
  batch->set_time_micros(time_micros);
  if (!request_id.empty()) batch->add_commands()->set_request_id(request_id);
  return record;
}

// The head behind `record`, which must be valid.
inline Head After(const Head& head, const eventlog::v1::Record& record, Offset offset) {
  return Advance(head, record, record.SerializeAsString(), offset, CountingChain);
}

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_MADE_RECORDS_H_
