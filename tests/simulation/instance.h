#ifndef MYNUMBER_TESTS_SIMULATION_INSTANCE_H_
#define MYNUMBER_TESTS_SIMULATION_INSTANCE_H_

#include <memory>
#include <string>
#include <vector>

#include "libs/eventsourcing/partition.h"
#include "tests/simulation/plain_vault.h"
#include "tests/simulation/planted_bugs.h"
#include "tests/simulation/simulated_log.h"
#include "tests/simulation/simulated_rows.h"
#include "tests/simulation/traced_issuance.h"

namespace mynumber::simulation {

// Whether an instance lives; between any two of its calls to log and rows it may begin to die, and from then on nothing
// that it does has any effect.
struct Life {
  bool dying = false;
  double death_chance = 0;
  Dice* dice = nullptr;
  FaultCounts* fired = nullptr;

  // True if it is dying.
  bool Passes(const char* where);
};

// What all instances of a run share.
struct InstanceOptions {
  Bug bug = Bug::kNone;
  eventsourcing::PartitionOptions partition;
  eventsourcing::OwnershipOptions ownership;
};

// One process: its rows outlive it, its loops do not.
class Instance {
 public:
  using Partition = eventsourcing::Partition<TracedIssuance>;

  // `logs`, one for each partition, `dice` and `fired` outlive it.
  Instance(int number, std::vector<SimulatedLog*> logs, const TracedIssuance* service, InstanceOptions options,
           Dice* dice, FaultCounts* fired);
  ~Instance();

  // Opens the rows; a failure is tried again by the next Start. True if it runs now.
  bool Start();
  // The process is gone, and of its rows what was not flushed.
  void Crash();
  // Steps one partition; a death that begins within is for the caller to carry out, by Crash.
  void Step(uint32_t partition, int64_t now_micros);

  bool runs() const { return runs_; }
  bool dying() const { return life_.dying; }
  int number() const { return number_; }
  // Changes with every start.
  uint64_t incarnation() const { return incarnation_; }
  Partition* partition(uint32_t p) const { return cells_[p]->partition.get(); }
  SimulatedRows* rows(uint32_t p) { return &cells_[p]->rows; }
  PlainVault* vault(uint32_t p) { return cells_[p]->vault.get(); }
  // The keyring has this master key from now on.
  void SetNewestMaster(uint32_t version);
  void set_death_chance(double chance) { life_.death_chance = chance; }

  bool paused = false;
  int64_t clock_skew_micros = 0;

 private:
  struct Cell {
    SimulatedRows rows;
    std::unique_ptr<PlainVault> vault;
    std::unique_ptr<Dice> dice;
    // Between the partition and what it stands on, outermost last.
    std::unique_ptr<eventsourcing::PartitionLog> handle, mortal_log, buggy_log;
    std::unique_ptr<eventsourcing::Rows> mortal_rows, buggy_rows;
    std::unique_ptr<Partition> partition;
  };

  bool StartCell(uint32_t p);

  int number_;
  std::vector<SimulatedLog*> logs_;
  const TracedIssuance* service_;
  InstanceOptions options_;
  Dice* dice_;
  FaultCounts* fired_;
  uint32_t newest_master_ = 1;
  Life life_;
  bool runs_ = false;
  uint64_t incarnation_ = 0;
  std::vector<std::unique_ptr<Cell>> cells_;
};

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_INSTANCE_H_
