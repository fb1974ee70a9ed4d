#ifndef MYNUMBER_TESTS_SIMULATION_SIMULATED_LOG_H_
#define MYNUMBER_TESTS_SIMULATION_SIMULATED_LOG_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/eventsourcing/log.h"
#include "tests/simulation/dice.h"

namespace mynumber::simulation {

// How often each fault really fired, by name.
using FaultCounts = std::map<std::string, uint64_t>;

// Probability of each fault at each append, read or look at the end.
struct LogFaults {
  // Written, but the writer is told "unknown".
  double acknowledgement_lost = 0;
  // Never written; the writer is told "unknown".
  double append_lost = 0;
  // Never written, and the writer is told so.
  double append_refused = 0;
  // The writer is told "unknown", and the request arrives at any time after: its writer thrown away, others' claims
  // before it.
  double append_delayed = 0;
  // Lands twice: a claim side by side, a batch also much later.
  double append_twice = 0;
  // Written at once, told late.
  double acknowledgement_late = 0;
  double read_unavailable = 0;
  // Fewer records than there are.
  double read_short = 0;
  // A leader that was cut off answers: its end is an old one.
  double read_stale = 0;
  double end_unavailable = 0;
  double end_stale = 0;
  // For a while after a tail was lost, a handle that has not met the new leader yet still asks the old one, which has
  // it.
  double old_leader = 0;
};

// One partition of a log in memory, with all that can go wrong between a writer and a real one. Under one seed and the
// same calls it does the same. What it promises to a writer it keeps: an acknowledged record, and all before it, stay.
class SimulatedLog {
 public:
  // `fired` outlives the log.
  SimulatedLog(uint64_t seed, FaultCounts* fired) : dice_(seed), fired_(fired) {}

  // One writer and reader; lives no longer than the log.
  std::unique_ptr<eventsourcing::PartitionLog> Handle();

  // Lets time pass: what is due arrives and is told.
  void Tick();
  // A change of leader takes away a part of the tail that could be read and that nobody was told is written. False if
  // there is none.
  bool Truncate();

  const std::vector<std::string>& records() const { return records_; }
  // Everything below stays for ever.
  eventsourcing::Offset durable() const { return durable_; }
  // Requests that may still arrive.
  size_t under_way() const { return requests_.size(); }

  LogFaults faults;
  // No room: appends are refused.
  bool full = false;

 private:
  class HandleOnLog;
  struct Sent {
    uint64_t writer = 0;
    eventsourcing::AppendRequest request;
    bool is_claim = false;
    // Ticks; -1: never, or done.
    int64_t arrives = -1;
    int64_t arrives_again = -1;
    int64_t told = -1;
    eventsourcing::AppendResult result;
    // The copy that is told of.
    bool tells_second = false;
  };

  void Send(uint64_t writer, eventsourcing::AppendRequest request);
  void PlanFaults(Sent* sent);
  void Arrive(Sent* sent);
  void Tell(Sent* sent);
  eventsourcing::Offset Put(const Sent& sent);
  // What a leader has to tell, the newest or the one before; `met_leader` is the newest that the asker has met.
  struct View {
    const std::vector<std::string>* records;
    eventsourcing::Offset end;
  };
  View Ask(uint64_t* met_leader, double stale_probability, const char* name);
  void Fired(const char* name) { ++(*fired_)[name]; }
  bool Fires(double probability, const char* name) {
    const bool fires = dice_.Chance(probability);
    if (fires) Fired(name);
    return fires;
  }

  Dice dice_;
  FaultCounts* fired_;
  int64_t tick_ = 0;
  uint64_t last_writer_ = 0;
  std::map<uint64_t, HandleOnLog*> writers_;
  std::vector<Sent> requests_;
  std::vector<std::string> records_;
  // Grows with every truncation. The log of the leader before, and how long that one still answers.
  uint64_t leader_ = 1;
  std::vector<std::string> old_records_;
  int64_t old_answers_until_ = 0;
  std::map<std::pair<std::string, uint64_t>, std::string> key_blocks_;
  eventsourcing::Offset durable_ = 0;
};

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_SIMULATED_LOG_H_
