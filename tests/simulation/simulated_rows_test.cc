#include "tests/simulation/simulated_rows.h"

#include "gtest/gtest.h"

namespace mynumber::simulation {
namespace {

std::string Dump(const SimulatedRows& rows, std::string_view prefix = "", std::string_view after = "") {
  std::string out;
  EXPECT_TRUE(rows.Scan(prefix, after, [&](std::string_view key, std::string_view value) {
                    out.append(key).append("=").append(value).append(" ");
                    return true;
                  }).ok());
  return out;
}

TEST(SimulatedRowsTest, ACrashKeepsAPrefixOfTheWritesSinceTheFlush) {
  std::string seen;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SimulatedRows rows;
    ASSERT_TRUE(rows.Write({{"a", "1"}, {"b", "1"}}).ok());
    rows.Flush();
    ASSERT_TRUE(rows.Write({{"a", "2"}, {"c", "2"}}).ok());
    ASSERT_TRUE(rows.Write({{"b", std::nullopt}}).ok());
    Dice dice(seed);
    const size_t lost = rows.Crash(&dice);
    const std::string expected[] = {"a=2 c=2 ", "a=2 b=1 c=2 ", "a=1 b=1 "};
    EXPECT_EQ(Dump(rows), expected[lost]);
    seen.append(1, static_cast<char>('0' + lost));
  }
  EXPECT_NE(seen.find('0'), std::string::npos);
  EXPECT_NE(seen.find('1'), std::string::npos);
  EXPECT_NE(seen.find('2'), std::string::npos);
}

TEST(SimulatedRowsTest, AFullDiskTakesNothing) {
  SimulatedRows rows;
  rows.full = true;
  EXPECT_TRUE(absl::IsResourceExhausted(rows.Write({{"a", "1"}})));
  EXPECT_EQ(Dump(rows), "");
}

TEST(SimulatedRowsTest, ScanGoesThroughAPrefixFromBehindAKey) {
  SimulatedRows rows;
  ASSERT_TRUE(rows.Write({{"a1", "x"}, {"b1", "x"}, {"b2", "x"}, {"b3", "x"}, {"c1", "x"}}).ok());
  EXPECT_EQ(Dump(rows, "b"), "b1=x b2=x b3=x ");
  EXPECT_EQ(Dump(rows, "b", "b1"), "b2=x b3=x ");
}

}  // namespace
}  // namespace mynumber::simulation
