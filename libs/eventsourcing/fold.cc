#include "libs/eventsourcing/fold.h"

#include <algorithm>

namespace mynumber::eventsourcing {

Head EmptyHead() {
  Head head;
  head.set_offset(-1);
  head.set_batch_offset(-1);
  head.set_previous_batch_offset(-1);
  head.set_running_hash(std::string(32, '\0'));
  return head;
}

Verdict Judge(const Head& head, const eventlog::v1::Record& record) {
  if (record.has_opened()) {
    const std::string& claim_id = record.opened().claim_id();
    // The newest claim a second time says nothing new; it must not set the sequence back.
    return claim_id.size() == 16 && claim_id != head.claim_id() ? Verdict::kClaim : Verdict::kVoid;
  }
  if (!record.has_batch()) return Verdict::kVoid;
  const auto& batch = record.batch();
  if (batch.claim_id() != head.claim_id() || head.claim_id().empty()) return Verdict::kVoid;
  if (batch.claim_sequence() != head.next_claim_sequence()) return Verdict::kVoid;
  if (batch.running_hash() != head.running_hash() || batch.sequence() != head.sequence() + 1) {
    return Verdict::kAlarm;
  }
  return Verdict::kValid;
}

Verdict Judge(const Head& head, const std::string& bytes, eventlog::v1::Record* record) {
  return record->ParseFromString(bytes) ? Judge(head, *record) : Verdict::kVoid;
}

Head HeadBefore(const eventlog::v1::Record& record) {
  Head head = EmptyHead();
  if (!record.has_batch()) return head;
  const auto& batch = record.batch();
  head.set_claim_id(batch.claim_id());
  head.set_next_claim_sequence(batch.claim_sequence());
  head.set_sequence(batch.sequence() - 1);
  head.set_running_hash(batch.running_hash());
  return head;
}

bool SameHistory(const Head& a, const Head& b) {
  return a.running_hash() == b.running_hash() && a.claim_id() == b.claim_id() && a.sequence() == b.sequence() &&
         a.next_claim_sequence() == b.next_claim_sequence() && a.time_micros() == b.time_micros();
}

Head Advance(const Head& head, const eventlog::v1::Record& record, std::string_view bytes,
             Offset offset, const ChainHash& chain) {
  Head next = head;
  next.set_running_hash(chain(head.running_hash(), bytes));
  next.set_offset(offset);
  if (record.has_opened()) {
    next.set_claim_id(record.opened().claim_id());
    next.set_next_claim_sequence(0);
    next.set_owner_instance(record.opened().instance());
    next.set_owner_address(record.opened().address());
    next.set_time_micros(std::max(head.time_micros(), record.opened().time_micros()));
    return next;
  }
  next.set_previous_batch_offset(head.batch_offset());
  next.set_batch_offset(offset);
  next.set_next_claim_sequence(head.next_claim_sequence() + 1);
  next.set_sequence(record.batch().sequence());
  next.set_time_micros(std::max(head.time_micros(), record.batch().time_micros()));
  next.set_blocks_master_version(
      std::max(head.blocks_master_version(), record.batch().rewrapped_master_version()));
  return next;
}

}  // namespace mynumber::eventsourcing
