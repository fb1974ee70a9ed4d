// Rows are a function of the states, whatever way led there.

#include <random>

#include "gtest/gtest.h"
#include "services/hotline/domain/made_up.h"
#include "services/hotline/domain/state_case.h"
#include "services/hotline/projections/tables.h"

namespace mynumber::hotline {
namespace {

using namespace made_up;  // NOLINT: people and words of these stories
using events::v1::SEARCH_KIND_CARD_SERIAL;

Command SomeCommand(std::mt19937* random, char who) {
  const auto kind = static_cast<events::v1::CallerKind>(1 + (*random)() % 4);
  switch ((*random)() % 14) {
    case 0:
    case 1:
      return Opening(kind);
    case 2:
    case 3:
      return Found(who);
    case 4:
      return Found(who, SEARCH_KIND_CARD_SERIAL);
    case 5:
    case 6:
      return RightClaim(who);
    case 7:
      return FoundNobody();
    case 8:
    case 9:
      return Suspending(Card(who));
    case 10:
      return Effect(Card(who));
    case 11:
      return Refusal(Card(who));
    case 12:
      return AddNote{Operator(), "n"};
    default:
      return CloseCase{Operator()};
  }
}

Desk DeskAfter(unsigned seed) {
  std::mt19937 random(seed);
  Desk desk;
  desk.domain.case_retention_days = 20;
  for (int i = 0; i < 300; ++i) {
    desk.PassTo(desk.now_micros + static_cast<int64_t>(random() % 1000) * 60'000'000);
    const Command command = SomeCommand(&random, static_cast<char>('a' + random() % 2));
    (void)desk.When(command, static_cast<char>('A' + random() % 32));
  }
  return desk;
}

// The rows that follow from a state by one event that brought all of it about.
std::map<std::string, std::string> RowsOfStates(const Desk& desk) {
  std::map<std::string, std::string> rows;
  for (const auto& [subject, state] : desk.states) {
    eventsourcing::EventMeta meta;
    meta.subject = eventsourcing::SubjectId::FromBytes(subject);
    std::vector<eventsourcing::RowChange> changes;
    desk.domain.Project({}, state, {}, meta, &changes);
    for (const auto& change : changes) {
      EXPECT_EQ(change.kind, eventsourcing::RowChange::Kind::kPut);
      rows[change.key] = change.value;
    }
  }
  return rows;
}

TEST(LawsTest, RowsFollowFromTheStatesWhateverTheWay) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Desk desk = DeskAfter(seed);
    ASSERT_FALSE(desk.rows.empty()) << "nothing happened";
    ASSERT_EQ(desk.rows, RowsOfStates(desk)) << "seed " << seed;
  }
}

TEST(LawsTest, WhatIsPendingIsInTheTableAndNothingElse) {
  size_t pending = 0;
  for (unsigned seed = 200; seed < 300; ++seed) {
    const Desk desk = DeskAfter(seed);
    for (const auto& [subject, state] : desk.states) {
      const bool is_listed = desk.rows.count(std::string(1, kPendingTable) + subject) == 1;
      ASSERT_EQ(is_listed, AnyPending(state)) << "seed " << seed;
      pending += is_listed;
      if (is_listed) ASSERT_NE(StateOf(state), v1::Case::STATE_CLOSED);
    }
  }
  EXPECT_GT(pending, 20u);
}

TEST(LawsTest, WhoeverFoldsWithoutTheKeysOfErasedCasesEndsInTheSameRows) {
  size_t erased = 0;
  for (unsigned seed = 300; seed < 400; ++seed) {
    const Desk desk = DeskAfter(seed);
    const auto folded = desk.FoldedWithoutKeys();
    ASSERT_EQ(folded.rows, desk.rows) << "seed " << seed;
    for (const auto& [subject, state] : folded.states) {
      ASSERT_EQ(state.SerializeAsString(), desk.states.at(subject).SerializeAsString()) << "seed " << seed;
      erased += state.has_erased();
    }
  }
  EXPECT_GT(erased, 100u);
}

}  // namespace
}  // namespace mynumber::hotline
