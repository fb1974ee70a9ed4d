#include "libs/simulated_post_office/draws.h"

namespace mynumber::simulated_post_office {
namespace {

// FNV-1a, begun with `hash`.
uint64_t Hash(uint64_t hash, std::string_view text) {
  for (unsigned char c : text) hash = (hash ^ c) * 0x100000001B3;
  return (hash ^ 0xFF) * 0x100000001B3;  // no byte of UTF-8: the end of the text
}

}  // namespace

Draws::Draws(uint64_t seed, std::string_view tracking_number, std::string_view purpose)
    : state_(Hash(Hash(0xCBF29CE484222325 ^ seed, tracking_number), purpose)) {}

// SplitMix64.
uint64_t Draws::Next() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

int Draws::Between(int lowest, int highest) {
  return lowest + static_cast<int>(Next() % static_cast<uint64_t>(highest - lowest + 1));
}

bool Draws::Happens(double probability) {
  return static_cast<double>(Next() >> 11) * 0x1.0p-53 < probability;
}

}  // namespace mynumber::simulated_post_office
