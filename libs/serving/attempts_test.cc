#include "libs/serving/attempts.h"

#include <gtest/gtest.h>

namespace mynumber::serving {
namespace {

constexpr char kChiyoda[] = "municipality/131016";

AttemptKind Kind(const std::string& clerk_id) { return {clerk_id, "card", "GetCard", "MUNICIPALITY_NOT_YOURS"}; }

uint64_t CountOf(const RefusedOf& refused) {
  uint64_t count = 0;
  for (const auto& [kind, tally] : refused.attempts) count += tally.count;
  return count;
}

TEST(AttemptsTest, ThoseThatAreAlikeAreCountedTogether) {
  RefusedAttempts attempts;
  EXPECT_TRUE(attempts.IsEmpty());
  attempts.Note(kChiyoda, Kind("clerk-7"), 100);
  attempts.Note(kChiyoda, Kind("clerk-7"), 90);
  attempts.Note(kChiyoda, Kind("clerk-8"), 120);
  attempts.Note("hotline", Kind("clerk-7"), 130);
  const auto taken = attempts.Take();
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].authority, "hotline");
  EXPECT_EQ(taken[1].authority, kChiyoda);
  ASSERT_EQ(taken[1].attempts.size(), 2u);
  const auto& [kind, tally] = *taken[1].attempts.begin();
  EXPECT_EQ(kind.clerk_id, "clerk-7");
  EXPECT_EQ(tally.count, 2u);
  EXPECT_EQ(tally.first_micros, 90);
  EXPECT_EQ(tally.last_micros, 100);
  EXPECT_TRUE(attempts.Take().empty());
}

TEST(AttemptsTest, WhoeverMakesUpClerksFillsNoMemoryAndIsCountedAllTheSame) {
  RefusedAttempts attempts;
  for (int i = 0; i < 10'000; ++i) attempts.Note(kChiyoda, Kind("clerk-" + std::to_string(i)), i);
  const auto taken = attempts.Take();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].attempts.size(), RefusedAttempts::kKindsMax + 1);
  EXPECT_EQ(CountOf(taken[0]), 10'000u);
  const auto& rest = taken[0].attempts.at(AttemptKind{});
  EXPECT_EQ(rest.count, 10'000u - RefusedAttempts::kKindsMax);
  EXPECT_EQ(rest.last_micros, 9'999);
}

TEST(AttemptsTest, WhatCouldNotBeWrittenComesAgainWithWhatCameMeanwhile) {
  RefusedAttempts attempts;
  attempts.Note(kChiyoda, Kind("clerk-7"), 100);
  const auto first = attempts.Take();
  EXPECT_FALSE(attempts.IsEmpty()) << "nobody has said that it is written";
  attempts.Note(kChiyoda, Kind("clerk-7"), 200);
  attempts.End(first[0], /*is_written=*/false);
  const auto second = attempts.Take();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(CountOf(second[0]), 2u);
  EXPECT_EQ(second[0].attempts.begin()->second.first_micros, 100);
  attempts.End(second[0], /*is_written=*/true);
  EXPECT_TRUE(attempts.IsEmpty());
}

}  // namespace
}  // namespace mynumber::serving
