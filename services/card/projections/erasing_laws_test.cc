// However a resident lived, a fold that comes after the key was destroyed ends in the rows of one that came before.

#include <map>

#include "gtest/gtest.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/card/domain/made_up_life.h"
#include "services/card/projections/tables.h"

namespace mynumber::card {
namespace {

// A life that ends by the erasing.
struct ErasedLife {
  explicit ErasedLife(unsigned seed) : life(seed) {
    life.Live(static_cast<int>(seed % 300));
    cards = life.office.FileOf().cards();
    deadlines = life.office.RowsWith(std::string(1, eventsourcing::kDeadlineTable));
    EXPECT_EQ(life.office.Do(EraseResident{}), absl::OkStatus());
    const auto& last = life.office.history.back();
    EXPECT_TRUE(CardDomain::Erases(last.event));
    EXPECT_TRUE(last.kept.empty()) << "it would follow from the cards";
  }

  made_up::RandomLife life;
  // As they were before it.
  google::protobuf::RepeatedPtrField<rows::v1::Card> cards;
  size_t deadlines = 0;
};

TEST(ErasingLawsTest, WithAndWithoutTheKeyTheRowsAreTheSame) {
  size_t deadlines = 0, rows = 0;
  for (unsigned seed = 1000; seed < 1400; ++seed) {
    const ErasedLife erased(seed);
    const auto& live = erased.life.office;
    const auto folded = live.FoldedWithoutKeys();
    ASSERT_EQ(folded.rows, live.rows) << "seed " << seed;
    for (const auto& [subject, state] : live.states) {
      const auto found = folded.states.find(subject);
      if (found == folded.states.end()) {
        ASSERT_EQ(state.version(), 0u) << "it was only looked for; seed " << seed;
      } else {
        ASSERT_EQ(found->second.SerializeAsString(), state.SerializeAsString()) << "seed " << seed;
      }
    }
    for (const auto& [key, value] : live.rows) ASSERT_EQ(key[0], kStatusTable) << "seed " << seed;
    deadlines += erased.deadlines;
    rows += folded.rows.size();
  }
  EXPECT_GT(deadlines, 100u) << "too little was due";
  EXPECT_GT(rows, 1000u) << "too little happened";
}

// Who has followed the list takes no card of the resident for one that may be used.
TEST(ErasingLawsTest, TheListForTerminalsEndsWithTheEndOfEveryCard) {
  size_t cards = 0;
  for (unsigned seed = 1400; seed < 1600; ++seed) {
    const ErasedLife erased(seed);
    const auto& rows = erased.life.office.rows;
    const std::string list = TableOf(kStatusTable);
    std::map<uint32_t, v1::Card::State> told;
    const auto counted = rows.find(list);
    const uint64_t count = counted == rows.end() ? 0 : eventsourcing::DecodeListCount(counted->second);
    for (uint64_t number = 1; number <= count; ++number) {
      rows::v1::StatusRow row;
      ASSERT_TRUE(row.ParseFromString(rows.at(list + eventsourcing::EncodeListNumber(number))));
      told[row.card()] = static_cast<v1::Card::State>(row.state());
    }
    for (const auto& card : erased.cards) {
      EXPECT_TRUE(IsFinal(told[card.ordered().card()])) << "seed " << seed;
      ++cards;
    }
  }
  EXPECT_GT(cards, 100u) << "too little happened";
}

}  // namespace
}  // namespace mynumber::card
