#include "libs/eventsourcing/position.h"

#include <limits>

#include "gtest/gtest.h"

namespace mynumber::eventsourcing {
namespace {

TEST(PositionTest, ReadsAsPartitionSequenceIndex) { EXPECT_EQ(FormatPosition({3, 120, 4}), "3@120.4"); }

TEST(PositionTest, WhatIsWrittenIsReadBack) {
  constexpr uint32_t kMost = std::numeric_limits<uint32_t>::max();
  for (const Position& position :
       {Position{0, 0, 0}, Position{3, 120, 4}, Position{kMost, std::numeric_limits<uint64_t>::max(), kMost}}) {
    const auto read = ParsePosition(FormatPosition(position));
    ASSERT_TRUE(read) << FormatPosition(position);
    EXPECT_EQ(read->partition, position.partition);
    EXPECT_EQ(read->sequence, position.sequence);
    EXPECT_EQ(read->index, position.index);
  }
}

TEST(PositionTest, NothingElseIsAPosition) {
  for (std::string_view text :
       {"", "3", "3@", "3@1", "3@1.", "@1.2", "3@.2", "3.1@2", "3@1.2 ", " 3@1.2", "3@1.2.3", "-3@1.2", "3@-1.2",
        "+3@1.2", "a@1.2", "3@1.2x", "03@1.2", "3@01.2", "3@1.02", "00@0.0", "4294967296@1.2",
        "3@18446744073709551616.2"}) {
    EXPECT_FALSE(ParsePosition(text)) << text;
  }
}

}  // namespace
}  // namespace mynumber::eventsourcing
