#include "tests/simulation/simulated_rows.h"

namespace mynumber::simulation {

void SimulatedRows::Apply(const eventsourcing::Changes& changes, Map* rows) {
  for (size_t i = 0; i < changes.size(); ++i) {
    const eventsourcing::RowWrite change = changes[i];
    if (change.value) {
      (*rows)[std::string(change.key)] = std::string(*change.value);
    } else {
      rows->erase(std::string(change.key));
    }
  }
}

absl::StatusOr<bool> SimulatedRows::Get(std::string_view key, std::string* value) const {
  if (unreadable) return absl::UnavailableError("the disk does not answer");
  auto found = rows_.find(key);
  if (found == rows_.end()) return false;
  *value = found->second;
  return true;
}

absl::Status SimulatedRows::Write(const eventsourcing::Changes& changes) {
  if (full) return absl::ResourceExhaustedError("no space left on device");
  Apply(changes, &rows_);
  since_flush_.push_back(changes);
  return absl::OkStatus();
}

absl::Status SimulatedRows::Scan(std::string_view prefix, std::string_view after,
                                 const std::function<bool(std::string_view, std::string_view)>& visit) const {
  if (unreadable) return absl::UnavailableError("the disk does not answer");
  auto row = after.empty() ? rows_.lower_bound(prefix) : rows_.upper_bound(after);
  for (; row != rows_.end() && row->first.compare(0, prefix.size(), prefix) == 0; ++row) {
    if (!visit(row->first, row->second)) break;
  }
  return absl::OkStatus();
}

absl::Status SimulatedRows::StartOver() {
  rows_.clear();
  flushed_.clear();
  since_flush_.clear();
  return absl::OkStatus();
}

void SimulatedRows::Flush() {
  for (const eventsourcing::Changes& changes : since_flush_) Apply(changes, &flushed_);
  since_flush_.clear();
}

size_t SimulatedRows::Crash(Dice* dice) {
  const size_t kept = dice->Below(since_flush_.size() + 1);
  const size_t lost = since_flush_.size() - kept;
  since_flush_.resize(kept);
  Flush();
  rows_ = flushed_;
  return lost;
}

}  // namespace mynumber::simulation
