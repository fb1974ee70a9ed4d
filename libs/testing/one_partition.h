#ifndef MYNUMBER_LIBS_TESTING_ONE_PARTITION_H_
#define MYNUMBER_LIBS_TESTING_ONE_PARTITION_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libs/eventsourcing/aggregate.h"
#include "libs/eventsourcing/sealed_rows.h"

namespace mynumber::testing {

// One partition of a service without an engine: states and rows in maps, time by hand. Service as in aggregate.h, with
// commands that may reach further than their subject, deadlines and rows.
template <class Service>
class OnePartition {
 public:
  using State = typename Service::State;
  using Command = typename Service::Command;

  OnePartition(Service service, int64_t now) : domain(std::move(service)), now_micros(now) {}

  // Decides, evolves and projects as the engine does it; time is `now_micros`.
  absl::Status When(const eventsourcing::SubjectId& subject, const Command& command);
  // Lets time pass, and meets each deadline at its moment.
  void PassTo(int64_t micros);
  size_t RowsWith(const std::string& prefix) const;

  Service domain;
  int64_t now_micros;
  // By the subject's 16 bytes.
  std::map<std::string, State> states;
  std::map<std::string, std::string> rows;
  // Event types of the last When.
  std::vector<std::string> last;

 private:
  template <class Event>
  void Take(const eventsourcing::EventOf<Event>& event);
  void TakeRow(const eventsourcing::RowChange& change);

  uint64_t sequence_ = 0;
};

template <class Service>
absl::Status OnePartition<Service>::When(const eventsourcing::SubjectId& subject, const Command& command) {
  eventsourcing::ReachContext<State> context;
  context.time_micros = now_micros;
  context.subject = subject;
  context.other = [this](const eventsourcing::SubjectId& id) -> const State& { return states[std::string(id.view())]; };
  const auto events = domain.Decide(states[std::string(subject.view())], command, context);
  last.clear();
  if (!events.ok()) return events.status();
  ++sequence_;
  for (const auto& event : *events) Take(event);
  return absl::OkStatus();
}

template <class Service>
template <class Event>
void OnePartition<Service>::Take(const eventsourcing::EventOf<Event>& event) {
  State& state = states[std::string(event.subject.view())];
  eventsourcing::EventMeta meta;
  meta.subject = event.subject;
  meta.version = state.version() + 1;
  meta.sequence = sequence_;
  meta.index = static_cast<uint32_t>(last.size());
  meta.time_micros = now_micros;
  const State before = state;
  domain.Evolve(event.event, meta, &state);
  state.set_version(meta.version);
  std::vector<eventsourcing::RowChange> changes;
  domain.Project(before, state, event.event, meta, &changes);
  for (const auto& change : changes) TakeRow(change);
  last.emplace_back(Service::EventType(event.event));
}

template <class Service>
void OnePartition<Service>::TakeRow(const eventsourcing::RowChange& change) {
  using Kind = eventsourcing::RowChange::Kind;
  switch (change.kind) {
    case Kind::kPut:
    case Kind::kPutSealed:
      rows[change.key] = change.value;
      return;
    case Kind::kDelete:
      rows.erase(change.key);
      return;
    case Kind::kAdd: {
      eventsourcing::Sum sum = eventsourcing::DecodeSum(rows[change.key]);
      sum.count += change.count;
      rows[change.key] = eventsourcing::EncodeSum(sum);
      return;
    }
    case Kind::kCount: {
      eventsourcing::Sum sum = eventsourcing::DecodeSum(rows[change.key]);
      ++sum.count;
      rows[change.key] = eventsourcing::EncodeSum(sum);
      return;
    }
    case Kind::kAppend: {
      const uint64_t number = eventsourcing::DecodeListCount(rows[change.key]) + 1;
      rows[change.key + eventsourcing::EncodeListNumber(number)] = change.value;
      rows[change.key] = eventsourcing::EncodeListNumber(number);
      return;
    }
  }
}

template <class Service>
void OnePartition<Service>::PassTo(int64_t micros) {
  for (;;) {
    const auto first = rows.lower_bound(std::string(1, eventsourcing::kDeadlineTable));
    const auto deadline = first == rows.end() ? std::nullopt : eventsourcing::ParseDeadlineKey(first->first);
    if (!deadline || deadline->due_micros > micros) break;
    now_micros = std::max(now_micros, deadline->due_micros);
    rows.erase(first);
    (void)When(deadline->subject, domain.WhenDue(*deadline));
  }
  now_micros = micros;
}

template <class Service>
size_t OnePartition<Service>::RowsWith(const std::string& prefix) const {
  size_t count = 0;
  for (auto row = rows.lower_bound(prefix); row != rows.end(); ++row) {
    if (row->first.compare(0, prefix.size(), prefix) != 0) break;
    ++count;
  }
  return count;
}

}  // namespace mynumber::testing

#endif  // MYNUMBER_LIBS_TESTING_ONE_PARTITION_H_
