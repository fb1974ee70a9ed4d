#include "libs/sealing/record_code.h"

#include <gtest/gtest.h>

#include <set>

#include "libs/sealing/seeded_chance.h"

namespace mynumber::sealing {
namespace {

TEST(RecordCodeTest, IsOfTheRecordItsPlaceAndTheKeyring) {
  const Keyring ours = Keyring::Generate(SeededRandom(1)), theirs = Keyring::Generate(SeededRandom(2));
  const std::string code = RecordCodeOf(ours, "issuance", 1)("record");
  EXPECT_EQ(code.size(), 32u);
  EXPECT_EQ(code, RecordCodeOf(ours, "issuance", 1)("record"));
  const std::set<std::string> all = {code,
                                     RecordCodeOf(ours, "issuance", 1)("Record"),
                                     RecordCodeOf(ours, "issuance", 11)("record"),
                                     RecordCodeOf(ours, "notice", 1)("record"),
                                     RecordCodeOf(theirs, "issuance", 1)("record")};
  EXPECT_EQ(all.size(), 5u);
}

}  // namespace
}  // namespace mynumber::sealing
