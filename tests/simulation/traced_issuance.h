#ifndef MYNUMBER_TESTS_SIMULATION_TRACED_ISSUANCE_H_
#define MYNUMBER_TESTS_SIMULATION_TRACED_ISSUANCE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/issuance/domain/resident.h"
#include "tests/simulation/dice.h"

namespace mynumber::simulation {

// What a decision saw: filled in by Decide, read by whoever asked.
struct Decision {
  uint64_t version = 0;
  absl::Status status;
  // Called as soon as a command is refused, if set: for the planted bug that answers then.
  std::function<void()> refused;
};

// Issuance as it is, and what it decided and projected is told. A resident is erased at once: no run is as long as the
// waiting period.
struct TracedIssuance {
  using State = issuance::Issuance::State;
  using Event = issuance::Issuance::Event;
  struct Command {
    issuance::Command inner;
    std::shared_ptr<Decision> decision;
  };

  absl::StatusOr<std::vector<eventsourcing::EventOf<Event>>> Decide(
      const State& state, const Command& command, const eventsourcing::ReachContext<State>& context) const;
  void Evolve(const Event& event, const eventsourcing::EventMeta& meta, State* state) const {
    issuance.Evolve(event, meta, state);
  }
  void Project(const State& before, const State& after, const Event& event, const eventsourcing::EventMeta& meta,
               std::vector<eventsourcing::RowChange>* changes) const {
    if (projected) projected(after, meta);
    issuance.Project(before, after, event, meta, changes);
  }
  static std::string_view EventType(const Event& event) { return issuance::Issuance::EventType(event); }
  static bool AnswerStaysInState(const Event& event) { return issuance::Issuance::AnswerStaysInState(event); }
  static bool Erases(const Event& event) { return issuance::Issuance::Erases(event); }
  static constexpr std::string_view kSealedTables = issuance::Issuance::kSealedTables;

  issuance::Issuance issuance;
  std::function<void(const State& after, const eventsourcing::EventMeta&)> projected;
};

// Issuance with quick keyed functions that are injective, as the real ones are.
TracedIssuance MakeTracedIssuance();

// An invented resident.
std::string RecordCodeOf(uint64_t resident);

// A command for this resident, as the edge would hand it over; `method` is the call's name.
issuance::Command RandomCommand(uint64_t resident, Dice* dice, std::string* method);

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_TRACED_ISSUANCE_H_
