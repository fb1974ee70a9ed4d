#ifndef MYNUMBER_TESTS_SOAK_CARDS_IN_USE_H_
#define MYNUMBER_TESTS_SOAK_CARDS_IN_USE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"

namespace mynumber::soak {

// A card that somebody has.
struct CardInUse {
  // "residents/.../cards/1".
  std::string name;
  // 20 digits.
  std::string serial;
};

// Registers so many made-up residents, applies for them at the counter, has their cards made and hands them over: every
// call real, by that many threads. `first` keeps several runs on one server apart. Aborts with a line on stderr if
// anything is refused.
std::vector<CardInUse> BringIntoUse(const std::shared_ptr<grpc::Channel>& channel, uint32_t first, uint32_t count,
                                    int threads);

// A fresh UUID.
std::string NewRequestId();

}  // namespace mynumber::soak

#endif  // MYNUMBER_TESTS_SOAK_CARDS_IN_USE_H_
