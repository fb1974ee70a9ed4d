#include "libs/csv/table_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mynumber::csv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Result = TableReader::Result;

const std::vector<Column> kColumns = {{"name"}, {"town"}, {"remark", /*may_be_absent=*/true}};

// "line:name/town" of each row, "line!PROBLEM" of each line that is none.
std::vector<std::string> ReadAll(std::istream& in, std::string head = "") {
  std::vector<std::string> seen;
  auto reader = TableReader::Open(in, kColumns, std::move(head));
  if (!reader.ok()) return {std::string(reader.status().message())};
  TableReader::Fields fields;
  LineProblem problem;
  for (;;) {
    switch ((*reader)->Read(&fields, &problem)) {
      case Result::kRow:
        seen.push_back(std::to_string((*reader)->line()) + ":" + std::string(fields[0]) + "/" + std::string(fields[1]));
        break;
      case Result::kBroken:
        seen.push_back(std::to_string((*reader)->line()) + "!" + std::string(NameOf(problem)));
        break;
      case Result::kEnd:
        return seen;
    }
  }
}

std::vector<std::string> ReadText(const std::string& text) {
  std::istringstream in(text);
  return ReadAll(in);
}

TEST(TableReaderTest, ABrokenLineCostsOneRow) {
  EXPECT_THAT(ReadText("name,town\r\na,b\r\n\r\nfew\r\n\"a,b\",\"say \"\"c\"\"\"\r\na,b,many\n\"open,b\nlast,row"),
              ElementsAre("2:a/b", "4!COLUMNS_MISSING", "5:a,b/say \"c\"", "6!COLUMNS_TOO_MANY", "7!QUOTE_NOT_CLOSED",
                          "8:last/row"));
}

TEST(TableReaderTest, ALineTooLongCostsOneRow) {
  const std::string most(TableReader::kLineBytesMax - 2, 'x');
  const std::string blank(3 * TableReader::kLineBytesMax, ' ');
  EXPECT_THAT(ReadText("name,town\n" + most + most + ",b\n" + blank + "\na,b\n" + most + ",,,,\n\"" + most + most +
                       "\nlast,row"),
              ElementsAre("2!LINE_TOO_LONG", "4:a/b", "5!LINE_TOO_LONG", "6!LINE_TOO_LONG", "7:last/row"));
  EXPECT_THAT(ReadText("name,town\n" + most + ",b\n"), ElementsAre("2:" + most + "/b")) << "as long as it may be";
  EXPECT_THAT(ReadText("name,town\n" + most + ",bc\n"), ElementsAre("2!LINE_TOO_LONG"));
}

TEST(TableReaderTest, AnyOrderOfColumnsAndAByteOrderMark) {
  EXPECT_THAT(ReadText("\xEF\xBB\xBFremark,town,name\nr,t,n\n"), ElementsAre("2:n/t"));
  std::istringstream rest("wn\na,b");
  EXPECT_THAT(ReadAll(rest, "name,to"), ElementsAre("2:a/b"));
}

TEST(TableReaderTest, TheFirstLineIsCheckedAndNotShown) {
  for (const std::string text : {"", "\n\n", "name\nx", "name,name,town\nx", "somebody,somewhere\n", "\"name,town\n"}) {
    const auto seen = ReadText(text);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_THAT(seen[0], HasSubstr("the first line must name the columns name, town, and may name remark: "));
    EXPECT_THAT(seen[0], Not(HasSubstr("somebody")));
  }
  EXPECT_THAT(ReadText("name\n")[0], HasSubstr("town is missing"));
}

TEST(TableReaderTest, AColumnThatIsAbsentHasNoData) {
  std::istringstream in("name,town\n,b\n");
  auto reader = TableReader::Open(in, kColumns);
  ASSERT_TRUE(reader.ok());
  TableReader::Fields fields;
  LineProblem problem;
  ASSERT_EQ((*reader)->Read(&fields, &problem), Result::kRow);
  EXPECT_NE(fields[0].data(), nullptr);
  EXPECT_EQ(fields[2].data(), nullptr);
  EXPECT_EQ((*reader)->bytes_read(), 3u);
}

TEST(TableReaderTest, NulIsNotTheEndOfALine) {
  EXPECT_THAT(ReadText(std::string("name,town\na\0b,c\n", 16)), ElementsAre("2:a\x01" "b/c"));
}

class FailingMedium final : public std::streambuf {
  int_type underflow() override { throw std::runtime_error("the medium fails"); }
};

TEST(TableReaderTest, AFailingMediumIsNoEnd) {
  FailingMedium medium;
  std::istream in(&medium);
  auto reader = TableReader::Open(in, kColumns, "name,town\na,b\n");
  ASSERT_TRUE(reader.ok());
  TableReader::Fields fields;
  LineProblem problem;
  EXPECT_EQ((*reader)->Read(&fields, &problem), Result::kRow);
  EXPECT_EQ((*reader)->Read(&fields, &problem), Result::kEnd);
  EXPECT_EQ((*reader)->status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(TableReader::Open(in, kColumns).status().code(), absl::StatusCode::kDataLoss);
}

// The parser keeps blocks of 16 MiB: line breaks at and around their borders, with and without one at the end.
TEST(TableReaderTest, BlocksOfTheParserHaveNoBorders) {
  std::mt19937 random(20151005);
  for (int round = 0; round < 3; ++round) {
    std::string text = "name,town\n";
    size_t rows = 0;
    while (text.size() < (std::size_t{33} << 20)) {
      text.append(random() % 5000, 'x').append(",y\n");
      ++rows;
    }
    if (round > 0) text.resize((std::size_t{32} << 20) + static_cast<size_t>(round) - 2);
    const auto seen = ReadText(text);
    if (round == 0) {
      EXPECT_EQ(seen.size(), rows);
    }
    EXPECT_GT(seen.size(), 10'000u);
    for (size_t i = 0; i + 1 < seen.size(); ++i) ASSERT_THAT(seen[i].back(), 'y') << i;
  }
}

TEST(TableReaderTest, AnyBytesEnd) {
  std::mt19937 random(20151005);
  const std::string likely = "\",\n\r\0 ab";
  for (int round = 0; round < 300; ++round) {
    std::string text = "name,town\n";
    size_t line_breaks = 1;
    for (size_t i = random() % 2000; i > 0; --i) {
      text.push_back(random() % 4 == 0 ? static_cast<char>(random()) : likely[random() % 8]);
      line_breaks += text.back() == '\n' ? 1 : 0;
    }
    ASSERT_LE(ReadText(text).size(), line_breaks);
  }
}

}  // namespace
}  // namespace mynumber::csv
