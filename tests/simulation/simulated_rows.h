#ifndef MYNUMBER_TESTS_SIMULATION_SIMULATED_ROWS_H_
#define MYNUMBER_TESTS_SIMULATION_SIMULATED_ROWS_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/eventsourcing/rows.h"
#include "tests/simulation/dice.h"

namespace mynumber::simulation {

// Rows in memory that a crash treats as it treats rows without a write-ahead log: the flushed ones stay, and of the
// Writes since a prefix. Outlives the instance that writes it, as a disk does.
class SimulatedRows : public eventsourcing::Rows {
 public:
  absl::StatusOr<bool> Get(std::string_view key, std::string* value) const override;
  absl::Status Write(const eventsourcing::Changes& changes) override;
  absl::Status Scan(std::string_view prefix, std::string_view after,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  absl::Status StartOver() override;

  // What is written stays from here on.
  void Flush();
  // Keeps a prefix of the Writes since Flush; returns how many were lost.
  size_t Crash(Dice* dice);

  // Writes are refused with RESOURCE_EXHAUSTED.
  bool full = false;
  // Reads are refused with UNAVAILABLE.
  bool unreadable = false;

 private:
  using Map = std::map<std::string, std::string, std::less<>>;
  static void Apply(const eventsourcing::Changes& changes, Map* rows);

  Map rows_;
  Map flushed_;
  std::vector<eventsourcing::Changes> since_flush_;
};

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_SIMULATED_ROWS_H_
