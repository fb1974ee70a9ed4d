#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "libs/identifiers/tracking_number.h"
#include "services/mynumberctl/command_fixture.h"

namespace mynumber::mynumberctl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kNames[] = "お問い合わせ番号,状態発生日,配送履歴,詳細,取扱局,県名等,郵便番号\n";
constexpr char kConformance[] = "libs/carrier_csv/testdata/conformance_";

std::string Number(uint64_t serial) {
  return std::string(identifiers::TrackingNumber::FromSerial(3010012345 + serial).digits());
}

class PostCommandsTest : public CommandLineTest {
 protected:
  static bool OwnerAlone(const std::string& path) {
    struct stat found {};
    return stat(path.c_str(), &found) == 0 && (found.st_mode & 0777) == 0600;
  }

  void Post(uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      postoffice::v1::ManifestPiece piece;
      piece.set_tracking_number(Number(i));
      piece.set_addressee_name("見本 太郎");
      piece.set_address("千代田区1-2, 南");
      piece.set_postal_code("1000001");
      piece.set_municipality_code("131016");
      piece.set_notice("residents/00000000000000000000000000000001/notices/1");
      post_office_.pieces.push_back(piece);
    }
  }

  // A file of `lines` reports of different days and pieces.
  std::string Reports(int lines) {
    std::string text = kNames;
    for (int i = 0; i < lines; ++i) {
      absl::StrAppend(&text, Number(i % 100), ",2026/", 1 + i / 28 % 12, "/", 1 + i % 28, " 10:00,到着,", i,
                      ",見本郵便局,東京都,000-0011\n");
    }
    return WriteFile("reports.csv", text);
  }

  size_t ReportCount() const {
    const auto reports = post_office_.reports();
    return std::accumulate(reports.begin(), reports.end(), size_t{0},
                           [](size_t sum, const auto& entry) { return sum + entry.second.size(); });
  }

  const std::string answers_ = ::testing::TempDir() + "/answers.csv";
};

TEST_F(PostCommandsTest, RegistersARange) {
  EXPECT_EQ(Run({"post", "register-range", "301-00-12345-4", "301-00-12346-5"}), ExitCode::kDone) << err_;
  EXPECT_EQ(out_, "1,234 tracking numbers are registered.\n");
  EXPECT_EQ(post_office_.last_range.actor().authority(), "post-office");
  EXPECT_EQ(post_office_.last_range.last_tracking_number(), "301-00-12346-5");
}

TEST_F(PostCommandsTest, ListsUnknownWords) {
  EXPECT_EQ(Run({"post", "unknown-words"}), ExitCode::kDone);
  EXPECT_EQ(out_, "");
  post_office_.words.resize(1);
  post_office_.words[0].set_status("まだ見ぬ\x1b言葉");
  post_office_.words[0].set_count(1200);
  EXPECT_EQ(Run({"post", "unknown-words"}), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(HasSubstr("1,200  まだ見ぬ"), Not(HasSubstr("\x1b"))));
}

TEST_F(PostCommandsTest, WritesAManifestThatItsOwnerAloneCanRead) {
  Post(3);
  const std::string path = WriteFile("manifest.csv", "an older one, open to all");
  EXPECT_EQ(Run({"post", "manifest", "--date", "2026-11-27", "--file", path}), ExitCode::kDone) << err_;
  EXPECT_EQ(out_, "3 pieces are on the manifest.\n");
  EXPECT_TRUE(OwnerAlone(path));
  EXPECT_THAT(ReadFile(path),
              AllOf(HasSubstr("お問い合わせ番号,宛名,郵便番号,住所,差出人,通知\r\n"),
                    HasSubstr(Number(0) + ",見本 太郎,1000001,\"千代田区1-2, 南\",131016,residents/")));
  EXPECT_EQ(post_office_.last_manifest.posting_date().day(), 27);
  EXPECT_EQ(Run({"post", "manifest"}), ExitCode::kDone);
  EXPECT_FALSE(post_office_.last_manifest.has_posting_date());
  EXPECT_THAT(out_, HasSubstr("見本"));
  EXPECT_THAT(err_, Not(HasSubstr("見本")));
  post_office_.without_number = 5;
  EXPECT_EQ(Run({"post", "manifest", "--file", path}), ExitCode::kRefused);
  EXPECT_THAT(err_, HasSubstr("5 notices could not be posted"));
  EXPECT_EQ(Run({"post", "manifest", "--date", "2026-11-31"}), ExitCode::kUsage);
}

TEST_F(PostCommandsTest, ImportAnswersTheConformanceFiles) {
  for (const std::string name : {"utf8", "shift_jis"}) {
    EXPECT_EQ(Run({"post", "import", kConformance + name + ".csv", "--acknowledgements", answers_, "--today",
                   "2026-12-01"}),
              ExitCode::kRefused);
    EXPECT_THAT(out_, AllOf(HasSubstr("LINE  REASON"), HasSubstr("10  COLUMNS_MISSING"), HasSubstr("not understood")));
    EXPECT_TRUE(OwnerAlone(answers_));
    std::istringstream answered(ReadFile(answers_)), expected(ReadFile(kConformance + name + "_expected.csv"));
    std::string got, wanted;
    while (std::getline(expected, wanted)) {
      std::getline(answered, got);
      // Numbers and what is known already are judged by the service.
      if (wanted.find("NOT_UNDERSTOOD") != wanted.npos) EXPECT_EQ(got, wanted);
      EXPECT_EQ(got.substr(0, got.find(',')), wanted.substr(0, wanted.find(',')));
    }
    EXPECT_FALSE(std::getline(answered, got));
  }
}

TEST_F(PostCommandsTest, ADayWithoutAYearIsTheLatestOne) {
  Post(1);
  const std::string file = WriteFile("reports.csv", kNames + Number(0) + ",12/31 23:59,引受,,見本郵便局,,\n" +
                                                       Number(0) + ",1/5,保管,,見本郵便局,,\n");
  EXPECT_EQ(Run({"post", "import", file, "--today", "2027-01-05"}), ExitCode::kDone) << err_;
  const auto reports = post_office_.reports().at(Number(0));
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].day().year(), 2026);
  EXPECT_EQ(reports[0].minute_of_day(), 1439u);
  EXPECT_EQ(reports[1].day().year(), 2027);
  EXPECT_FALSE(reports[1].has_minute_of_day());
  EXPECT_EQ(post_office_.last_actor.authority(), "post-office");
}

TEST_F(PostCommandsTest, ImportsTwiceSafely) {
  Post(100);
  const std::string file = Reports(3000);
  EXPECT_EQ(Run({"post", "import", file, "--acknowledgements", answers_, "--output", "json"}), ExitCode::kDone) << err_;
  EXPECT_EQ(nlohmann::json::parse(out_)["accepted"], 3000);
  EXPECT_EQ(post_office_.batch_max, 500);
  EXPECT_EQ(Run({"post", "import", file, "--acknowledgements", answers_, "--output", "json"}), ExitCode::kDone) << err_;
  EXPECT_EQ(nlohmann::json::parse(out_)["duplicate"], 3000);
  EXPECT_EQ(ReportCount(), 3000u);
  EXPECT_THAT(ReadFile(answers_), HasSubstr("\r\n3001," + Number(99) + ",DUPLICATE,,\r\n"));
}

TEST_F(PostCommandsTest, ImportGoesOnAfterALostConnection) {
  Post(100);
  const std::string file = Reports(2000);
  post_office_.reports_until_cut = 750;
  EXPECT_EQ(Run({"post", "import", file, "--acknowledgements", answers_}), ExitCode::kUnavailable);
  EXPECT_THAT(err_, HasSubstr("run the same command again, what is known already counts as a duplicate"));
  post_office_.reports_until_cut = 750;
  post_office_.reports_not_now = 20;
  EXPECT_EQ(Run({"post", "import", file, "--reconnect", "--acknowledgements", answers_}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("0 lines were not understood"), HasSubstr("connected 2 times")));
  EXPECT_EQ(ReportCount(), 2000u);
  const std::string answers = ReadFile(answers_);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), '\n'), 2001) << "one for each line, and the names";
  EXPECT_LT(answers.find("\r\n1000,"), answers.find("\r\n1500,"));
}

TEST_F(PostCommandsTest, NotNowIsNoAnswerToTheCarrier) {
  Post(1);
  const std::string file = WriteFile("reports.csv", kNames + Number(0) + ",2026/11/27,引受,,見本郵便局,,\n");
  post_office_.reports_not_now = 1;
  EXPECT_EQ(Run({"post", "import", file, "--acknowledgements", answers_}), ExitCode::kUnavailable);
  EXPECT_THAT(ReadFile(answers_), Not(HasSubstr("NOT_UNDERSTOOD")));
}

TEST_F(PostCommandsTest, ShowsTheFirstLinesThatWereNotUnderstood) {
  std::string text = kNames;
  for (int i = 0; i < 50; ++i) absl::StrAppend(&text, i, ",2026/11/27,引受,,見本郵便局,,\n");
  EXPECT_EQ(Run({"post", "import", WriteFile("reports.csv", text)}), ExitCode::kRefused);
  EXPECT_THAT(out_, AllOf(HasSubstr("  21  TRACKING_NUMBER_NOT_DIGITS  write the number's digits"),
                          HasSubstr("and 30 more"), HasSubstr("50 lines were not understood")));
  EXPECT_THAT(out_, Not(HasSubstr("  22  ")));
}

TEST_F(PostCommandsTest, AFileThatIsNoneIsWrongUsage) {
  EXPECT_EQ(Run({"post", "import", "/nowhere/reports.csv"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"post", "import", WriteFile("reports.csv", "a,b\n1,2\n")}), ExitCode::kUsage);
  EXPECT_EQ(Run({"post", "import", Reports(1), "--today", "yesterday"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"post", "import", Reports(1), "--acknowledgements", "/nowhere/answers.csv"}), ExitCode::kUsage);
  EXPECT_TRUE(post_office_.reports().empty());
}

TEST_F(PostCommandsTest, SimulatesOnTheStreamAndInAFileAlike) {
  Post(100);
  const std::string file = ::testing::TempDir() + "/played.csv";
  const std::vector<std::string> words = {"post",         "simulate",     "--seed",      "7",   "--date", "2026-11-27",
                                          "--send-until", "2026-12-20", "--duplicated", "0.3", "--late", "0.1"};
  EXPECT_EQ(Run(words), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("0 lines were not understood"));
  EXPECT_THAT(err_, HasSubstr("100 pieces: delivered "));
  const size_t reported = ReportCount();
  EXPECT_GT(reported, 200u);
  EXPECT_EQ(post_office_.last_manifest.posting_date().day(), 27);
  auto into_file = words;
  into_file.insert(into_file.end(), {"--file", file});
  EXPECT_EQ(Run(into_file), ExitCode::kDone) << err_;
  EXPECT_EQ(Run({"post", "import", file, "--output", "json"}), ExitCode::kDone) << err_;
  EXPECT_EQ(nlohmann::json::parse(out_)["accepted"], 0) << "all of it is known";
  EXPECT_EQ(ReportCount(), reported);
}

TEST_F(PostCommandsTest, SimulatesOneRouteDayByDay) {
  Post(10);
  const auto day = [&](const char* from, const char* until) {
    return Run({"post", "simulate", "--seed", "1", "--route", "returned", "--date", "2026-11-27", "--send-from", from,
                "--send-until", until});
  };
  EXPECT_EQ(day("2026-11-27", "2026-11-27"), ExitCode::kDone) << err_;
  EXPECT_THAT(err_, HasSubstr("returned 10"));
  for (const auto& [number, reports] : post_office_.reports()) {
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].status(), "引受");
  }
  EXPECT_EQ(day("2026-11-28", "2027-01-31"), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr(" 0 were known already"));
  for (const auto& [number, reports] : post_office_.reports()) EXPECT_EQ(reports.back().status(), "差出人に返送済み");
  EXPECT_EQ(Run({"post", "simulate", "--seed", "1", "--corrected", "0.5", "--file", answers_}), ExitCode::kUsage);
  EXPECT_EQ(Run({"post", "simulate", "--seed", "1", "--route", "astray"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"post", "simulate"}), ExitCode::kUsage);
}

}  // namespace
}  // namespace mynumber::mynumberctl
