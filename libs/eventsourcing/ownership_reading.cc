// How an instance reads the log, and how it finds out that what it has read is gone.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/ownership.h"
#include "libs/eventsourcing/settings.h"

namespace mynumber::eventsourcing {

using eventlog::v1::Record;

bool Ownership::ReadUpTo(Offset last, int64_t now_micros) {
  // One place in the log at a time, or a log that has to fetch would go back and forth for ever.
  if (comparison_ && !compared_) return CompareHead(now_micros);
  auto records = log_->Read(read_offset_, options_.read_bytes);
  if (absl::IsOutOfRange(records.status()) && phase_ == Phase::kReading && !wanted_) {
    // A standby waits for the log to grow again: whoever claims finds out what became of it.
    follow_from_micros_ = now_micros + options_.retry_millis * 10'000;
    return false;
  }
  if (absl::IsOutOfRange(records.status())) {
    // The log lost its tail, or a leader that was cut off answers: nothing is proven until a claim is acknowledged.
    GiveUpWriter(now_micros, false);
    return true;
  }
  if (!records.ok()) return false;
  has_caught_up_ = has_caught_up_ || records->empty();
  if (records->empty()) return false;
  bool must_compare = false, must_prove_alarm = false;
  for (const LogRecord& entry : *records) {
    if (entry.offset > last) break;
    Record record;
    const Verdict verdict = Judge(tenant_->head(), entry.bytes, &record);
    must_compare = MustCompare(verdict, entry.offset);
    must_prove_alarm = verdict == Verdict::kAlarm && proven_alarm_offset_ != entry.offset;
    if (must_compare || must_prove_alarm) break;
    absl::Status status = Take(entry, record, verdict);
    if (!status.ok()) return TakeFailed(status, now_micros);
  }
  absl::Status status = tenant_->FlushFolds();
  if (!status.ok()) return TakeFailed(status, now_micros);
  if (must_compare) return CompareHead(now_micros);
  return must_prove_alarm ? ProveAlarm() : true;
}

// A valid batch carries the hash of all that stands before it; anything else proves nothing of it. After the truncation
// of a tail that was read, a claim or a batch of an unknown claim could be taken for the next record of this history.
bool Ownership::MustCompare(Verdict verdict, Offset offset) {
  if (verdict == Verdict::kValid) return false;
  if (verdict == Verdict::kAlarm && alarm_offset_ != offset) {
    alarm_offset_ = offset;
    return true;
  }
  return !compared_;
}

bool Ownership::CompareHead(int64_t now_micros) {
  const std::optional<bool> same = HeadStands();
  if (!same) return false;
  compared_ = true;
  if (*same) {
    // Void records behind the head may have been replaced, too: they are read again.
    read_offset_ = tenant_->head().offset() + 1;
  } else {
    Truncated();
  }
  return true;
}

std::optional<bool> Ownership::HeadStands() {
  const Head& head = tenant_->head();
  if (!comparison_ || compared_head_ != head.running_hash()) {
    comparison_ = ChainFold();
    comparison_->begin = comparison_->next = std::max<Offset>(0, head.previous_batch_offset());
    compared_head_ = head.running_hash();
  }
  // What has been read of it counts on, or a log that brings it piece by piece would begin anew for ever.
  while (!comparison_->is_broken && comparison_->next <= head.offset()) {
    if (!FoldChain(&*comparison_)) return std::nullopt;
  }
  const bool stands = !comparison_->is_broken && comparison_->head.running_hash() == head.running_hash();
  comparison_.reset();
  return stands;
}

bool Ownership::FoldChain(ChainFold* fold) {
  const Head& head = tenant_->head();
  auto records = log_->Read(fold->next, options_.read_bytes);
  if (!records.ok() || records->empty()) return false;
  for (const LogRecord& entry : *records) {
    if (entry.offset > head.offset()) break;
    fold->next = entry.offset + 1;
    Record record;
    if (!record.ParseFromString(entry.bytes)) continue;
    if (entry.offset == fold->begin && fold->begin > 0) fold->head = HeadBefore(record);
    const Verdict verdict = Judge(fold->head, record);
    fold->is_broken = verdict == Verdict::kAlarm;
    if (fold->is_broken) break;
    if (verdict != Verdict::kVoid) fold->head = Advance(fold->head, record, entry.bytes, entry.offset, chain_);
  }
  return true;
}

// Rows may be wrong where no comparison looks (docs/decisions/0009), and the log then raises alarms that are none: one
// counts if the whole log before it comes to these rows. A piece of the log at each call.
bool Ownership::ProveAlarm() {
  if (!proof_) proof_ = ChainFold();
  if (!FoldChain(&*proof_)) return false;
  if (!proof_->is_broken && proof_->next <= tenant_->head().offset()) return true;
  const bool is_proven = proof_->is_broken || proof_->head.running_hash() == tenant_->head().running_hash();
  proof_.reset();
  if (is_proven) {
    proven_alarm_offset_ = alarm_offset_;
  } else {
    Truncated();
  }
  return true;
}

void Ownership::Truncated() {
  ++counts_.truncations;
  absl::Status status = tenant_->StartOver();
  if (!status.ok()) return Stop(status);
  read_offset_ = 0;
  alarm_offset_ = -1;
  proof_.reset();
  comparison_.reset();
}

bool Ownership::TakeFailed(const absl::Status& status, int64_t now_micros) {
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
      Stop(status);
      return true;
    default:
      // The rows could not take it (a full disk), or its keys are not there yet: go back to what they have, later.
      trouble_ = status;
      read_offset_ = tenant_->head().offset() + 1;
      if (phase_ == Phase::kReading && !wanted_) {
        // A standby has nothing to give up, and asks on.
        follow_from_micros_ = now_micros + options_.retry_millis * 1000;
        return false;
      }
      GiveUpWriter(now_micros, false);
      return true;
  }
}

absl::Status Ownership::Take(const LogRecord& entry, const Record& record, Verdict verdict) {
  switch (verdict) {
    case Verdict::kVoid:
      ++counts_.void_records;
      break;
    case Verdict::kAlarm:
      return absl::DataLossError(absl::StrCat(
          "the record at offset ", entry.offset,
          " continues another history than this instance has read: the log was changed. Keep all "
          "copies of it, compare them by 'mynumberctl verify', and restore the right one"));
    case Verdict::kClaim: {
      absl::Status status = CheckSettings(record.opened().settings(), options_.settings);
      if (!status.ok()) return status;
      [[fallthrough]];
    }
    case Verdict::kValid: {
      const Head after = Advance(tenant_->head(), record, entry.bytes, entry.offset, chain_);
      const bool was_own = !served_claim_id_.empty() && tenant_->head().claim_id() == served_claim_id_;
      absl::Status status = tenant_->Fold(record, after);
      if (!status.ok()) return status;
      ++counts_.folded_records;
      ResolveUnknown(after, verdict);
      if (verdict == Verdict::kClaim && was_own) FencedBy(after.claim_id());
    }
  }
  read_offset_ = entry.offset + 1;
  // A standby never asks for the end: it compares before each record that proves nothing of what stands before it.
  if (verdict != Verdict::kVoid && phase_ == Phase::kReading && !wanted_) compared_ = false;
  return absl::OkStatus();
}

// An owner that reads anew, since it does not know what became of its last batch, learns that it was fenced; or that it
// had been, and has claimed the partition back before it knew.
void Ownership::FencedBy(const std::string& claim_id) {
  if (claim_id == claim_id_ || IsOwnThrownAway(claim_id)) return;
  if (phase_ == Phase::kReadingClaim) {
    ++counts_.step_downs;
  } else if (phase_ == Phase::kReading) {
    counts_.step_downs += wanted_ ? 1 : 0;
    wanted_ = false;
  }
}

void Ownership::ResolveUnknown(const Head& after, Verdict verdict) {
  if (unknown_hash_.empty() || after.offset() <= unknown_after_) return;
  if (after.running_hash() == unknown_hash_) {
    ++counts_.unknown_found_written;
    unknown_hash_.clear();
  } else if (verdict == Verdict::kClaim) {
    const bool is_own = after.claim_id() == claim_id_ || IsOwnThrownAway(after.claim_id());
    ++(is_own ? counts_.unknown_found_absent : counts_.unknown_superseded);
    unknown_hash_.clear();
  }
}

// What was read before the own acknowledged record may have come from a leader that had been replaced; what is read
// after it does not.
bool Ownership::Proven(int64_t now_micros) {
  const std::optional<bool> same = HeadStands();
  if (!same) return false;
  if (*same) return true;
  Truncated();
  if (phase_ != Phase::kStopped) GiveUpWriter(now_micros, true);
  return false;
}

}  // namespace mynumber::eventsourcing
