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
// deadlines and rows, and commands that may reach further than their subject.
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
  // The same history, folded by who comes when the keys of erased subjects are gone: of what was before their erasing
  // it sees only that it was, and what kAppend and kCount kept.
  OnePartition FoldedWithoutKeys() const;

  Service domain;
  int64_t now_micros;
  // By the subject's 16 bytes.
  std::map<std::string, State> states;
  std::map<std::string, std::string> rows;
  // Event types of the last When.
  std::vector<std::string> last;
  // All that has happened, in the order of the log.
  struct Happened {
    eventsourcing::EventMeta meta;
    typename Service::Event event;
    // What an envelope holds in clear.
    std::vector<eventsourcing::RowChange> kept;
  };
  std::vector<Happened> history;

 private:
  void Take(const eventsourcing::SubjectId& subject, const typename Service::Event& event);
  void Apply(const eventsourcing::EventMeta& meta, const typename Service::Event& event);
  void DeleteSealedRows(const eventsourcing::SubjectId& subject);
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
  for (const auto& event : *events) {
    if constexpr (eventsourcing::kReaches<Service>) {
      Take(event.subject, event.event);
    } else {
      Take(subject, event);
    }
  }
  return absl::OkStatus();
}

template <class Service>
void OnePartition<Service>::Take(const eventsourcing::SubjectId& subject, const typename Service::Event& event) {
  eventsourcing::EventMeta meta;
  meta.subject = subject;
  meta.version = states[std::string(subject.view())].version() + 1;
  meta.sequence = sequence_;
  meta.index = static_cast<uint32_t>(last.size());
  meta.time_micros = now_micros;
  Apply(meta, event);
  last.emplace_back(Service::EventType(event));
}

template <class Service>
void OnePartition<Service>::Apply(const eventsourcing::EventMeta& meta, const typename Service::Event& event) {
  using Kind = eventsourcing::RowChange::Kind;
  State& state = states[std::string(meta.subject.view())];
  const State before = state;
  domain.Evolve(event, meta, &state);
  state.set_version(meta.version);
  std::vector<eventsourcing::RowChange> changes;
  domain.Project(before, state, event, meta, &changes);
  Happened happened{meta, event, {}};
  for (const auto& change : changes) {
    TakeRow(change);
    if (change.kind == Kind::kAppend || change.kind == Kind::kCount) happened.kept.push_back(change);
  }
  history.push_back(std::move(happened));
  if constexpr (eventsourcing::kErases<Service>) {
    if (Service::Erases(event)) DeleteSealedRows(meta.subject);
  }
}

template <class Service>
void OnePartition<Service>::DeleteSealedRows(const eventsourcing::SubjectId& subject) {
  for (const char table : Service::kSealedTables) {
    const std::string prefix = std::string(1, table).append(subject.view());
    auto row = rows.lower_bound(prefix);
    while (row != rows.end() && row->first.compare(0, prefix.size(), prefix) == 0) row = rows.erase(row);
  }
}

template <class Service>
OnePartition<Service> OnePartition<Service>::FoldedWithoutKeys() const {
  // By subject: the version of its erasing.
  std::map<std::string, uint64_t> erased;
  for (const Happened& happened : history) {
    if (Service::Erases(happened.event)) erased[std::string(happened.meta.subject.view())] = happened.meta.version;
  }
  OnePartition folded(domain, now_micros);
  for (const Happened& happened : history) {
    const std::string subject(happened.meta.subject.view());
    const auto found = erased.find(subject);
    if (found == erased.end() || happened.meta.version >= found->second) {
      folded.Apply(happened.meta, happened.event);
      continue;
    }
    folded.states[subject].set_version(happened.meta.version);
    for (const auto& change : happened.kept) folded.TakeRow(change);
  }
  return folded;
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
