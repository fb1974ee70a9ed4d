// An owner whose clock is wrong would move the partition's time, which never goes back: it does not serve.

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/ownership.h"

namespace mynumber::eventsourcing {
namespace {

absl::Status ClockTrouble(int64_t off_micros, int64_t max_micros) {
  return absl::UnavailableError(absl::StrCat(
      "the clock of this instance is ", std::abs(off_micros) / 1'000'000, " s ", off_micros > 0 ? "ahead of" : "behind",
      " that of the log, and no more than ", max_micros / 1'000'000,
      " s are allowed: set it right, and see that its time service runs; the partition is claimed again then"));
}

}  // namespace

bool Ownership::ClockIsRight(int64_t now_micros) {
  const std::optional<LogTime> log = log_->Time();
  clock_off_micros_ = 0;
  if (!log || !log->is_known) return true;
  if (now_micros > log->latest_micros) clock_off_micros_ = now_micros - log->latest_micros;
  if (now_micros < log->earliest_micros) clock_off_micros_ = now_micros - log->earliest_micros;
  return std::abs(clock_off_micros_) <= options_.clock_off_max_micros;
}

bool Ownership::MayClaim(int64_t now_micros) {
  if (ClockIsRight(now_micros)) {
    clock_is_wrong_ = false;
    return true;
  }
  if (!clock_is_wrong_) {
    StepDownByClock(now_micros);
    return false;
  }
  // Set back, the clock must not make the wait any longer.
  clock_look_again_micros_ = std::min(clock_look_again_micros_, now_micros + options_.clock_look_again_micros);
  trouble_ = ClockTrouble(clock_off_micros_, options_.clock_off_max_micros);
  tenant_->Refuse(trouble_);
  if (now_micros < clock_look_again_micros_) return false;
  clock_is_wrong_ = false;
  return true;
}

// Still wants the partition: it claims again when its clock is right.
void Ownership::StepDownByClock(int64_t now_micros) {
  ++counts_.clock_step_downs;
  clock_is_wrong_ = true;
  clock_look_again_micros_ = now_micros + options_.clock_look_again_micros;
  trouble_ = ClockTrouble(clock_off_micros_, options_.clock_off_max_micros);
  ReadAnew();
  tenant_->Refuse(trouble_);
}

// Before the first word of the log's clock nothing says that ours is right: the claim leaves the time alone.
int64_t Ownership::ClaimTime(int64_t now_micros) const {
  const std::optional<LogTime> log = log_->Time();
  const int64_t head_micros = tenant_->head().time_micros();
  if (!log || (log->is_known && std::abs(clock_off_micros_) <= options_.clock_off_max_micros)) {
    return std::max(now_micros, head_micros);
  }
  return head_micros;
}

}  // namespace mynumber::eventsourcing
