#ifndef MYNUMBER_LIBS_TESTING_GIVEN_WHEN_THEN_H_
#define MYNUMBER_LIBS_TESTING_GIVEN_WHEN_THEN_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/eventsourcing/aggregate.h"
#include "libs/testing/matchers.h"

namespace mynumber::testing {

// One aggregate's story. Service as in aggregate.h; a copy is kept. Events and the events of every When are evolved as
// the engine does it: versions 1, 2, 3, ..., the meta's time being that of At. Of a service whose commands reach
// further than their subject, other subjects are unknown, and what happened to them is told, but not kept. Failures are
// those of the caller's line.
template <class Service>
class Given {
 public:
  using State = typename Service::State;
  using Event = typename Service::Event;
  using Command = typename Service::Command;

  explicit Given(Service service) : service_(std::move(service)) {}

  // Whose story; before any event.
  Given& Of(const eventsourcing::SubjectId& subject) {
    meta_.subject = subject;
    return *this;
  }
  // Partition time from here on.
  Given& At(int64_t time_micros) {
    meta_.time_micros = time_micros;
    return *this;
  }
  // Who asks from here on, as "municipality/131016"; nobody at first. Lives as long as this.
  Given& By(std::string_view caller) {
    meta_.caller = caller;
    return *this;
  }
  Given& Events(const std::vector<Event>& events) {
    for (const Event& event : events) Take(event);
    return *this;
  }

  Given& When(const Command& command, const char* file = __builtin_FILE(), int line = __builtin_LINE());

  Given& Then(const std::vector<Event>& expected, const char* file = __builtin_FILE(), int line = __builtin_LINE());
  // It is so already: OK, and nothing to write.
  Given& ThenNothing(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { return Then({}, file, line); }
  // `reason`: of the service's ErrorReason. `field`: of the first BadRequest violation, "" if there must be none.
  template <class ErrorReason>
  Given& ThenRefused(ErrorReason reason, std::string_view field = "", const char* file = __builtin_FILE(),
                     int line = __builtin_LINE());

  const State& state() const { return state_; }
  // Of the last When.
  const absl::StatusOr<std::vector<Event>>& outcome() const { return *outcome_; }

 private:
  absl::StatusOr<std::vector<Event>> Decide(const Command& command, std::vector<eventsourcing::SubjectId>* of) const;
  void Take(const Event& event) {
    meta_.version = state_.version() + 1;
    ++meta_.sequence;
    service_.Evolve(event, meta_, &state_);
    state_.set_version(meta_.version);
  }
  static std::string Differences(const std::vector<Event>& actual, const std::vector<Event>& expected);

  Service service_;
  eventsourcing::EventMeta meta_;
  State state_;
  std::optional<absl::StatusOr<std::vector<Event>>> outcome_;
};

template <class Service>
Given<Service>& Given<Service>::When(const Command& command, const char* file, int line) {
  std::vector<eventsourcing::SubjectId> of;
  outcome_ = Decide(command, &of);
  const auto again = Decide(command, &of);
  const bool same = again.ok() && outcome_->ok() ? Differences(*again, **outcome_).empty()
                                                 : SameRefusal(again.status(), outcome_->status());
  if (!same) {
    ADD_FAILURE_AT(file, line) << "deciding the same command on the same state twice gave two outcomes";
  }
  for (size_t i = 0; i < of.size(); ++i) {
    if (of[i] == meta_.subject) Take((*outcome_)->at(i));
  }
  return *this;
}

template <class Service>
absl::StatusOr<std::vector<typename Service::Event>> Given<Service>::Decide(
    const Command& command, std::vector<eventsourcing::SubjectId>* of) const {
  eventsourcing::ReachContext<State> context;
  context.time_micros = meta_.time_micros;
  context.subject = meta_.subject;
  context.caller = meta_.caller;
  static const auto* const kUnknown = new State();
  context.other = [](const eventsourcing::SubjectId&) -> const State& { return *kUnknown; };
  const auto decided = service_.Decide(state_, command, context);
  of->clear();
  if (!decided.ok()) return decided.status();
  std::vector<Event> events;
  for (const auto& one : *decided) {
    events.push_back(eventsourcing::TheEvent(one));
    if constexpr (eventsourcing::kReaches<Service>) {
      of->push_back(one.subject);
    } else {
      of->push_back(meta_.subject);
    }
  }
  return events;
}

template <class Service>
Given<Service>& Given<Service>::Then(const std::vector<Event>& expected, const char* file, int line) {
  if (!outcome_) {
    ADD_FAILURE_AT(file, line) << "Then needs a When before it";
  } else if (!outcome_->ok()) {
    ADD_FAILURE_AT(file, line) << "refused: " << outcome_->status().ToString();
  } else if (const std::string differences = Differences(**outcome_, expected); !differences.empty()) {
    ADD_FAILURE_AT(file, line) << differences;
  }
  return *this;
}

template <class Service>
template <class ErrorReason>
Given<Service>& Given<Service>::ThenRefused(ErrorReason reason, std::string_view field, const char* file, int line) {
  if (!outcome_) {
    ADD_FAILURE_AT(file, line) << "ThenRefused needs a When before it";
  } else if (outcome_->ok()) {
    ADD_FAILURE_AT(file, line) << "not refused, but " << Differences(**outcome_, {});
  } else if (ReasonOf(outcome_->status()) != NameOf(reason) || FieldOf(outcome_->status()) != field) {
    ADD_FAILURE_AT(file, line) << "expected " << NameOf(reason) << " of field '" << field << "', but was refused with "
                               << ReasonOf(outcome_->status()) << " of field '" << FieldOf(outcome_->status()) << "'";
  }
  return *this;
}

template <class Service>
std::string Given<Service>::Differences(const std::vector<Event>& actual, const std::vector<Event>& expected) {
  if (actual.size() != expected.size()) {
    std::string text = std::to_string(actual.size()) + " events instead of " + std::to_string(expected.size()) + "\n";
    for (const Event& event : actual) text += event.DebugString();
    return text;
  }
  std::string text;
  for (size_t i = 0; i < actual.size(); ++i) {
    const std::string one = testing::Differences(actual[i], expected[i]);
    if (!one.empty()) text += "event " + std::to_string(i) + " (from expected to actual):\n" + one;
  }
  return text;
}

}  // namespace mynumber::testing

#endif  // MYNUMBER_LIBS_TESTING_GIVEN_WHEN_THEN_H_
