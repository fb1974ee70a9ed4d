#include "tests/simulation/weather.h"

namespace mynumber::simulation {

Weather WeatherOf(Dice* dice) {
  const auto maybe = [dice](double most) {
    return dice->Chance(0.5) ? most * static_cast<double>(1 + dice->Below(100)) / 100 : 0.0;
  };
  Weather weather;
  weather.log.acknowledgement_lost = maybe(0.15);
  weather.log.append_lost = maybe(0.1);
  weather.log.append_refused = maybe(0.1);
  weather.log.append_delayed = maybe(0.15);
  weather.log.append_twice = maybe(0.25);
  weather.log.acknowledgement_late = maybe(0.2);
  weather.log.read_unavailable = maybe(0.2);
  weather.log.read_short = maybe(0.4);
  weather.log.read_stale = maybe(0.1);
  weather.log.end_unavailable = maybe(0.2);
  weather.log.end_stale = maybe(0.2);
  weather.log.old_leader = maybe(0.5);
  weather.crash = maybe(0.01);
  weather.death = maybe(0.01);
  weather.pause = maybe(0.02);
  weather.race = maybe(0.03);
  weather.truncate = maybe(0.05);
  weather.disk_full = maybe(0.005);
  weather.disk_unreadable = maybe(0.005);
  weather.log_full = maybe(0.005);
  weather.flush = dice->Chance(0.5) ? 0.2 : 0.01;
  weather.steps = dice->Between(250, 700);
  weather.step_micros = dice->Chance(0.8) ? 3'000 : 30'000;
  return weather;
}

}  // namespace mynumber::simulation
