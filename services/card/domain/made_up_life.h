#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_MADE_UP_LIFE_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_MADE_UP_LIFE_H_

#include <cstdint>
#include <map>
#include <random>

#include "services/card/domain/made_up.h"

namespace mynumber::card::made_up {

// One resident's applications and cards at random: what may be refused is, and the rest happens.
class RandomLife {
 public:
  explicit RandomLife(unsigned seed) : random_(seed) {}

  void Live(int steps);

  Office office;
  // By card: what the calls that were answered OK come to.
  std::map<uint32_t, bool> is_suspended;
  int suspensions = 0;

 private:
  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  // The latest card mostly.
  uint32_t SomeCard();
  void Step();
  void StepOfUse(int which, uint32_t card);
  // The application that was begun last is good.
  void Finish();
  void Suspend(uint32_t card);
  // Within the municipality, so that the clerk stays the right one.
  void Move();

  std::mt19937 random_;
};

}  // namespace mynumber::card::made_up

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_MADE_UP_LIFE_H_
