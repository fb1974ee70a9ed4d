// Whatever was known of a resident: erased, the rows are those of a fold that never had the key.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "libs/eventsourcing/sealed_rows.h"
#include "libs/testing/one_partition.h"
#include "services/issuance/projections/made_up_register.h"
#include "services/issuance/projections/tables.h"

namespace mynumber::issuance {
namespace {

using eventsourcing::SubjectId;
using namespace made_up;  // NOLINT: the vocabulary of this file

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

RequestErasure Asking() { return {events::v1::ERASURE_GROUND_ORDERED, "order 7", Clerk()}; }

std::vector<Command> LifeCommands() {
  return {Move(),       Departure(),  Return(),  Death(),       Correction(),
          CodeChange(), Voiding(),    Disclosure(), Search(0), Replacement(),
          CompleteRecordCodeChange{kOtherCode}, RefuseRecordCodeChange{kOtherCode, "taken"}, Registration(),
          Asking(),     ApproveErasure{Chief()}, WithdrawErasure{"mistake", Clerk()}};
}

const size_t kCommands = LifeCommands().size();

// What the engine takes away of sealed rows, and sums of nothing.
void TakeAway(const SubjectId& subject, Rows* rows) {
  for (const char table : Issuance::kSealedTables) {
    const std::string prefix = IndexKey(table, {}, subject.view());
    for (const std::string& key : rows->Keys(table)) {
      if (key.substr(0, prefix.size()) == prefix) rows->rows.erase(key);
    }
  }
  for (auto it = rows->sums.begin(); it != rows->sums.end();) {
    it = it->second.count == 0 && it->second.total == 0 ? rows->sums.erase(it) : std::next(it);
  }
}

void TakeRecordsAway(Rows* rows) {
  for (absl::CivilMonth month(2026, 11); month < absl::CivilMonth(2100, 1); ++month) TakeAway(RecordIdOf(month), rows);
  for (const std::string& key : rows->Keys(eventsourcing::kDeadlineTable)) {
    if (eventsourcing::ParseDeadlineKey(key)->what == kAccessRecordDue) rows->rows.erase(key);
  }
}

TEST(ErasingLawsTest, RowsOfTheErasedAreThoseOfAFoldWithoutTheKey) {
  rc::check([] {
    const SubjectId id = IdOf(kCode);
    Register residents;
    (void)residents.Ask(id, Registration());
    int64_t time = RegistrationMicros();
    for (const size_t step : *rc::gen::container<std::vector<size_t>>(rc::gen::inRange<size_t>(0, kCommands))) {
      residents.SetTime(time += kDayMicros);
      (void)residents.Ask(id, LifeCommands()[step]);
    }
    RC_ASSERT(residents.Ask(id, WithdrawErasure{"to begin anew", Clerk()}).ok());
    RC_ASSERT(residents.Ask(id, Asking()).ok());
    RC_ASSERT(residents.Ask(id, ApproveErasure{Chief()}).ok());
    RC_ASSERT(residents.rows().Keys(eventsourcing::kDeadlineTable).size() == 1u);
    residents.SetTime(time + 30 * kDayMicros);
    RC_ASSERT(residents.Ask(id, EraseResident{}).ok());
    RC_ASSERT(residents.Of(id).status() == rows::v1::ResidentState::STATUS_ERASED);
    Rows live = residents.rows();
    TakeAway(id, &live);
    // Who looked is kept longer, with the months.
    TakeRecordsAway(&live);

    const Recorded& last = residents.log().back();
    rows::v1::ResidentState before;
    before.set_version(last.meta.version - 1);
    rows::v1::ResidentState after = before;
    Service().Evolve(last.event, last.meta, &after);
    after.set_version(last.meta.version);
    std::vector<eventsourcing::RowChange> changes;
    Service().Project(before, after, last.event, last.meta, &changes);
    Rows passed_over;
    passed_over.Apply(changes);
    RC_ASSERT(live.rows == passed_over.rows);
    RC_ASSERT(live.sums.empty() && passed_over.sums.empty());
    RC_ASSERT(after.SerializeAsString() == residents.Of(id).SerializeAsString());
  });
}

TEST(ErasingLawsTest, RowsOfAnErasedAccessRecordAreThoseOfAFoldWithoutTheKey) {
  rc::check([] {
    using Partition = mynumber::testing::OnePartition<Issuance>;
    Partition partition(Service(), RegistrationMicros());
    (void)partition.When(IdOf(kCode), Registration());
    for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5))) {
      partition.PassTo(partition.now_micros + step * 10 * kDayMicros);
      const bool is_look = step < 2;
      const Command command = is_look ? Command(Disclosure()) : step < 4 ? Command(LookingUp()) : Command(Attempts());
      RC_ASSERT(partition.When(is_look ? IdOf(kCode) : AuthorityId(), command).ok());
    }
    const size_t kept = partition.RowsWith("l") + partition.RowsWith("k");
    partition.PassTo(partition.now_micros + (kAccessRetentionDays + 32) * kDayMicros);
    RC_ASSERT(partition.RowsWith("l") + partition.RowsWith("k") == 0u);
    RC_ASSERT(partition.RowsWith(std::string(1, eventsourcing::kDeadlineTable)) == 0u);
    RC_ASSERT(partition.history.size() > kept);
    const Partition without_keys = partition.FoldedWithoutKeys();
    RC_ASSERT(without_keys.rows == partition.rows);
    for (const auto& [id, state] : partition.states) {
      const auto folded = without_keys.states.find(id);
      const bool is_known = folded != without_keys.states.end();
      RC_ASSERT((is_known ? folded->second : rows::v1::ResidentState()).SerializeAsString() ==
                state.SerializeAsString());
    }
  });
}

}  // namespace
}  // namespace mynumber::issuance
