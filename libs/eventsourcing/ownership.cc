#include "libs/eventsourcing/ownership.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace mynumber::eventsourcing {

using eventlog::v1::PartitionOpened;
using eventlog::v1::Record;

Ownership::Ownership(PartitionLog* log, Tenant* tenant, OwnershipOptions options, ChainHash chain,
                     FillRandom random)
    : log_(log),
      tenant_(tenant),
      options_(std::move(options)),
      chain_(std::move(chain)),
      random_(std::move(random)) {
  read_offset_ = tenant_->head().offset() + 1;
}

void Ownership::Want(bool own) { wanted_ = own; }

bool Ownership::Step(int64_t now_micros) {
  switch (phase_) {
    case Phase::kReading:
      return StepReading(now_micros);
    case Phase::kClaiming:
      return StepClaiming(now_micros);
    case Phase::kReadingClaim:
      return StepReadingClaim(now_micros);
    case Phase::kServing:
      return StepServing(now_micros);
    case Phase::kReadingGap:
      return StepReadingGap(now_micros);
    case Phase::kWaiting:
      if (now_micros < wake_micros_) return false;
      phase_ = Phase::kReading;
      target_ = -1;
      return true;
    case Phase::kStopped:
      tenant_->Refuse(stopped_);
      return false;
  }
  return false;
}

bool Ownership::StepReading(int64_t now_micros) {
  if (!wanted_) tenant_->Refuse(absl::UnavailableError("another instance owns this partition"));
  if (target_ < 0) {
    absl::StatusOr<Offset> end = log_->End();
    if (!end.ok()) return false;
    target_ = *end;
  }
  if (!checked_ && !CheckTruncation(now_micros)) return phase_ == Phase::kReading && checked_;
  if (read_offset_ < target_) return ReadUpTo(target_ - 1, now_micros);
  target_ = -1;
  if (!wanted_) return false;
  SendClaim(now_micros);
  return true;
}

bool Ownership::CheckTruncation(int64_t now_micros) {
  const Head& head = tenant_->head();
  if (head.offset() < 0) {
    checked_ = true;
    return true;
  }
  bool same = false;
  if (head.offset() < target_) {
    auto records = log_->Read(head.offset(), 1);
    if (!records.ok() && !absl::IsOutOfRange(records.status())) return false;
    if (records.ok() && records->empty()) return false;
    Record record;
    if (records.ok() && record.ParseFromString(records->front().bytes)) {
      // A batch names the hash before it; a claim, its random id.
      same = record.has_opened()
                 ? record.opened().claim_id() == head.claim_id() && head.next_claim_sequence() == 0
                 : chain_(record.batch().running_hash(), records->front().bytes) ==
                       head.running_hash();
    }
  }
  checked_ = true;
  if (same) return true;
  ++counts_.truncations;
  absl::Status status = tenant_->StartOver();
  if (!status.ok()) Stop(status);
  read_offset_ = 0;
  return phase_ == Phase::kReading;
}

bool Ownership::ReadUpTo(Offset last, int64_t now_micros) {
  auto records = log_->Read(read_offset_, options_.read_bytes);
  if (absl::IsOutOfRange(records.status())) {
    // The end was behind us: the log lost its tail, or a leader that was cut off answers.
    checked_ = false;
    GiveUpWriter(now_micros, false);
    return true;
  }
  if (!records.ok() || records->empty()) return false;
  for (const LogRecord& record : *records) {
    if (record.offset > last) break;
    absl::Status status = Take(record);
    if (!status.ok()) {
      TakeFailed(status, now_micros);
      return true;
    }
    // A claim at the offset that is waited for must be seen as the newest.
    if (phase_ == Phase::kReadingGap && tenant_->head().claim_id() != claim_id_) break;
  }
  absl::Status status = tenant_->FlushFolds();
  if (!status.ok()) TakeFailed(status, now_micros);
  return true;
}

void Ownership::TakeFailed(const absl::Status& status, int64_t now_micros) {
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kFailedPrecondition:
      Stop(status);
      break;
    default:
      // The rows could not take it (a full disk): go back to what they have, later.
      read_offset_ = tenant_->head().offset() + 1;
      GiveUpWriter(now_micros, false);
  }
}

absl::Status Ownership::Take(const LogRecord& entry) {
  Record record;
  const bool parsed = record.ParseFromString(entry.bytes);
  const Head& head = tenant_->head();
  switch (parsed ? Judge(head, record) : Verdict::kVoid) {
    case Verdict::kVoid:
      ++counts_.void_records;
      break;
    case Verdict::kAlarm:
      return absl::DataLossError(absl::StrCat(
          "the record at offset ", entry.offset,
          " continues another history than this instance has read: the log was changed. Keep all "
          "copies of it, compare them by 'mynumberctl verify', and restore the right one"));
    case Verdict::kClaim: {
      absl::Status status = CheckSettings(record.opened());
      if (!status.ok()) return status;
      [[fallthrough]];
    }
    case Verdict::kValid: {
      absl::Status status =
          tenant_->Fold(record, Advance(head, record, entry.bytes, entry.offset, chain_));
      if (!status.ok()) return status;
      ++counts_.folded_records;
    }
  }
  read_offset_ = entry.offset + 1;
  return absl::OkStatus();
}

absl::Status Ownership::CheckSettings(const PartitionOpened& opened) const {
  const auto& theirs = opened.settings();
  const auto& ours = options_.settings;
  if (theirs.service() != ours.service()) {
    return absl::FailedPreconditionError(absl::StrCat("this log belongs to the service '", theirs.service(),
                                                      "', not to '", ours.service(), "'"));
  }
  if (theirs.partition_count() != ours.partition_count()) {
    return absl::FailedPreconditionError(
        absl::StrCat("this log was created with ", theirs.partition_count(), " partitions, and this instance was told ",
                     ours.partition_count(), ": start it with the former number"));
  }
  if (theirs.identifier_key_fingerprint() != ours.identifier_key_fingerprint()) {
    return absl::FailedPreconditionError(
        "this log was written with another key of the numbers: start with the keyring it was created with");
  }
  return absl::OkStatus();
}

void Ownership::SendClaim(int64_t now_micros) {
  absl::Status status = log_->NewWriter();
  if (!status.ok()) {
    GiveUpWriter(now_micros, false);
    return;
  }
  claim_id_.resize(16);
  random_(reinterpret_cast<uint8_t*>(claim_id_.data()), claim_id_.size());
  Record record;
  PartitionOpened* opened = record.mutable_opened();
  opened->set_claim_id(claim_id_);
  opened->set_instance(options_.instance);
  opened->set_address(options_.address);
  *opened->mutable_settings() = options_.settings;
  opened->set_time_micros(std::max(now_micros, tenant_->head().time_micros()));
  log_->Append({record.SerializeAsString(), {}, {}});
  phase_ = Phase::kClaiming;
}

bool Ownership::StepClaiming(int64_t now_micros) {
  std::optional<AppendResult> result = log_->Poll();
  if (!result) return false;
  if (result->kind != AppendResult::Kind::kAcknowledged) {
    GiveUpWriter(now_micros, result->kind == AppendResult::Kind::kUnknown);
    return true;
  }
  claim_offset_ = result->offset;
  phase_ = Phase::kReadingClaim;
  return true;
}

bool Ownership::StepReadingClaim(int64_t now_micros) {
  if (read_offset_ <= claim_offset_) {
    if (!ReadUpTo(claim_offset_, now_micros)) return false;
    if (phase_ != Phase::kReadingClaim || read_offset_ <= claim_offset_) return true;
  }
  // The delivery report and the reading must name the same offset.
  const Head& head = tenant_->head();
  if (head.offset() != claim_offset_ || head.claim_id() != claim_id_) {
    checked_ = false;
    GiveUpWriter(now_micros, true);
    return true;
  }
  ++counts_.claims;
  retry_millis_ = 0;
  phase_ = Phase::kServing;
  return true;
}

bool Ownership::StepServing(int64_t now_micros) {
  if (!flight_) {
    std::optional<BuiltBatch> built = tenant_->Build(now_micros);
    if (!built) return false;
    flight_ = std::move(built->after);
    log_->Append(std::move(built->request));
  }
  std::optional<AppendResult> result = log_->Poll();
  if (!result) return false;
  if (result->kind != AppendResult::Kind::kAcknowledged || result->offset < 0) {
    GiveUpWriter(now_micros, result->kind != AppendResult::Kind::kNotWritten);
    return true;
  }
  Acknowledged(result->offset, now_micros);
  return true;
}

void Ownership::Acknowledged(Offset offset, int64_t now_micros) {
  if (offset == read_offset_) {
    read_offset_ = offset + 1;
    CommitOwn(offset, now_micros);
  } else if (offset > read_offset_) {
    ++counts_.gaps;
    flight_offset_ = offset;
    phase_ = Phase::kReadingGap;
  } else {
    // A smaller offset than the next: the log lost what was read of it.
    checked_ = false;
    StepDown("the log was truncated under this writer");
  }
}

bool Ownership::StepReadingGap(int64_t now_micros) {
  if (!ReadUpTo(flight_offset_, now_micros)) return false;
  if (phase_ != Phase::kReadingGap) return true;
  if (tenant_->head().claim_id() != claim_id_) {
    StepDown("another instance has claimed this partition");
    return true;
  }
  if (read_offset_ <= flight_offset_) return true;
  // Only void records stood between, and the own batch among them was folded as it was read: answer from the rows.
  phase_ = Phase::kServing;
  if (tenant_->head().sequence() >= flight_->sequence()) {
    flight_.reset();
    tenant_->Discard();
  } else {
    GiveUpWriter(now_micros, true);
  }
  return true;
}

void Ownership::CommitOwn(Offset offset, int64_t now_micros) {
  Head after = *std::move(flight_);
  flight_.reset();
  after.set_offset(offset);
  absl::Status status = tenant_->Commit(after);
  if (status.ok()) return;
  // It stands in the log, but not in the rows: read on from what they have.
  read_offset_ = tenant_->head().offset() + 1;
  GiveUpWriter(now_micros, true);
}

void Ownership::GiveUpWriter(int64_t now_micros, bool unknown) {
  if (unknown) ++counts_.unknown_outcomes;
  if (flight_) {
    flight_.reset();
    tenant_->Discard();
  }
  retry_millis_ = retry_millis_ == 0 ? options_.retry_millis
                                     : std::min(retry_millis_ * 2, options_.retry_max_millis);
  uint8_t jitter = 0;
  random_(&jitter, 1);
  wake_micros_ = now_micros + retry_millis_ * 1000 / 2 + retry_millis_ * 1000 * jitter / 512;
  phase_ = Phase::kWaiting;
}

void Ownership::StepDown(const char* why) {
  ++counts_.step_downs;
  wanted_ = false;
  if (flight_) {
    flight_.reset();
    tenant_->Discard();
  }
  phase_ = Phase::kReading;
  target_ = -1;
  tenant_->Refuse(absl::UnavailableError(why));
}

void Ownership::Stop(absl::Status why) {
  stopped_ = std::move(why);
  phase_ = Phase::kStopped;
  if (flight_) {
    flight_.reset();
    tenant_->Discard();
  }
  tenant_->Refuse(stopped_);
}

}  // namespace mynumber::eventsourcing
