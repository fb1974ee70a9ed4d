#include "libs/carrier_csv/tracking_row_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"

namespace mynumber::carrier_csv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Result = TrackingRowReader::Result;

std::string Header() { return absl::StrJoin(kColumnNames, ",") + "\n"; }

std::string InShiftJis(const std::string& text) {
  std::string out;
  EXPECT_EQ(FromUtf8(Encoding::kShiftJis)->Convert(text, &out), text.size());
  return out;
}

std::string Refusal(const std::string& text) {
  std::istringstream in(text);
  const auto reader = TrackingRowReader::Open(in);
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(reader.status().message());
}

// "line:status" of each row, "line!REASON" of each line that is none.
std::vector<std::string> ReadText(const std::string& text) {
  std::istringstream in(text);
  auto reader = TrackingRowReader::Open(in);
  EXPECT_TRUE(reader.ok()) << reader.status();
  std::vector<std::string> seen;
  TrackingRow row;
  LineReason reason;
  for (;;) {
    const Result result = (*reader)->Read(&row, &reason);
    if (result == Result::kEnd) return seen;
    const std::string line = std::to_string((*reader)->line());
    seen.push_back(result == Result::kRow ? line + ":" + row.texts[kStatus]
                                          : line + "!" + std::string(NameOf(reason)));
  }
}

TEST(TrackingRowReaderTest, ReadsEveryColumnInEveryEncoding) {
  const std::string text = "郵便番号,県名等,取扱局,詳細,配送履歴,状態発生日,お問い合わせ番号\r\n"
                           "100-8799,東京都,\"見本,局\",～①髙,引受,11/27 14:05,30100123454\r\n";
  for (const auto& [bytes, encoding] : {std::pair{text, Encoding::kUtf8},
                                        {"\xEF\xBB\xBF" + text, Encoding::kUtf8WithMark},
                                        {InShiftJis(text), Encoding::kShiftJis}}) {
    std::istringstream in(bytes);
    auto reader = TrackingRowReader::Open(in);
    ASSERT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ((*reader)->encoding(), encoding);
    TrackingRow row;
    LineReason reason;
    ASSERT_EQ((*reader)->Read(&row, &reason), Result::kRow);
    EXPECT_THAT(row.texts, ElementsAre("30100123454", "11/27 14:05", "引受", "～①髙", "見本,局", "東京都", "100-8799"));
    EXPECT_EQ(row.occurred, (Occurred{std::nullopt, 11, 27, 845}));
    EXPECT_EQ((*reader)->line(), 2u);
    EXPECT_EQ((*reader)->Read(&row, &reason), Result::kEnd);
    EXPECT_TRUE((*reader)->status().ok());
  }
}

// 表 and 予 have the bytes of a backslash and of a bracket as their second ones.
TEST(TrackingRowReaderTest, SecondBytesOfShiftJisAreNoSigns) {
  EXPECT_THAT(ReadText(InShiftJis(Header() + "1,11/27,\"表,予\",,,,\n1,11/27,ソ十能,,,,\n")),
              ElementsAre("2:表,予", "3:ソ十能"));
}

TEST(TrackingRowReaderTest, ABrokenLineCostsOneRow) {
  EXPECT_THAT(ReadText(Header() +
                       "1,11/27,引受,,,,\n1,11/27\n\n1,11/27,\xE5\xBC,,,,\n1,11/27,\x8E\xF3,,,,\n1,2/30,引受,,,,\n" +
                       std::string(100'000, 'x') + "\n1,11/27,到着,,,,"),
              ElementsAre("2:引受", "3!COLUMNS_MISSING", "5!TEXT_NOT_IN_ENCODING", "6!TEXT_NOT_IN_ENCODING",
                          "7!DATE_IMPOSSIBLE", "8!LINE_TOO_LONG", "9:到着"));
}

TEST(TrackingRowReaderTest, AFileWithoutTheColumnsIsRefused) {
  EXPECT_THAT(Refusal(""), HasSubstr("names none of them"));
  EXPECT_THAT(Refusal("a,b,c\n1,2,3\n"), HasSubstr("names none of them"));
  EXPECT_THAT(Refusal("お問い合わせ番号,状態発生日,配送履歴,詳細,取扱局,県名等\n"), HasSubstr("郵便番号 is missing"));
  EXPECT_THAT(Refusal(InShiftJis("お問い合わせ番号,状態発生日,配送履歴,詳細,取扱局,県名等\n")),
              HasSubstr("郵便番号 is missing"));
  EXPECT_THAT(Refusal("備考," + Header()), HasSubstr("it names another one"));
  EXPECT_THAT(Refusal("30100123454,11/27,引受,,見本局,東京都,100-8799\n"), Not(HasSubstr("見本局")));
}

TEST(TrackingRowReaderTest, AnotherEncodingIsRefused) {
  auto utf16 = Transcoder::Open("UTF-8", "UTF-16LE");
  std::string wide;
  utf16->Convert(Header(), &wide);
  EXPECT_THAT(Refusal("\xFF\xFE" + wide), HasSubstr("UTF-16"));
  EXPECT_THAT(Refusal(wide), HasSubstr("names none of them"));
  auto euc = Transcoder::Open("UTF-8", "EUC-JP");
  std::string bytes;
  euc->Convert(Header(), &bytes);
  EXPECT_THAT(Refusal(bytes), HasSubstr("UTF-8 or in Shift_JIS"));
  EXPECT_THAT(Refusal("\xEF\xBB\xBF" + InShiftJis(Header())), HasSubstr("names none of them"));
}

TEST(TrackingRowReaderTest, EveryReasonHasItsOwnNameAndSentence) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(LineReason::kOccurredImpossible); ++i) {
    EXPECT_GT(SentenceOf(static_cast<LineReason>(i)).size(), 20u);
    for (const std::string& other : names) EXPECT_NE(other, NameOf(static_cast<LineReason>(i)));
    names.emplace_back(NameOf(static_cast<LineReason>(i)));
  }
}

TEST(TrackingRowReaderTest, AnyBytesAreRowsOrReasons) {
  std::mt19937 random(20151005);
  const std::string likely = "\",\n\r\0 1/7:\x81\x8E\xE5\xBC\x95";
  for (int round = 0; round < 500; ++round) {
    std::string text = round % 2 == 0 ? Header() : InShiftJis(Header());
    if (round % 10 == 0) text.clear();
    size_t line_breaks = 1;
    for (size_t i = random() % 3000; i > 0; --i) {
      text.push_back(random() % 4 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()]);
      line_breaks += text.back() == '\n' ? 1 : 0;
    }
    if (round % 10 == 0) {
      std::istringstream in(text);
      EXPECT_FALSE(TrackingRowReader::Open(in).ok());
    } else {
      ASSERT_LE(ReadText(text).size(), line_breaks);
    }
  }
}

// Good lines, each with a few bytes spoilt.
TEST(TrackingRowReaderTest, SpoiltLinesDoNotSpoilTheirNeighbours) {
  std::mt19937 random(20151005);
  const std::string good = "30100123454,2026/11/27 14:05,ご不在のため持ち戻り,,見本郵便局,東京都,100-8799\n";
  for (bool shift_jis : {false, true}) {
    std::string text = shift_jis ? InShiftJis(Header()) : Header();
    const std::string line = shift_jis ? InShiftJis(good) : good;
    for (int i = 0; i < 2000; ++i) {
      std::string spoilt = line;
      for (int j = 0; j < 3; ++j) {
        const char byte = static_cast<char>(random());
        spoilt[random() % (spoilt.size() - 1)] = byte == '\n' ? 'x' : byte;
      }
      text += spoilt + line;
    }
    const auto seen = ReadText(text);
    ASSERT_EQ(seen.size(), 4000u);
    for (size_t i = 1; i < seen.size(); i += 2) ASSERT_THAT(seen[i], HasSubstr(":ご不在のため持ち戻り"));
  }
}

}  // namespace
}  // namespace mynumber::carrier_csv
