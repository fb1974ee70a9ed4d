#ifndef MYNUMBER_LIBS_EVENTSOURCING_AGGREGATE_H_
#define MYNUMBER_LIBS_EVENTSOURCING_AGGREGATE_H_

// The shape of a service's pure middle. A service hands the engine one struct S with
//
//   using State   = a protobuf message, the aggregate's row (default constructed: nobody is known under this id)
//   using Event   = the service's event message with one `oneof`
//   using Command = a std::variant of structs, one for each command
//   absl::StatusOr<std::vector<Event>> Decide(const State&, const Command&, const DecideContext&) const;
//       all the rules; no events and OK: already so, nothing to write
//   void Evolve(const Event&, const EventMeta&, State*) const;
//       never fails, has no rules
//   void Project(const State& before, const State& after, const Event&, const EventMeta&,
//                std::vector<RowChange>*) const;
//       the other rows that change with this event
//   static std::string_view EventType(const Event&);
//       field name in the oneof; empty: an event that this binary does not know
//   static bool AnswerStaysInState(const Event&);
//       true if the first answer can be made again from any later State; false: the engine keeps a copy of the State
//       with the receipt
//
// and, where commands look at or change other subjects of the same partition, instead of the above
//
//   absl::StatusOr<std::vector<EventOf<Event>>> Decide(const State&, const Command&, const ReachContext<State>&) const;
//       all its events stand in one command of the log: all or none
//
// and, where other services' events or days that pass mean something to it,
//
//   bool ReactsTo(std::string_view service, std::string_view type) const;
//       events of all other types are passed over unopened
//   absl::StatusOr<std::vector<Reaction<Command>>> React(const ForeignEvent&) const;
//       DATA_LOSS: what it was handed cannot be read. A subject's first event must lead to one here, since only that
//       event brings the subject's data key along
//   Command WhenDue(const Deadline&) const;
//       what a deadline that Project has put means
//
// and, where its subjects can be erased (docs/decisions/0024),
//
//   static bool Erases(const Event&);
//       true: from this event on the subject has another data key, and the former one is destroyed. Evolve leaves of
//       the state what may stay for ever. Project takes away whatever rows the state before had: a fold that comes
//       without the key sees of all that was before only what kAppend and kCount kept, and must end in the same rows
//   static constexpr std::string_view kSealedTables
//       the letters of the tables that it puts by kPutSealed: the engine takes the subject's rows of these away
//
// No clock, no chance, no I/O in any of them.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libs/eventsourcing/position.h"
#include "libs/eventsourcing/subject.h"

namespace mynumber::eventsourcing {

// Time comes to a decision from outside: the partition's, never smaller than that of an earlier batch.
struct DecideContext {
  int64_t time_micros = 0;
  SubjectId subject;
  // Who asked, as EventMeta will have it; empty: nobody from outside.
  std::string_view caller = {};
};

// A decision that reaches further than its own subject.
template <class State>
struct ReachContext : DecideContext {
  // The state of another subject of this partition, with all that was decided before in this batch; the default state
  // if nobody is known under this id. Lives until the decision's events are applied.
  std::function<const State&(const SubjectId&)> other;
};

// An event, and whose it is.
template <class Event>
struct EventOf {
  SubjectId subject;
  Event event;
};

template <class Event>
const Event& TheEvent(const Event& event) {
  return event;
}
template <class Event>
const Event& TheEvent(const EventOf<Event>& event) {
  return event.event;
}

// What stands around an event in the log.
struct EventMeta {
  SubjectId subject;
  // The subject's version with this event: 1, 2, 3, ...
  uint64_t version = 0;
  // Position: sequence of the batch, index of the event in it.
  uint32_t partition = 0;
  uint64_t sequence = 0;
  uint32_t index = 0;
  int64_t time_micros = 0;
  // Who asked.
  std::string_view caller;
  std::string_view clerk_id;
};

// Another service's event, as a reaction sees it; the views live as long as the call.
struct ForeignEvent {
  std::string_view service;
  std::string_view type;
  SubjectId subject;
  uint64_t version = 0;
  Position position;
  int64_t time_micros = 0;
  std::string_view caller;
  std::string_view clerk_id;
  // The event message, opened.
  std::string_view payload;
};

// What an event of another service leads to here.
template <class Command>
struct Reaction {
  SubjectId subject;
  Command command;
};

// A moment at which something is to be done about a subject: a row that Project puts (DeadlineKey in sealed_rows.h),
// and deletes when it need not be met any more. Once its time has come the loop turns it into a command, whose record
// takes the row away.
struct Deadline {
  int64_t due_micros = 0;
  SubjectId subject;
  // Tells a subject's deadlines apart.
  char what = 0;
};

// What a decision is made of: events of its subject, or of any.
template <class Service>
using Decided = typename decltype(std::declval<const Service&>().Decide(
    std::declval<const typename Service::State&>(), std::declval<const typename Service::Command&>(),
    std::declval<const ReachContext<typename Service::State>&>()))::value_type;
template <class Service>
inline constexpr bool kReaches = !std::is_same_v<Decided<Service>, std::vector<typename Service::Event>>;

template <class Service, class = void>
inline constexpr bool kReacts = false;
template <class Service>
inline constexpr bool kReacts<Service, std::void_t<decltype(&Service::React)>> = true;
template <class Service, class = void>
inline constexpr bool kErases = false;
template <class Service>
inline constexpr bool kErases<Service, std::void_t<decltype(&Service::Erases)>> = true;
template <class Service, class = void>
inline constexpr bool kHasDeadlines = false;
template <class Service>
inline constexpr bool kHasDeadlines<Service, std::void_t<decltype(&Service::WhenDue)>> = true;

// A change to a row of a service's own tables. `key` starts with the table's letter; the letters 'a', 'e', 'r' and
// 'z' and the byte 0 belong to the engine, where 'z' are the deadlines that Project puts.
struct RowChange {
  enum class Kind {
    kPut,
    // The value is sealed with the subject's data key before it is stored. The subject's 16 bytes follow the table's
    // letter in the key, so that `verify` finds the key to compare with.
    kPutSealed,
    kDelete,
    // Adds to a sum row: a count, and a sum modulo 2^128. One that comes to nothing has no row.
    kAdd,
    // Adds 1 to the count of a sum row, for good.
    kCount,
    // Appends to a list: the value becomes the row `key` + number (8, big-endian), and the numbers of a key are 1, 2,
    // 3, ... without a gap. The row `key` itself counts them (DecodeListCount). Stays when the subject is erased, and
    // stands in the log in clear: opaque ids, codes, states and times, and nothing else of a person.
    kAppend,
  };
  Kind kind = Kind::kPut;
  std::string key;
  std::string value;
  // kAdd: +1 or -1, and the 16 bytes (big-endian) that are added or, with a negative count, taken away.
  int64_t count = 0;
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_AGGREGATE_H_
