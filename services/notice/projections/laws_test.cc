// Rows are a function of the states, whatever way led there.

#include <random>

#include "gtest/gtest.h"
#include "libs/calendar/date.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/notice/domain/made_up.h"
#include "services/notice/projections/tables.h"

namespace mynumber::notice {
namespace {

using made_up::Clerk;
using made_up::Report;
using made_up::Town;

// Lives at random: what may be refused is, and the rest happens.
class RandomTown {
 public:
  explicit RandomTown(unsigned seed) : random_(seed) {
    (void)town.When(ShareSubject(0), made_up::Range(town.now_micros));
  }

  void Live(int steps) {
    for (int i = 0; i < steps; ++i) Step();
  }

  Town town;

 private:
  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  std::string SomeNumber() {
    const uint64_t serial = 3'010'010'000u + static_cast<unsigned>(Pick(6));
    return std::string(identifiers::TrackingNumber::FromSerial(serial).digits());
  }
  void Step() {
    static const char* const kWords[] = {"引受", "ご不在のため持ち戻り", "転送", "お届け先にお届け済み",
                                         "差出人に返送済み", "見知らぬことば"};
    const char who = static_cast<char>('a' + Pick(3));
    const type::Date today = calendar::DateInTokyo(town.now_micros);
    switch (Pick(14)) {
      case 0:
        if (!town.states[std::string(16, who)].has_file()) {
          (void)town.Resident(who, made_up::Preparation(town.now_micros));
        }
        return;
      case 1:
        return (void)town.Resident(who, RenderNotice{0, Clerk()});
      case 2:
        return (void)town.Resident(who, made_up::Posting(static_cast<uint32_t>(1 + Pick(2))));
      case 3:
      case 4:
      case 5:
        return (void)town.Report(SomeNumber(), Report(kWords[Pick(6)], today, 60 * Pick(24)));
      case 6:
        return (void)town.Resident(who, RequestResend{0, Clerk(), SomeNumber(), events::v1::RESEND_WAY_PICK_UP,
                                                      calendar::ToDate(calendar::DayInTokyo(town.now_micros) + 3)});
      case 7:
        return (void)town.Resident(who, MailAgain{0, Clerk()});
      case 8:
        return (void)town.Resident(who, RecordCounterHandover{0, Clerk(), events::v1::IDENTITY_CHECK_TWO_DOCUMENTS});
      case 9:
        return (void)town.Resident(who, RecordDestruction{0, Clerk(), "廃棄簿"});
      case 10:
        return (void)town.Resident(who, DisputeDelivery{0, Clerk(), "届いていない"});
      case 11:
        return (void)town.Resident(who, PrepareNextNotice{"223456789017", town.now_micros});
      default:
        return town.PassTo(town.now_micros + int64_t{Pick(9)} * 24 * 3600 * 1'000'000);
    }
  }

  std::mt19937 random_;
};

// The rows that follow from a state by one event that brought all of it about.
std::map<std::string, std::string> RowsOfStates(const Town& town) {
  std::map<std::string, std::string> rows;
  for (const auto& [subject, state] : town.states) {
    eventsourcing::EventMeta meta;
    meta.subject = eventsourcing::SubjectId::FromBytes(subject);
    std::vector<eventsourcing::RowChange> changes;
    town.domain.Project(rows::v1::NoticeState(), state, events::v1::NoticeEvent(), meta, &changes);
    for (const auto& change : changes) {
      EXPECT_EQ(change.kind, eventsourcing::RowChange::Kind::kPut);
      rows[change.key] = change.value;
    }
  }
  return rows;
}

TEST(LawsTest, RowsFollowFromTheStatesWhateverTheWay) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    RandomTown random(seed);
    random.Live(150);
    std::map<std::string, std::string> rows;
    for (const auto& [key, value] : random.town.rows) {
      if (key[0] != kFeedTable && key[0] != kUnknownWordTable) rows[key] = value;
    }
    ASSERT_FALSE(rows.empty()) << "nothing happened";
    ASSERT_EQ(rows, RowsOfStates(random.town)) << "seed " << seed;
  }
}

// No deadline lies in the past, and each is of something that stands.
TEST(LawsTest, WhatIsDueIsStillToCome) {
  for (unsigned seed = 200; seed < 400; ++seed) {
    RandomTown random(seed);
    random.Live(150);
    random.town.PassTo(random.town.now_micros);
    const auto first = random.town.rows.lower_bound(std::string(1, eventsourcing::kDeadlineTable));
    if (first == random.town.rows.end()) continue;
    const auto deadline = eventsourcing::ParseDeadlineKey(first->first);
    ASSERT_TRUE(deadline);
    EXPECT_GT(deadline->due_micros, random.town.now_micros) << "seed " << seed;
  }
}

// A municipality's feed counts every change of its notices, and none is without a number.
TEST(LawsTest, AFeedIsDense) {
  RandomTown random(7);
  random.Live(600);
  const std::string feed = TableOf(kFeedTable, made_up::kMunicipality);
  const uint64_t count = eventsourcing::DecodeListCount(random.town.rows[feed]);
  EXPECT_GT(count, 20u);
  for (uint64_t number = 1; number <= count; ++number) {
    EXPECT_EQ(random.town.rows.count(feed + eventsourcing::EncodeListNumber(number)), 1u) << number;
  }
}

// However a resident lived, and whatever came after: who folds the log when the key is gone has the same rows, and the
// same states.
TEST(LawsTest, WhoIsErasedLeavesTheSameRowsWithAndWithoutTheKey) {
  for (unsigned seed = 400; seed < 600; ++seed) {
    RandomTown random(seed);
    Town& town = random.town;
    random.Live(static_cast<int>(seed % 5) * 40);
    ASSERT_EQ(town.Resident('a', EraseResident()), absl::OkStatus());
    random.Live(60);
    ASSERT_EQ(town.Resident('b', EraseResident()), absl::OkStatus());
    const auto folded = town.FoldedWithoutKeys();
    ASSERT_EQ(town.rows, folded.rows) << "seed " << seed;
    for (const auto& [subject, state] : folded.states) {
      ASSERT_EQ(state.SerializeAsString(), town.states.at(subject).SerializeAsString()) << "seed " << seed;
    }
  }
}

// What is left of the notices of one who was erased is that they were told of, and no deadline.
TEST(LawsTest, OnlyFeedsNameWhoWasErased) {
  for (unsigned seed = 600; seed < 700; ++seed) {
    RandomTown random(seed);
    random.Live(150);
    (void)random.town.Resident('a', EraseResident());
    random.Live(30);
    const std::string id(made_up::Resident('a').view());
    for (const auto& [key, value] : random.town.rows) {
      if (key[0] == kFeedTable) continue;
      ASSERT_EQ(key.find(id), std::string::npos) << "seed " << seed;
      ASSERT_EQ(value.find(id), std::string::npos) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace mynumber::notice
