// P6: every order of the same reports ends in the same state.

#include "services/notice/domain/state_mail.h"

#include <algorithm>
#include <random>

#include "gtest/gtest.h"
#include "services/notice/domain/made_up.h"

namespace mynumber::notice {
namespace {

using events::v1::TrackingReport;
using made_up::Date;
using made_up::Report;
using rows::v1::Piece;

Piece Folded(const std::vector<TrackingReport>& reports) {
  Piece piece;
  for (const TrackingReport& report : reports) TakeReport(report, &piece);
  return piece;
}

TrackingReport Withdrawing(TrackingReport report, const TrackingReport& wrong) {
  *report.mutable_withdraws() = KeyOf(wrong);
  return report;
}

std::vector<TrackingReport> AJourneyInVain() {
  const auto delivered = Report("お届け先にお届け済み", Date(2026, 11, 20), 700);
  return {Report("引受", Date(2026, 11, 18)),
          Report("ご不在のため持ち戻り", Date(2026, 11, 20), -1),
          delivered,
          Withdrawing(Report("調査中", Date(2026, 11, 21)), delivered),
          Report("保管", Date(2026, 11, 20), 900),
          Report("差出人に返送済み", Date(2026, 11, 29))};
}

TEST(MailTest, AllOrdersOfASmallSetComeToTheSame) {
  std::vector<TrackingReport> reports = AJourneyInVain();
  const Piece expected = Folded(reports);
  EXPECT_EQ(expected.fold().status(), events::v1::MAIL_STATUS_RETURNED_TO_SENDER);
  EXPECT_FALSE(expected.fold().has_delivered_day()) << "it was taken back";
  std::vector<size_t> order = {0, 1, 2, 3, 4, 5};
  do {
    std::vector<TrackingReport> shuffled;
    for (size_t i : order) shuffled.push_back(reports[i]);
    ASSERT_EQ(Folded(shuffled).SerializeAsString(), expected.SerializeAsString());
  } while (std::next_permutation(order.begin(), order.end()));
}

TrackingReport RandomReport(std::mt19937* random) {
  static const char* const kWords[] = {"引受", "到着", "持ち出し中", "ご不在のため持ち戻り", "保管", "転送", "調査中",
                                       "お届け先にお届け済み", "差出人に返送", "差出人に返送済み", "見知らぬことば"};
  const auto pick = [&](int count) { return static_cast<int>((*random)() % static_cast<unsigned>(count)); };
  TrackingReport report = Report(kWords[pick(11)], Date(2026, 11, 1 + pick(6)), pick(4) == 0 ? -1 : 60 * pick(3),
                                 pick(2) == 0 ? "架空郵便局" : "見本郵便局");
  if (pick(3) == 0) report.set_detail("詳細" + std::to_string(pick(3)));
  return report;
}

TEST(MailTest, RandomOrdersWithDuplicatesComeToTheSame) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    std::vector<TrackingReport> reports;
    for (int i = 0; i < 30; ++i) {
      reports.push_back(RandomReport(&random));
      if (random() % 8 == 0) {
        TrackingReport correction = RandomReport(&random);
        if (!SameKey(KeyOf(correction), KeyOf(reports[0]))) reports.push_back(Withdrawing(correction, reports[0]));
      }
    }
    const Piece expected = Folded(reports);
    for (int order = 0; order < 10; ++order) {
      std::vector<TrackingReport> shuffled = reports;
      for (int i = 0; i < 10; ++i) shuffled.push_back(reports[random() % reports.size()]);
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      ASSERT_EQ(Folded(shuffled).SerializeAsString(), expected.SerializeAsString()) << "seed " << seed;
    }
  }
}

// What is no news changes nothing, and what changes something is news.
TEST(MailTest, NewsIsWhatChangesSomething) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    Piece piece;
    for (int i = 0; i < 60; ++i) {
      TrackingReport report = RandomReport(&random);
      const bool is_news = IsNews(piece, report);
      const std::string before = piece.SerializeAsString();
      TakeReport(report, &piece);
      ASSERT_EQ(piece.SerializeAsString() != before, is_news) << report.DebugString();
    }
  }
}

// Also when it is only learnt afterwards whose number that was.
TEST(MailTest, APieceThatAppearsLateFindsItsReports) {
  const std::vector<TrackingReport> reports = {
      Report("引受", Date(2026, 11, 2), 600), Report("到着", Date(2026, 11, 2), 700),
      Report("ご不在のため持ち戻り", Date(2026, 11, 2), 800), Report("見知らぬことば", Date(2026, 11, 2), 820)};
  std::string expected;
  for (size_t posted_after = 0; posted_after <= reports.size(); ++posted_after) {
    made_up::Town town;
    std::string number = identifiers::TrackingNumber::FromSerial(3'010'010'000).Format();
    number.erase(std::remove(number.begin(), number.end(), '-'), number.end());
    for (size_t i = 0; i <= reports.size(); ++i) {
      if (i == posted_after) ASSERT_EQ(town.Posted('r'), number);
      if (i < reports.size()) ASSERT_EQ(town.Report(number, reports[i]), absl::OkStatus());
    }
    const std::string piece = town.NoticeOf('r').SerializeAsString();
    if (posted_after == 0) expected = piece;
    EXPECT_EQ(piece, expected) << "posted after " << posted_after;
    EXPECT_EQ(town.StateOf('r'), v1::Notice::STATE_HELD);
    EXPECT_EQ(town.RowsWith("u"), 1u) << "the unknown word is counted once";
  }
}

TEST(MailTest, AScanAfterTheDeliveryChangesNothingAndAReturnDoes) {
  std::vector<TrackingReport> reports = {Report("お届け先にお届け済み", Date(2026, 11, 20)),
                                         Report("持ち出し中", Date(2026, 11, 21))};
  EXPECT_EQ(Folded(reports).fold().status(), events::v1::MAIL_STATUS_DELIVERED);
  reports.push_back(Report("差出人に返送済み", Date(2026, 11, 22)));
  EXPECT_EQ(Folded(reports).fold().status(), events::v1::MAIL_STATUS_RETURNED_TO_SENDER);
  EXPECT_TRUE(Folded(reports).fold().contradictory());
}

TEST(MailTest, AWordThatNobodyKnowsIsKeptAndChangesNoState) {
  const Piece piece = Folded({Report("引受", Date(2026, 11, 18)), Report("見知らぬことば", Date(2026, 11, 19))});
  EXPECT_EQ(piece.fold().status(), events::v1::MAIL_STATUS_ACCEPTED);
  EXPECT_EQ(piece.fold().unknown_words(), 1u);
  EXPECT_EQ(piece.reports(1).status(), "見知らぬことば");
}

TEST(MailTest, BlanksInAWordArePassedOver) {
  EXPECT_EQ(StatusOf("　お届け先 休日のため保管 "), events::v1::MAIL_STATUS_HELD_AT_OFFICE);
  EXPECT_EQ(StatusOf(""), events::v1::MAIL_STATUS_UNKNOWN);
}

}  // namespace
}  // namespace mynumber::notice
