#ifndef MYNUMBER_LIBS_SIMULATED_POST_OFFICE_DRAWS_H_
#define MYNUMBER_LIBS_SIMULATED_POST_OFFICE_DRAWS_H_

#include <cstdint>
#include <string_view>

namespace mynumber::simulated_post_office {

// Numbers by chance, the same on every machine and with every library: those of <random> are not.
class Draws {
 public:
  // Another `purpose`: other draws, so that one question less does not change the answers to all others.
  Draws(uint64_t seed, std::string_view tracking_number, std::string_view purpose);

  // lowest to highest, both included.
  int Between(int lowest, int highest);
  // True so often, 0 to 1.
  bool Happens(double probability);

 private:
  uint64_t Next();

  uint64_t state_;
};

}  // namespace mynumber::simulated_post_office

#endif  // MYNUMBER_LIBS_SIMULATED_POST_OFFICE_DRAWS_H_
