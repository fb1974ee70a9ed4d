#ifndef MYNUMBER_TESTS_SIMULATION_DICE_H_
#define MYNUMBER_TESTS_SIMULATION_DICE_H_

#include <cstdint>

namespace mynumber::simulation {

// All the chance of a run: the same seed, the same throws (splitmix64).
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // 0 to `bound` - 1.
  uint64_t Below(uint64_t bound) { return Next() % bound; }
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low + 1)));
  }
  bool Chance(double probability) {
    return probability > 0 && static_cast<double>(Next() >> 11) < probability * (uint64_t{1} << 53);
  }
  // For a stream of its own.
  uint64_t Fork() { return Next() ^ 0x5851f42d4c957f2d; }

 private:
  uint64_t state_;
};

}  // namespace mynumber::simulation

#endif  // MYNUMBER_TESTS_SIMULATION_DICE_H_
