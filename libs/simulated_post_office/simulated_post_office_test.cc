#include "libs/simulated_post_office/simulated_post_office.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "libs/calendar/date.h"

namespace mynumber::simulated_post_office {
namespace {

using notice::events::v1::TrackingReport;

constexpr uint64_t kPieces = 2000;
const calendar::Day kPosted(2026, 11, 27);

Piece PieceOf(uint64_t n) { return {std::to_string(30100000000 + n), kPosted}; }

Settings Seeded(uint64_t seed, Faults faults = {}) {
  Settings settings;
  settings.seed = seed;
  settings.faults = faults;
  return settings;
}

// Minutes since the posting day began; the day's first for a report without.
int64_t HappenedAt(const TrackingReport& report) {
  return (*calendar::ToDay(report.day()) - kPosted) * 1440 + report.minute_of_day();
}
int64_t SentAt(const SentReport& sent) { return (sent.day - kPosted) * 1440 + sent.minute_of_day; }

std::vector<std::string> Bytes(const PlayedPiece& played) {
  std::vector<std::string> bytes;
  for (const auto& sent : played.sent) bytes.push_back(sent.report.SerializeAsString());
  return bytes;
}
std::set<std::string> Distinct(const PlayedPiece& played) {
  const auto bytes = Bytes(played);
  return {bytes.begin(), bytes.end()};
}

using Key = std::tuple<int32_t, int64_t, std::string, std::string>;
template <typename Keyed>
Key KeyOf(const Keyed& r) {
  return {calendar::DayNumber(r.day()), r.has_minute_of_day() ? r.minute_of_day() : -1, r.status(), r.office()};
}

// What stands once every slip is taken back.
std::set<Key> Standing(const PlayedPiece& played) {
  std::set<Key> keys;
  for (const auto& sent : played.sent) keys.insert(KeyOf(sent.report));
  for (const auto& sent : played.sent) {
    if (sent.report.has_withdraws()) EXPECT_EQ(keys.count(KeyOf(sent.report.withdraws())), 1u);
  }
  for (const auto& sent : played.sent) {
    if (sent.report.has_withdraws()) keys.erase(KeyOf(sent.report.withdraws()));
  }
  return keys;
}

TEST(SimulatedPostOfficeTest, EveryRouteAppearsAboutAsOftenAsItWeighs) {
  const Settings settings = Seeded(7);
  std::map<Route, uint64_t> seen;
  for (uint64_t n = 0; n < kPieces; ++n) ++seen[Play(settings, PieceOf(n)).route];
  ASSERT_EQ(seen.size(), size_t{kRouteCount});
  for (const auto& [route, count] : seen) {
    const double wanted = settings.weights[static_cast<size_t>(route)] * kPieces / 1000.0;
    EXPECT_GT(count, wanted / 2) << NameOf(route);
    EXPECT_LT(count, wanted * 2) << NameOf(route);
  }
}

TEST(SimulatedPostOfficeTest, ARouteCanBeChosen) {
  for (int chosen = 0; chosen < kRouteCount; ++chosen) {
    Settings settings = Seeded(1);
    settings.weights = {};
    settings.weights[chosen] = 1;
    for (uint64_t n = 0; n < 20; ++n) EXPECT_EQ(Play(settings, PieceOf(n)).route, static_cast<Route>(chosen));
    EXPECT_EQ(FindRoute(NameOf(static_cast<Route>(chosen))), static_cast<Route>(chosen));
  }
  EXPECT_EQ(FindRoute("astray"), std::nullopt);
}

TEST(SimulatedPostOfficeTest, RoutesEndAsTheyAreNamed) {
  const std::map<Route, std::string> last = {
      {Route::kDelivered, "お届け先にお届け済み"},    {Route::kPickedUp, "窓口でお渡し"},
      {Route::kBroughtAgain, "お届け先にお届け済み"}, {Route::kReturned, "差出人に返送済み"},
      {Route::kLost, "引受"},                         {Route::kWrongHousehold, "差出人に返送済み"}};
  for (uint64_t n = 0; n < kPieces; ++n) {
    const PlayedPiece played = Play(Seeded(7), PieceOf(n));
    EXPECT_EQ(played.sent.front().report.status(), "引受");
    EXPECT_EQ(played.sent.back().report.status(), last.at(played.route)) << NameOf(played.route);
  }
}

TEST(SimulatedPostOfficeTest, StorageIsSevenDays) {
  Settings settings = Seeded(7);
  settings.weights = {0, 1, 1, 1, 0, 0};
  for (uint64_t n = 0; n < kPieces; ++n) {
    const PlayedPiece played = Play(settings, PieceOf(n));
    ASSERT_EQ(played.sent[1].report.status(), "ご不在のため持ち戻り");
    const calendar::Day attempt = *calendar::ToDay(played.sent[1].report.day());
    const calendar::Day next = *calendar::ToDay(played.sent[3].report.day());
    EXPECT_EQ(next > attempt + 7, played.route == Route::kReturned);
  }
}

TEST(SimulatedPostOfficeTest, TheSameSeedPlaysTheSame) {
  const Faults all = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
  bool other_seed_differs = false;
  for (uint64_t n = 0; n < 100; ++n) {
    EXPECT_EQ(Bytes(Play(Seeded(7, all), PieceOf(n))), Bytes(Play(Seeded(7, all), PieceOf(n))));
    other_seed_differs |= Bytes(Play(Seeded(8, all), PieceOf(n))) != Bytes(Play(Seeded(7, all), PieceOf(n)));
  }
  EXPECT_TRUE(other_seed_differs);
}

TEST(SimulatedPostOfficeTest, WithoutFaultsTheOrderIsThatOfEvents) {
  for (uint64_t n = 0; n < kPieces; ++n) {
    const auto sent = Play(Seeded(7), PieceOf(n)).sent;
    for (size_t i = 0; i < sent.size(); ++i) {
      EXPECT_LE(HappenedAt(sent[i].report), SentAt(sent[i]));
      if (i > 0) EXPECT_LT(HappenedAt(sent[i - 1].report), HappenedAt(sent[i].report));
    }
  }
}

TEST(SimulatedPostOfficeTest, WordsAreTheCarriers) {
  // docs/domain.md B.4.
  const std::set<std::string> known = {
      "引受", "中継", "通過", "発送", "到着", "持ち出し中", "配達局から出発", "ご不在のため持ち戻り", "保管",
      "お届け先 休日のため保管", "配達希望受付", "最寄局・最寄店送付", "転送", "調査中", "お届け先にお届け済み",
      "窓口でお渡し", "コンビニエンスストアに引渡", "差出人に返送", "差出人に返送済み"};
  Faults faults;
  faults.forwarded = faults.corrected = 0.5;
  faults.unknown_word = 1;
  for (uint64_t n = 0; n < kPieces; ++n) {
    int unknown = 0;
    for (const auto& sent : Play(Seeded(7, faults), PieceOf(n)).sent) {
      unknown += !sent.report.has_withdraws() && known.count(sent.report.status()) == 0;
    }
    EXPECT_LE(unknown, 1);
  }
  faults.unknown_word = 0;
  for (uint64_t n = 0; n < kPieces; ++n) {
    for (const auto& sent : Play(Seeded(7, faults), PieceOf(n)).sent) {
      EXPECT_EQ(known.count(sent.report.status()), 1u) << sent.report.status();
    }
  }
}

TEST(SimulatedPostOfficeTest, FaultsOfSendingChangeOrderAndCountOnly) {
  for (double Faults::*fault : {&Faults::duplicated, &Faults::shuffled, &Faults::late}) {
    Faults faults;
    faults.*fault = 0.5;
    bool differs = false;
    for (uint64_t n = 0; n < kPieces; ++n) {
      const PlayedPiece well = Play(Seeded(7), PieceOf(n));
      const PlayedPiece badly = Play(Seeded(7, faults), PieceOf(n));
      EXPECT_EQ(Distinct(well), Distinct(badly));
      differs |= Bytes(well) != Bytes(badly);
      EXPECT_TRUE(std::is_sorted(badly.sent.begin(), badly.sent.end(),
                                 [](const auto& a, const auto& b) { return SentAt(a) < SentAt(b); }));
    }
    EXPECT_TRUE(differs);
  }
}

TEST(SimulatedPostOfficeTest, SlipsAreTakenBack) {
  Faults faults;
  faults.corrected = 0.5;
  faults.duplicated = faults.shuffled = faults.late = 0.3;
  size_t taken_back = 0;
  for (uint64_t n = 0; n < kPieces; ++n) {
    const PlayedPiece badly = Play(Seeded(7, faults), PieceOf(n));
    EXPECT_EQ(Standing(Play(Seeded(7), PieceOf(n))), Standing(badly));
    for (const auto& sent : badly.sent) taken_back += sent.report.has_withdraws();
  }
  EXPECT_GT(taken_back, kPieces / 2);
}

TEST(SimulatedPostOfficeTest, FurtherReportsLeaveTheRestAsItIs) {
  Faults faults;
  faults.unknown_word = faults.forwarded = 1;
  for (uint64_t n = 0; n < 100; ++n) {
    const auto well = Distinct(Play(Seeded(7), PieceOf(n)));
    const PlayedPiece badly = Play(Seeded(7, faults), PieceOf(n));
    const auto more = Distinct(badly);
    EXPECT_TRUE(std::includes(more.begin(), more.end(), well.begin(), well.end()));
    EXPECT_EQ(more.size(), well.size() + 2);
    EXPECT_EQ(std::count_if(badly.sent.begin(), badly.sent.end(),
                            [](const auto& sent) { return sent.report.status() == "転送"; }),
              1);
  }
}

TEST(SimulatedPostOfficeTest, AMinuteCanBeLeftUnsaid) {
  Faults faults;
  faults.without_minute = 1;
  for (const auto& sent : Play(Seeded(7, faults), PieceOf(1)).sent) {
    EXPECT_FALSE(sent.report.has_minute_of_day());
    EXPECT_TRUE(sent.report.has_day());
  }
}

}  // namespace
}  // namespace mynumber::simulated_post_office
