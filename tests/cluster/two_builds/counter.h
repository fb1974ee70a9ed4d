#ifndef MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_COUNTER_H_
#define MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_COUNTER_H_

// The service as this build knows it. Nothing else differs between the two.

#include <optional>
#include <variant>
#include <vector>

#include "libs/eventsourcing/counter_service.h"
#include "mynumber/testing/v1/counter.pb.h"

namespace mynumber::two_builds {

#ifdef MYNUMBER_NEWER_BUILD
using Counter = eventsourcing::CounterService;
#else
// Knows neither the event "mystery" nor the command that leads to it.
struct Counter : eventsourcing::OlderCounterService {
  using Command = std::variant<Open, Add>;
  absl::StatusOr<std::vector<Event>> Decide(const State& state, const Command& command,
                                            const eventsourcing::DecideContext& context) const {
    return std::visit([&](const auto& known) { return CounterService::Decide(state, known, context); }, command);
  }
};
#endif

// Nothing: this build knows no such deed.
inline std::optional<Counter::Command> CommandOf(testing::v1::CountRequest::Deed deed) {
  if (deed == testing::v1::CountRequest::DEED_OPEN) return Counter::Open{};
  if (deed == testing::v1::CountRequest::DEED_ADD) return Counter::Add{1};
#ifdef MYNUMBER_NEWER_BUILD
  if (deed == testing::v1::CountRequest::DEED_MYSTERY) return Counter::Mystery{};
#endif
  return std::nullopt;
}

}  // namespace mynumber::two_builds

#endif  // MYNUMBER_TESTS_CLUSTER_TWO_BUILDS_COUNTER_H_
