#include "libs/sealing/chance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "libs/sealing/hex_for_tests.h"
#include "libs/sealing/seeded_chance.h"

namespace mynumber::sealing {
namespace {

std::string Draw(const FillRandom& random, size_t size) {
  std::string bytes(size, '\0');
  random(reinterpret_cast<uint8_t*>(bytes.data()), size);
  return bytes;
}

TEST(ChanceTest, BytesNeverRepeatAcrossBlocks) {
  Chance chance;
  std::set<std::array<uint8_t, 24>> seen;
  for (int i = 0; i < 2'000; ++i) EXPECT_TRUE(seen.insert(chance.Bytes<24>()).second);
}

TEST(ChanceTest, LargeRequestsAreFilledToTheEnd) {
  const std::string bytes = Draw(SystemRandom(), 100'000);
  // In each 4 KiB some byte of 256 values is expected 16 times: hardly ever fewer than 100
  // different ones.
  for (size_t at = 0; at + 4096 <= bytes.size(); at += 4096) {
    EXPECT_GT(std::set<char>(bytes.begin() + at, bytes.begin() + at + 4096).size(), 100u);
  }
  EXPECT_NE(Draw(SystemRandom(), 16), Draw(SystemRandom(), 16));
}

TEST(SeededRandomTest, OneSeedOneStreamHoweverItIsAskedFor) {
  const std::string whole = Draw(SeededRandom(7), 10'000);
  const FillRandom pieces = SeededRandom(7);
  std::string joined;
  for (size_t size = 0; joined.size() < whole.size(); ++size) {
    joined += Draw(pieces, std::min(size, whole.size() - joined.size()));
  }
  EXPECT_EQ(joined, whole);
  EXPECT_NE(Draw(SeededRandom(8), 16), whole.substr(0, 16));
}

TEST(SeededRandomTest, CopiesShareOneStream) {
  const FillRandom random = SeededRandom(7);
  const FillRandom copy = random;
  EXPECT_NE(Draw(random, 16), Draw(copy, 16));
}

}  // namespace
}  // namespace mynumber::sealing
