#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "libs/carrier_csv/acknowledgement_writer.h"
#include "libs/carrier_csv/tracking_row_reader.h"

namespace mynumber::carrier_csv {
namespace {

std::string ReadFile(const std::string& name) {
  std::ifstream file("libs/carrier_csv/testdata/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

// What an importer does, but for what it does with the rows.
std::string Answer(std::istream& in) {
  auto reader = TrackingRowReader::Open(in);
  EXPECT_TRUE(reader.ok()) << reader.status();
  std::ostringstream out;
  auto writer = AcknowledgementWriter::Open(out, (*reader)->encoding());
  EXPECT_TRUE(writer.ok()) << writer.status();
  std::set<std::array<std::string, 4>> seen;
  TrackingRow row;
  LineReason reason;
  for (;;) {
    Acknowledgement answer;
    switch ((*reader)->Read(&row, &reason)) {
      case TrackingRowReader::Result::kRow:
        answer.tracking_number = row.texts[kTrackingNumber];
        answer.outcome = seen.insert({row.texts[kTrackingNumber], row.texts[kOccurred], row.texts[kStatus],
                                      row.texts[kOffice]})
                                 .second
                             ? Outcome::kAccepted
                             : Outcome::kDuplicate;
        break;
      case TrackingRowReader::Result::kBroken:
        answer.outcome = Outcome::kNotUnderstood;
        answer.reason = NameOf(reason);
        answer.sentence = SentenceOf(reason);
        break;
      case TrackingRowReader::Result::kEnd:
        return out.str();
    }
    answer.line = (*reader)->line();
    EXPECT_TRUE(writer->Write(answer).ok());
  }
}

class ConformanceTest : public testing::TestWithParam<const char*> {};

TEST_P(ConformanceTest, TheAnswerIsAsExpected) {
  const std::string name = GetParam();
  std::istringstream in(ReadFile(name + ".csv"));
  EXPECT_EQ(Answer(in), ReadFile(name + "_expected.csv"));
}

INSTANTIATE_TEST_SUITE_P(Encodings, ConformanceTest, testing::Values("conformance_utf8", "conformance_shift_jis"));

TEST(ConformanceWithMarkTest, AByteOrderMarkIsAnsweredByOne) {
  std::istringstream in("\xEF\xBB\xBF" + ReadFile("conformance_utf8.csv"));
  EXPECT_EQ(Answer(in), "\xEF\xBB\xBF" + ReadFile("conformance_utf8_expected.csv"));
}

}  // namespace
}  // namespace mynumber::carrier_csv
