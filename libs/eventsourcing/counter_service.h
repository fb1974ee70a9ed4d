#ifndef MYNUMBER_LIBS_EVENTSOURCING_COUNTER_SERVICE_H_
#define MYNUMBER_LIBS_EVENTSOURCING_COUNTER_SERVICE_H_

// The smallest service, for tests of the engine: counters that are opened, added to, noted and erased.
// Shape: aggregate.h.

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "libs/eventsourcing/aggregate.h"

namespace mynumber::eventsourcing {

// As far as the engine sees a protobuf message: "version total is_open note".
struct CounterState {
  uint64_t version() const { return version_; }
  void set_version(uint64_t version) { version_ = version; }
  bool SerializeToString(std::string* out) const {
    *out = absl::StrCat(version_, " ", total, " ", is_open, " ", note);
    return true;
  }
  bool ParseFromString(const std::string& text) {
    std::istringstream in(text);
    in >> version_ >> total >> is_open >> note;
    return !in.fail() || note.empty();
  }
  static const CounterState& default_instance() {
    static const auto* const kDefault = new CounterState();
    return *kDefault;
  }

  int64_t total = 0;
  // From its first event on, until it is erased.
  bool is_open = false;
  std::string note;

 private:
  uint64_t version_ = 0;
};

// "type amount note". A type that the service does not know stands for an event of a newer version.
struct CounterEvent {
  bool SerializeToString(std::string* out) const {
    *out = absl::StrCat(type, " ", amount, " ", note);
    return true;
  }
  bool ParseFromString(const std::string& text) {
    std::istringstream in(text);
    note.clear();
    in >> type >> amount >> note;
    return !type.empty();
  }

  std::string type;
  int64_t amount = 0;
  std::string note;
};

struct CounterService {
  using State = CounterState;
  using Event = CounterEvent;
  struct Open {
    int64_t start = 0;
  };
  struct Add {
    int64_t amount = 0;
    // So many events.
    int times = 1;
  };
  struct Note {
    std::string note;
  };
  // Writes what an older version would not know.
  struct Mystery {};
  struct Erase {};
  using Command = std::variant<Open, Add, Note, Mystery, Erase>;

  // Refuses to add to what was not opened, or is erased; opening or erasing twice is already so.
  absl::StatusOr<std::vector<Event>> Decide(const State& state, const Command& command,
                                            const DecideContext& context) const {
    if (const auto* open = std::get_if<Open>(&command)) {
      if (state.version() > 0) return std::vector<Event>{};
      return std::vector<Event>{{"opened", open->start, ""}};
    }
    if (std::holds_alternative<Erase>(command)) {
      return state.is_open ? std::vector<Event>{{"erased", 0, ""}} : std::vector<Event>{};
    }
    if (!state.is_open) return absl::NotFoundError("there is no such counter");
    if (const auto* add = std::get_if<Add>(&command)) {
      return std::vector<Event>(static_cast<size_t>(add->times), {"added", add->amount, ""});
    }
    if (const auto* note = std::get_if<Note>(&command)) return std::vector<Event>{{"noted", 0, note->note}};
    return std::vector<Event>{{"mystery", 0, ""}};
  }
  void Evolve(const Event& event, const EventMeta& meta, State* state) const {
    state->is_open = !Erases(event);
    state->total = state->is_open ? state->total + event.amount : 0;
    if (!state->is_open) state->note.clear();
    if (!event.note.empty()) state->note = event.note;
  }
  // 't': the total in clear; 's': the note, sealed, gone with the note "none"; 'c': how many counters are open, and the
  // sum of their first bytes; 'n' and a note's first letter: all such notes, in the order of the log; 'k': how many.
  void Project(const State& before, const State& after, const Event& event, const EventMeta& meta,
               std::vector<RowChange>* changes) const {
    const std::string subject(meta.subject.view());
    if (after.is_open) {
      changes->push_back({RowChange::Kind::kPut, "t" + subject, std::to_string(after.total)});
    } else {
      changes->push_back({RowChange::Kind::kDelete, "t" + subject});
    }
    if (!event.note.empty()) {
      changes->push_back({RowChange::Kind::kCount, "k"});
      changes->push_back({RowChange::Kind::kAppend, std::string("n") + event.note[0], event.note});
    }
    if (event.note == "none") {
      changes->push_back({RowChange::Kind::kDelete, "s" + subject});
    } else if (!event.note.empty()) {
      changes->push_back({RowChange::Kind::kPutSealed, "s" + subject, event.note});
    }
    if (before.is_open == after.is_open) return;
    const std::string summand = std::string(15, '\0') + subject[0];
    changes->push_back({RowChange::Kind::kAdd, "c", summand, after.is_open ? 1 : -1});
  }
  static bool Erases(const Event& event) { return event.type == "erased"; }
  static constexpr std::string_view kSealedTables = "s";
  static std::string_view EventType(const Event& event) { return event.type; }
  static bool AnswerStaysInState(const Event& event) { return event.type == "opened"; }
};

// The binary of last year.
struct OlderCounterService : CounterService {
  static std::string_view EventType(const Event& event) {
    return event.type == "mystery" ? std::string_view() : std::string_view(event.type);
  }
};

}  // namespace mynumber::eventsourcing

#endif  // MYNUMBER_LIBS_EVENTSOURCING_COUNTER_SERVICE_H_
