// Rows are a function of the states, whatever way led there.

#include "gtest/gtest.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/card/domain/made_up_life.h"
#include "services/card/projections/tables.h"

namespace mynumber::card {
namespace {

using made_up::RandomLife;

// The rows that follow from a state by one event that brought all of it about.
std::map<std::string, std::string> RowsOfStates(const made_up::Office& office) {
  std::map<std::string, std::string> rows;
  for (const auto& [subject, state] : office.states) {
    eventsourcing::EventMeta meta;
    meta.subject = eventsourcing::SubjectId::FromBytes(subject);
    std::vector<eventsourcing::RowChange> changes;
    office.domain.Project(rows::v1::CardState(), state, events::v1::CardEvent(), meta, &changes);
    for (const auto& change : changes) {
      if (change.kind == eventsourcing::RowChange::Kind::kPut) rows[change.key] = change.value;
    }
  }
  return rows;
}

TEST(LawsTest, RowsFollowFromTheStatesWhateverTheWay) {
  size_t cards = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    RandomLife life(seed);
    life.Live(400);
    cards += static_cast<size_t>(life.office.FileOf().cards_size());
    std::map<std::string, std::string> rows;
    for (const auto& [key, value] : life.office.rows) {
      if (key[0] != kStatusTable) rows[key] = value;
    }
    ASSERT_EQ(rows, RowsOfStates(life.office)) << "seed " << seed;
  }
  EXPECT_GT(cards, 200u) << "too little happened";
}

TEST(LawsTest, WhatIsDueIsStillToCome) {
  for (unsigned seed = 200; seed < 400; ++seed) {
    RandomLife life(seed);
    life.Live(150);
    life.office.PassTo(life.office.now_micros);
    const auto first = life.office.rows.lower_bound(std::string(1, eventsourcing::kDeadlineTable));
    if (first == life.office.rows.end()) continue;
    const auto deadline = eventsourcing::ParseDeadlineKey(first->first);
    if (!deadline) continue;
    EXPECT_GT(deadline->due_micros, life.office.now_micros) << "seed " << seed;
  }
}

// Whoever watches from the beginning knows of every card whether it is suspended, and misses no number.
TEST(LawsTest, TheListForTerminalsIsDenseAndEndsWhereTheRowsDo) {
  for (unsigned seed = 400; seed < 500; ++seed) {
    RandomLife life(seed);
    life.Live(200);
    const std::string list = TableOf(kStatusTable);
    const uint64_t count = eventsourcing::DecodeListCount(life.office.rows[list]);
    std::map<uint32_t, v1::Card::State> told;
    for (uint64_t number = 1; number <= count; ++number) {
      rows::v1::StatusRow row;
      ASSERT_TRUE(row.ParseFromString(life.office.rows.at(list + eventsourcing::EncodeListNumber(number))));
      told[row.card()] = static_cast<v1::Card::State>(row.state());
    }
    for (const auto& card : life.office.FileOf().cards()) {
      const auto found = told.find(card.ordered().card());
      const auto state = found == told.end() ? v1::Card::STATE_UNSPECIFIED : found->second;
      const bool is_suspended = card.has_suspension();
      EXPECT_EQ(state == v1::Card::STATE_SUSPENDED || state == v1::Card::STATE_HELD, is_suspended) << "seed " << seed;
      EXPECT_EQ(life.office.rows.count(TableOf(kSuspendedTable, EncodeNumbered({made_up::Resident('a'),
                                                                                card.ordered().card()}))),
                is_suspended ? 1u : 0u);
    }
  }
}

}  // namespace
}  // namespace mynumber::card
