#include "services/issuance/projections/made_up_register.h"

#include <cstdlib>

namespace mynumber::issuance::made_up {

using eventsourcing::RowChange;
using eventsourcing::SubjectId;
using rows::v1::ResidentState;

void Rows::Apply(const std::vector<RowChange>& changes) {
  for (const RowChange& change : changes) {
    switch (change.kind) {
      case RowChange::Kind::kPut:
      case RowChange::Kind::kPutSealed:
        rows[change.key] = change.value;
        break;
      case RowChange::Kind::kDelete:
        rows.erase(change.key);
        break;
      case RowChange::Kind::kAdd: {
        const unsigned __int128 summand = eventsourcing::SummandOf(change.value);
        sums[change.key].count += change.count;
        sums[change.key].total += change.count < 0 ? -summand : summand;
        break;
      }
      case RowChange::Kind::kCount:
      case RowChange::Kind::kAppend:
        // Issuance has no lists and counts.
        std::abort();
    }
  }
}

std::vector<std::string> Rows::Keys(char table) const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : rows) {
    if (key.front() == table) keys.push_back(key);
  }
  return keys;
}

absl::Status Register::Ask(const SubjectId& subject, const Command& command, size_t* written) {
  Issuance::Context context;
  context.time_micros = time_micros_;
  context.subject = subject;
  const auto events = issuance_.Decide(Of(subject), command, context);
  if (!events.ok()) return events.status();
  for (const auto& event : *events) Write(event.subject, event.event);
  if (written != nullptr) *written = events->size();
  return absl::OkStatus();
}

void Register::Write(const SubjectId& subject, const events::v1::IssuanceEvent& event) {
  const ResidentState before = Of(subject);
  ResidentState& after = states_[std::string(subject.view())];
  eventsourcing::EventMeta meta;
  meta.subject = subject;
  meta.version = before.version() + 1;
  meta.sequence = log_.size() + 1;
  meta.time_micros = time_micros_;
  issuance_.Evolve(event, meta, &after);
  after.set_version(meta.version);
  std::vector<RowChange> changes;
  issuance_.Project(before, after, event, meta, &changes);
  rows_.Apply(changes);
  log_.push_back({event, meta});
}

const ResidentState& Register::Of(const SubjectId& subject) const {
  const auto found = states_.find(std::string(subject.view()));
  return found == states_.end() ? ResidentState::default_instance() : found->second;
}

}  // namespace mynumber::issuance::made_up
