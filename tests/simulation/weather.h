#ifndef MYNUMBER_TESTS_SIMULATION_WEATHER_H_
#define MYNUMBER_TESTS_SIMULATION_WEATHER_H_

#include <cstdint>

#include "tests/simulation/dice.h"
#include "tests/simulation/simulated_log.h"

namespace mynumber::simulation {

// What this run is like: each seed has its own mixture, and most faults are absent from most runs, so that some run
// long undisturbed and others meet everything at once.
struct Weather {
  LogFaults log;
  double crash = 0, death = 0, pause = 0, race = 0, truncate = 0, disk_full = 0, disk_unreadable = 0, log_full = 0;
  double flush = 0.1;
  int64_t steps = 0;
  int64_t step_micros = 0;
};

Weather WeatherOf(Dice* dice);

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_WEATHER_H_
