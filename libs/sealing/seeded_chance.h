#ifndef MYNUMBER_LIBS_SEALING_SEEDED_CHANCE_H_
#define MYNUMBER_LIBS_SEALING_SEEDED_CHANCE_H_

#include <cstdint>

#include "libs/sealing/chance.h"

namespace mynumber::sealing {

// The same bytes for the same seed on every machine, however they are asked for in pieces: for
// tests and simulations, where chance must repeat. Anybody who knows the seed knows all that is
// drawn; a target of its own, testonly, so that no service can link it. Copies share one stream;
// one thread.
FillRandom SeededRandom(uint64_t seed);

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_SEEDED_CHANCE_H_
