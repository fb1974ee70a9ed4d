// However a resident lived, a fold that comes after the key was destroyed ends in the rows of one that came before.

#include <map>

#include "gtest/gtest.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/card/domain/made_up_life.h"
#include "services/card/projections/tables.h"

namespace mynumber::card {
namespace {

using eventsourcing::RowChange;
using Rows = std::map<std::string, std::string>;

bool IsKept(const RowChange& change) {
  return change.kind == RowChange::Kind::kAppend || change.kind == RowChange::Kind::kCount;
}

// A state and rows that grow by one resident's events.
struct Fold {
  rows::v1::CardState state;
  Rows rows;

  std::vector<RowChange> Take(const CardDomain& domain, const events::v1::CardEvent& event,
                              eventsourcing::EventMeta meta) {
    meta.version = state.version() + 1;
    const rows::v1::CardState before = state;
    domain.Evolve(event, meta, &state);
    state.set_version(meta.version);
    std::vector<RowChange> changes;
    domain.Project(before, state, event, meta, &changes);
    for (const RowChange& change : changes) TakeRow(change);
    return changes;
  }
  // As an engine without the key does it: what was kept in clear, and the version.
  void PassOver(const std::vector<RowChange>& changes) {
    state.set_version(state.version() + 1);
    for (const RowChange& change : changes) {
      if (IsKept(change)) TakeRow(change);
    }
  }
  void TakeRow(const RowChange& change) {
    switch (change.kind) {
      case RowChange::Kind::kPut:
        rows[change.key] = change.value;
        return;
      case RowChange::Kind::kDelete:
        rows.erase(change.key);
        return;
      case RowChange::Kind::kAppend: {
        const uint64_t number = eventsourcing::DecodeListCount(rows[change.key]) + 1;
        rows[change.key + eventsourcing::EncodeListNumber(number)] = change.value;
        rows[change.key] = eventsourcing::EncodeListNumber(number);
        return;
      }
      case RowChange::Kind::kPutSealed:
      case RowChange::Kind::kAdd:
      case RowChange::Kind::kCount:
        FAIL() << "this service has no such rows: let this fold know them, too";
    }
  }
};

// What is left of the rows for one who has seen nothing but what was kept: the list for terminals is made by kAppend
// alone.
Rows KeptOf(const Rows& rows) {
  Rows kept;
  for (const auto& row : rows) {
    if (row.first[0] == kStatusTable) kept.insert(row);
  }
  return kept;
}

// Both folds of a life that ends by the erasing.
struct ErasedLife {
  explicit ErasedLife(unsigned seed) : life(seed) {
    life.Live(static_cast<int>(seed % 300));
    const std::string subject(16, 'a');
    live = {life.office.states.at(subject), life.office.rows};
    passed_over.rows = KeptOf(live.rows);
    passed_over.state.set_version(live.state.version());
    const CardDomain& domain = life.office.domain;
    CardDomain::Context context;
    context.time_micros = life.office.now_micros;
    context.subject = made_up::Resident('a');
    const auto events = domain.Decide(live.state, EraseResident{}, context);
    EXPECT_TRUE(events.ok());
    eventsourcing::EventMeta meta;
    meta.subject = context.subject;
    meta.sequence = 1'000'000;
    meta.time_micros = context.time_micros;
    for (const auto& of : *events) {
      const auto changes = live.Take(domain, of.event, meta);
      if (CardDomain::Erases(of.event)) {
        passed_over.Take(domain, of.event, meta);
        for (const RowChange& change : changes) EXPECT_FALSE(IsKept(change)) << "it would follow from the cards";
      } else {
        passed_over.PassOver(changes);
      }
      ++meta.index;
    }
  }

  made_up::RandomLife life;
  Fold live, passed_over;
};

TEST(ErasingLawsTest, WithAndWithoutTheKeyTheRowsAreTheSame) {
  size_t deadlines = 0, changes = 0;
  for (unsigned seed = 1000; seed < 1400; ++seed) {
    ErasedLife erased(seed);
    deadlines += erased.life.office.RowsWith(std::string(1, eventsourcing::kDeadlineTable));
    changes += erased.passed_over.rows.size();
    ASSERT_EQ(erased.passed_over.rows, erased.live.rows) << "seed " << seed;
    ASSERT_EQ(erased.passed_over.state.SerializeAsString(), erased.live.state.SerializeAsString()) << "seed " << seed;
    for (const auto& [key, value] : erased.live.rows) ASSERT_EQ(key[0], kStatusTable) << "seed " << seed;
  }
  EXPECT_GT(deadlines, 100u) << "too little was due";
  EXPECT_GT(changes, 1000u) << "too little happened";
}

// Who has followed the list takes no card of the resident for one that may be used.
TEST(ErasingLawsTest, TheListForTerminalsEndsWithTheEndOfEveryCard) {
  size_t cards = 0;
  for (unsigned seed = 1400; seed < 1600; ++seed) {
    const ErasedLife erased(seed);
    const std::string list = TableOf(kStatusTable);
    std::map<uint32_t, v1::Card::State> told;
    const auto counted = erased.live.rows.find(list);
    const uint64_t count =
        counted == erased.live.rows.end() ? 0 : eventsourcing::DecodeListCount(counted->second);
    for (uint64_t number = 1; number <= count; ++number) {
      rows::v1::StatusRow row;
      ASSERT_TRUE(row.ParseFromString(erased.live.rows.at(list + eventsourcing::EncodeListNumber(number))));
      told[row.card()] = static_cast<v1::Card::State>(row.state());
    }
    for (const auto& card : erased.life.office.FileOf().cards()) {
      EXPECT_TRUE(IsFinal(told[card.ordered().card()])) << "seed " << seed;
      ++cards;
    }
  }
  EXPECT_GT(cards, 100u) << "too little happened";
}

}  // namespace
}  // namespace mynumber::card
