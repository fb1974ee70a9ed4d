#include "libs/eventsourcing/ownership.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "libs/eventsourcing/settings.h"

namespace mynumber::eventsourcing {

using eventlog::v1::PartitionOpened;
using eventlog::v1::Record;

namespace {

// More than an hour's, if each is tried for two seconds.
constexpr size_t kThrownAwayClaimsMax = 2000;

}  // namespace

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
      // A clock that was set back must not make the wait any longer.
      wake_micros_ = std::min(wake_micros_, now_micros + options_.retry_max_millis * 1000);
      if (now_micros < wake_micros_) return false;
      ReadAnew();
      return true;
    case Phase::kStopped:
      tenant_->Refuse(stopped_);
      return false;
  }
  return false;
}

bool Ownership::StepReading(int64_t now_micros) {
  if (!wanted_) {
    tenant_->Refuse(absl::UnavailableError("another instance owns this partition"));
    return Follow(now_micros);
  }
  if (target_ < 0) {
    absl::StatusOr<Offset> end = log_->End();
    if (!end.ok()) return false;
    target_ = *end;
    compared_ = false;
    comparison_.reset();
  }
  if (!settings_checked_ && target_ > 0 && !CompareSettings()) return !stopped_.ok();
  if (read_offset_ < target_) {
    if (ReadUpTo(target_ - 1, now_micros)) return true;
    // The end may have been cut off since it was told.
    target_ = -1;
    return false;
  }
  target_ = -1;
  if (!wanted_ || !MayClaim(now_micros)) return false;
  SendClaim(now_micros);
  return true;
}

// A standby takes in what comes: it asks nobody for the end, which whoever is to own does before its claim.
bool Ownership::Follow(int64_t now_micros) {
  target_ = -1;
  if (!settings_checked_ && !CompareSettings()) return !stopped_.ok();
  // Set back, the clock must not make the wait any longer.
  follow_from_micros_ = std::min(follow_from_micros_, now_micros + options_.retry_millis * 10'000);
  if (now_micros < follow_from_micros_) return false;
  const bool has_read = ReadUpTo(std::numeric_limits<Offset>::max(), now_micros);
  if (has_read && phase_ == Phase::kReading) trouble_ = absl::OkStatus();
  // While it rested, the log may have lost what was read of it.
  if (!has_read) compared_ = false;
  return has_read;
}

// Rows that have caught up with the log bring no claim to compare with.
bool Ownership::CompareSettings() {
  const absl::Status status = CheckFirstClaim(log_, options_.settings);
  settings_checked_ = status.ok();
  if (absl::IsFailedPrecondition(status)) Stop(status);
  if (!status.ok()) target_ = -1;
  return settings_checked_;
}

void Ownership::SendClaim(int64_t now_micros) {
  absl::Status status = log_->NewWriter();
  if (!status.ok()) {
    trouble_ = status;
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
  opened->set_time_micros(ClaimTime(now_micros));
  log_->Append({record.SerializeAsString(), {}, {}});
  phase_ = Phase::kClaiming;
}

bool Ownership::StepClaiming(int64_t now_micros) {
  std::optional<AppendResult> result = log_->Poll();
  if (!result) return false;
  if (result->kind != AppendResult::Kind::kAcknowledged) {
    trouble_ = result->status;
    GiveUpWriter(now_micros, result->kind == AppendResult::Kind::kUnknown);
    return true;
  }
  claim_offset_ = result->offset;
  phase_ = Phase::kReadingClaim;
  // Everything before an acknowledged claim stays. What was read earlier may be gone, though: compared once more.
  compared_ = false;
  comparison_.reset();
  if (claim_offset_ <= tenant_->head().offset()) {
    Truncated();
  } else {
    read_offset_ = tenant_->head().offset() + 1;
  }
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
    GiveUpWriter(now_micros, true);
    return true;
  }
  if (!Proven(now_micros)) return phase_ != Phase::kReadingClaim;
  ++counts_.claims;
  served_claim_id_ = claim_id_;
  trouble_ = absl::OkStatus();
  phase_ = Phase::kServing;
  others_end_ = -1;
  looked_micros_ = now_micros;
  return true;
}

bool Ownership::StepServing(int64_t now_micros) {
  if (!flight_) {
    if (!ClockIsRight(now_micros)) {
      StepDownByClock(now_micros);
      return true;
    }
    if (others_end_ >= 0 && ReadOthers(now_micros)) return true;
    std::optional<BuiltBatch> built = tenant_->Build(now_micros);
    if (!built) {
      // Nothing is under way, but a client may have things to say of itself.
      (void)log_->Poll();
      return LookForOthers(now_micros);
    }
    flight_ = std::move(built->after);
    log_->Append(std::move(built->request));
  }
  std::optional<AppendResult> result = log_->Poll();
  if (!result) return false;
  if (result->kind != AppendResult::Kind::kAcknowledged || result->offset < 0) {
    trouble_ = result->status;
    GiveUpWriter(now_micros, result->kind != AppendResult::Kind::kNotWritten);
    return true;
  }
  Acknowledged(result->offset, now_micros);
  return true;
}

// Whatever it finds has no effect on what it may acknowledge, which its next append decides: but rows of an idle owner
// that was replaced would stand still for ever.
bool Ownership::LookForOthers(int64_t now_micros) {
  if (options_.look_micros == 0 || others_end_ >= 0) return false;
  looked_micros_ = std::min(looked_micros_, now_micros);
  if (now_micros - looked_micros_ < options_.look_micros / (wanted_ ? 1 : 10)) return false;
  const absl::StatusOr<Offset> end = log_->End();
  if (!end.ok()) return false;
  looked_micros_ = now_micros;
  if (*end <= read_offset_) return false;
  others_end_ = *end;
  others_next_ = read_offset_;
  return true;
}

// Only looks: what was acknowledged last stays where this owner's next offset is counted from, since the log may lose
// whatever it reads here.
bool Ownership::ReadOthers(int64_t now_micros) {
  const auto records = log_->Read(others_next_, options_.read_bytes);
  if (!records.ok() || records->empty()) return false;
  for (const LogRecord& entry : *records) {
    if (entry.offset >= others_end_) break;
    others_next_ = entry.offset + 1;
    Record record;
    if (!record.ParseFromString(entry.bytes) || !record.has_opened()) continue;
    if (IsOwnThrownAway(record.opened().claim_id())) {
      GiveUpWriter(now_micros, false);
    } else {
      StepDown("another instance has claimed this partition");
    }
    return true;
  }
  if (others_next_ >= others_end_) others_end_ = -1;
  return true;
}

void Ownership::Acknowledged(Offset offset, int64_t now_micros) {
  looked_micros_ = now_micros;
  if (offset == read_offset_) {
    read_offset_ = offset + 1;
    CommitOwn(offset, now_micros);
  } else if (offset > read_offset_) {
    ++counts_.gaps;
    // What was decided must not be under what is folded now.
    tenant_->Discard();
    comparison_.reset();
    flight_offset_ = offset;
    phase_ = Phase::kReadingGap;
  } else {
    // A smaller offset than the next: the log lost what was read of it.
    StepDown("the log was truncated under this writer");
  }
}

bool Ownership::StepReadingGap(int64_t now_micros) {
  if (read_offset_ <= flight_offset_ && !ReadUpTo(flight_offset_, now_micros)) return false;
  if (phase_ != Phase::kReadingGap) return true;
  if (tenant_->head().claim_id() != claim_id_) {
    // A claim that this instance threw away and that arrived late fences it as any other does, but nobody else serves.
    if (IsOwnThrownAway(tenant_->head().claim_id())) {
      GiveUpWriter(now_micros, false);
    } else {
      StepDown("another instance has claimed this partition");
    }
    return true;
  }
  if (read_offset_ <= flight_offset_) return true;
  // Only void records stood between, and the own batch was folded as it was read: its commands are decided again, and
  // answered from their receipts. If it counts at another offset than was acknowledged, it stands there twice, or a
  // leader that was replaced tells of it.
  if (tenant_->head().offset() != flight_offset_ || tenant_->head().running_hash() != flight_->running_hash()) {
    GiveUpWriter(now_micros, true);
    return true;
  }
  if (!Proven(now_micros)) return phase_ != Phase::kReadingGap;
  flight_.reset();
  phase_ = Phase::kServing;
  return true;
}

void Ownership::CommitOwn(Offset offset, int64_t now_micros) {
  flight_->set_offset(offset);
  flight_->set_batch_offset(offset);
  absl::Status status = tenant_->Commit(*flight_);
  if (status.ok()) {
    flight_.reset();
    retry_millis_ = 0;
    return;
  }
  trouble_ = status;
  // It stands in the log, but not in the rows: its commands wait again, and reading goes on from what the rows have.
  read_offset_ = tenant_->head().offset() + 1;
  GiveUpWriter(now_micros, true);
}

void Ownership::GiveUpWriter(int64_t now_micros, bool unknown) {
  if (unknown) ++counts_.unknown_outcomes;
  if (unknown && phase_ == Phase::kClaiming) ThrowClaimAway();
  if (unknown && flight_) {
    unknown_hash_ = flight_->running_hash();
    unknown_after_ = tenant_->head().offset();
  }
  DropFlight();
  retry_millis_ = retry_millis_ == 0 ? options_.retry_millis
                                     : std::min(retry_millis_ * 2, options_.retry_max_millis);
  uint8_t jitter = 0;
  random_(&jitter, 1);
  wake_micros_ = now_micros + retry_millis_ * 1000 / 2 + retry_millis_ * 1000 * jitter / 512;
  phase_ = Phase::kWaiting;
  if (!serving_soon()) {
    tenant_->Refuse(absl::IsResourceExhausted(trouble_)
                        ? trouble_
                        : absl::UnavailableError("this partition cannot be written to now"));
  }
}

void Ownership::ThrowClaimAway() {
  thrown_away_claims_.push_back(claim_id_);
  if (thrown_away_claims_.size() > kThrownAwayClaimsMax) thrown_away_claims_.pop_front();
}

bool Ownership::IsOwnThrownAway(const std::string& claim_id) const {
  return std::find(thrown_away_claims_.begin(), thrown_away_claims_.end(), claim_id) != thrown_away_claims_.end();
}

void Ownership::DropFlight() {
  if (!flight_) return;
  flight_.reset();
  tenant_->Discard();
}

void Ownership::StepDown(const char* why) {
  ++counts_.step_downs;
  wanted_ = false;
  DropFlight();
  ReadAnew();
  tenant_->Refuse(absl::UnavailableError(why));
}

// Nothing that was read before is taken for granted.
void Ownership::ReadAnew() {
  phase_ = Phase::kReading;
  target_ = -1;
  others_end_ = -1;
  compared_ = false;
  comparison_.reset();
}

void Ownership::Stop(absl::Status why) {
  stopped_ = std::move(why);
  phase_ = Phase::kStopped;
  DropFlight();
  tenant_->Refuse(stopped_);
}

}  // namespace mynumber::eventsourcing
