#include "libs/log_copy/checkpoints.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace mynumber::log_copy {

using eventlog::v1::Checkpoint;

std::string StatementOf(const Checkpoint& checkpoint) {
  return absl::StrCat("mynumber checkpoint 1\n", checkpoint.service(), "\n", checkpoint.partition(), "\n",
                      checkpoint.sequence(), "\n", absl::BytesToHexString(checkpoint.running_hash()), "\n",
                      checkpoint.time_micros(), "\n");
}

CheckpointFold::CheckpointFold(uint32_t partition, std::vector<Checkpoint> checkpoints,
                               eventsourcing::ChainHash chain)
    : partition_(partition), fold_(partition, std::move(chain)) {
  std::sort(checkpoints.begin(), checkpoints.end(),
            [](const Checkpoint& a, const Checkpoint& b) { return a.sequence() < b.sequence(); });
  left_.assign(checkpoints.begin(), checkpoints.end());
}

void CheckpointFold::Take(eventsourcing::Offset offset, const std::string& record) {
  const absl::Status taken = fold_.Take(offset, record);
  if (!taken.ok()) {
    // Behind a break in the chain nothing more is told.
    if (findings_.empty()) findings_.emplace_back(taken.message());
    left_.clear();
    return;
  }
  Miss(fold_.head().sequence());
  // Claims behind the batch change the hash and not the sequence: each of these is one that may have been signed.
  while (!left_.empty()) {
    const auto met = std::find_if(left_.begin(), left_.end(), [&](const Checkpoint& one) {
      return one.sequence() == fold_.head().sequence() && one.running_hash() == fold_.head().running_hash();
    });
    if (met == left_.end()) return;
    ++agreed_;
    agreed_sequence_ = met->sequence();
    left_.erase(met);
  }
}

void CheckpointFold::Miss(uint64_t sequence) {
  while (!left_.empty() && left_.front().sequence() < sequence) {
    findings_.push_back(absl::StrCat(Where(left_.front().sequence()), ": something was changed, removed or inserted"));
    left_.pop_front();
  }
}

std::string CheckpointFold::Where(uint64_t sequence) const {
  return absl::StrCat("partition ", partition_, ": the log does not come to what was signed at sequence ", sequence,
                      agreed_sequence_ > 0 ? absl::StrCat(", and did at ", agreed_sequence_) : std::string());
}

std::vector<std::string> CheckpointFold::Findings() {
  for (const Checkpoint& one : left_) {
    findings_.push_back(one.sequence() > fold_.head().sequence()
                            ? absl::StrCat("partition ", partition_, ": the log ends at sequence ",
                                           fold_.head().sequence(), ", and ", one.sequence(),
                                           " was signed: its end is gone")
                            : absl::StrCat(Where(one.sequence()), ": something was changed, removed or inserted"));
  }
  left_.clear();
  return std::move(findings_);
}

}  // namespace mynumber::log_copy
