#ifndef MYNUMBER_SERVICES_HOTLINE_DOMAIN_HOTLINE_CASE_H_
#define MYNUMBER_SERVICES_HOTLINE_DOMAIN_HOTLINE_CASE_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/aggregate.h"
#include "mynumber/hotline/events/v1/events.pb.h"
#include "mynumber/hotline/rows/v1/rows.pb.h"
#include "services/hotline/domain/commands.h"

namespace mynumber::hotline {

// After so many, nobody can be identified in the case any more.
constexpr uint32_t kFailuresMax = 5;
constexpr int kNotesMax = 100;
// Different cards in one case.
constexpr int kSuspensionsMax = 20;

// Five years. No rule names a period for these: whoever runs the hotline sets it (docs/decisions/0026).
constexpr int kCaseRetentionDays = 5 * 365 + 2;

// One case: a call that came in, and what followed. Shape: libs/eventsourcing/aggregate.h.
struct HotlineDomain {
  using State = rows::v1::CaseState;
  using Event = events::v1::HotlineEvent;
  using Command = hotline::Command;

  // From a case's closing until all that it says is destroyed.
  int case_retention_days = kCaseRetentionDays;

  absl::StatusOr<std::vector<Event>> Decide(const State& state, const Command& command,
                                            const eventsourcing::DecideContext& context) const;
  void Evolve(const Event& event, const eventsourcing::EventMeta& meta, State* state) const;
  void Project(const State& before, const State& after, const Event& event, const eventsourcing::EventMeta& meta,
               std::vector<eventsourcing::RowChange>* changes) const;
  static std::string_view EventType(const Event& event);
  static bool Erases(const Event& event) { return event.has_case_erased(); }
  // Its own rows hold nothing of a person.
  static constexpr std::string_view kSealedTables = "";
  // Every answer tells the case as it was.
  static bool AnswerStaysInState(const Event&) { return false; }
  // reactions.cc
  Command WhenDue(const eventsourcing::Deadline& deadline) const;
};

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_DOMAIN_HOTLINE_CASE_H_
