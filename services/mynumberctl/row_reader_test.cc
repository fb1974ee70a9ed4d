#include "services/mynumberctl/row_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace mynumber::mynumberctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Result = RowReader::Result;

constexpr char kHeader[] =
    "request_id,resident_record_code,full_name,alias,name_kana,birth_date,address,postal_code,municipality_code,"
    "residence_status,period_of_stay_end\n";

// "line:full_name" of each row, "line!REASON" of each refused line.
std::vector<std::string> ReadAll(RowReader& reader) {
  std::vector<std::string> seen;
  ResidentRow row;
  RowRefusal refusal;
  for (;;) {
    switch (reader.Read(&row, &refusal)) {
      case Result::kRow:
        seen.push_back(std::to_string(reader.line()) + ":" + std::string(row[kFullName]));
        break;
      case Result::kRefused:
        seen.push_back(std::to_string(reader.line()) + "!" + refusal.reason);
        break;
      case Result::kEnd:
        return seen;
    }
  }
}

std::vector<std::string> ReadCsv(const std::string& text) {
  std::istringstream in(text);
  auto reader = OpenCsv(in);
  EXPECT_TRUE(reader.ok()) << reader.status();
  return ReadAll(**reader);
}

std::vector<std::string> ReadJsonLines(const std::string& text) {
  std::istringstream in(text);
  return ReadAll(*OpenJsonLines(in));
}

TEST(CsvTest, ReadsFieldsByTheirNames) {
  std::istringstream in(
      "full_name,resident_record_code,name_kana,birth_date,address,postal_code,municipality_code\r\n"
      "見本 太郎,12345678901,ミホン タロウ,1980-01-02,\"千代田区1-2, \"\"桜\"\"荘\",1000001,131016\r\n");
  auto reader = OpenCsv(in);
  ASSERT_TRUE(reader.ok()) << reader.status();
  ResidentRow row;
  RowRefusal refusal;
  ASSERT_EQ((*reader)->Read(&row, &refusal), Result::kRow);
  EXPECT_EQ(row[kRequestId], "");
  EXPECT_EQ(row[kRecordCode], "12345678901");
  EXPECT_EQ(row[kFullName], "見本 太郎");
  EXPECT_EQ(row[kAlias], "");
  EXPECT_EQ(row[kAddress], "千代田区1-2, \"桜\"荘");
  EXPECT_EQ(row[kMunicipalityCode], "131016");
  EXPECT_EQ((*reader)->line(), 2u);
  EXPECT_EQ((*reader)->Read(&row, &refusal), Result::kEnd);
}

TEST(CsvTest, ABadLineCostsOneRow) {
  EXPECT_THAT(ReadCsv(std::string(kHeader) +
                      ",1,first,,,,,,,,\n"
                      "too,few\n"
                      ",1,too many,,,,,,,,,\n"
                      ",1,\"open,,,,,,,,\n"
                      "\n"
                      ",1,last,,,,,,,,"),
              ElementsAre("2:first", "3!COLUMNS_MISSING", "4!COLUMNS_TOO_MANY", "5!QUOTE_NOT_CLOSED", "7:last"));
}

TEST(CsvTest, ByteOrderMarkAndNulAreNotTakenForText) {
  const std::string row = std::string(",1,a\0b,,,,,,,,\n", 14);
  EXPECT_THAT(ReadCsv("\xEF\xBB\xBF" + std::string(kHeader) + row), ElementsAre("2:a\x01" "b"));
}

TEST(CsvTest, HeaderIsCheckedAndNotShown) {
  for (const std::string header : {"", "full_name\n", "見本 太郎,12345678901\n", "full_name,full_name\n"}) {
    std::istringstream in(header);
    auto reader = OpenCsv(in);
    ASSERT_FALSE(reader.ok());
    EXPECT_THAT(std::string(reader.status().message()), HasSubstr("must name the columns"));
    EXPECT_THAT(std::string(reader.status().message()), Not(HasSubstr("見本")));
  }
  std::istringstream in("extra," + std::string(kHeader));
  EXPECT_FALSE(OpenCsv(in).ok());
}

TEST(JsonLinesTest, ABadLineCostsOneRow) {
  EXPECT_THAT(ReadJsonLines("{\"full_name\":\"見本 \\u592a\\u90ce\",\"alias\":null}\n"
                            "{\"full_name\":\"cut\n"
                            "\n"
                            "{\"name\":\"x\"}\r\n"
                            "{\"full_name\":7}\n"
                            "[\"full_name\"]\n"
                            "{\"full_name\":{\"a\":\"b\"}}\n"
                            "{\"full_name\":\"\xFF\"}\n"
                            "\"full_name\"\n"
                            "{} {}\n"
                            "{\"alias\":\"no name\"}"),
              ElementsAre("1:見本 太郎", "2!JSON_MALFORMED", "4!FIELD_UNKNOWN", "5!FIELD_NOT_TEXT", "6!FIELD_NOT_TEXT",
                          "7!FIELD_NOT_TEXT", "8!TEXT_NOT_UTF8", "9!FIELD_NOT_TEXT", "10!JSON_MALFORMED", "11:"));
}

}  // namespace
}  // namespace mynumber::mynumberctl
