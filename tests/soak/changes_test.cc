#include "tests/soak/changes.h"

#include <gtest/gtest.h>

#include <set>

#include "libs/identifiers/request_id.h"

namespace mynumber::soak {
namespace {

using Kind = Change::Kind;

std::vector<Change> AllChanges(const Plan& plan, uint64_t rows) {
  std::vector<Change> all;
  for (uint64_t row = 2; row < rows + 2; ++row) {
    for (const Change& change : ChangesOf(plan, row)) all.push_back(change);
  }
  return all;
}

uint64_t Count(const std::vector<Change>& changes, Kind kind) {
  uint64_t count = 0;
  for (const Change& change : changes) count += change.kind == kind;
  return count;
}

TEST(ChangesTest, ThereIsAMoveForEveryFifthRowAndACorrectionForEveryTenth) {
  Plan plan;
  plan.seed = 3;
  const auto changes = AllChanges(plan, 10'000);
  EXPECT_NEAR(Count(changes, Kind::kMove), 2000, 200);
  EXPECT_NEAR(Count(changes, Kind::kCorrection), 1000, 150);
  EXPECT_EQ(Count(changes, Kind::kReplacement), 0);
  plan.replace_one_in = 50;
  EXPECT_NEAR(Count(AllChanges(plan, 10'000), Kind::kReplacement), 200, 60);
}

TEST(ChangesTest, EveryChangeHasARequestIdOfItsOwn) {
  std::set<std::string> ids;
  size_t count = 0;
  for (uint64_t seed : {0, 1, 2}) {
    Plan plan;
    plan.seed = seed;
    for (const Change& change : AllChanges(plan, 5000)) {
      const std::string id = RequestIdOf(plan, change);
      EXPECT_TRUE(identifiers::ParseRequestId(id)) << id;
      ids.insert(id);
      ++count;
    }
  }
  EXPECT_EQ(ids.size(), count);
}

TEST(ChangesTest, NoTwoChangesLeadToTheSameAddressOrDetails) {
  Plan plan;
  std::set<std::string> addresses;
  size_t count = 0;
  for (const Change& change : AllChanges(plan, 2000)) {
    addresses.insert(change.kind == Kind::kMove ? MakeMove(plan, change, "").address()
                                                : MakeCorrection(plan, change, "").details().address());
    ++count;
  }
  EXPECT_EQ(addresses.size(), count);
}

}  // namespace
}  // namespace mynumber::soak
