#include "services/mynumberctl/acknowledgements.h"

#include <gtest/gtest.h>

#include <sstream>

namespace mynumber::mynumberctl {
namespace {

using carrier_csv::Outcome;

class AcknowledgementsTest : public ::testing::Test {
 protected:
  void Answer(uint64_t line) { answers_.Answered({line, "30100123454", Outcome::kAccepted, "", ""}); }

  // Numbers of the lines that are written.
  std::vector<uint64_t> Written() {
    std::istringstream lines(out_.str());
    std::string line;
    std::getline(lines, line);  // names
    std::vector<uint64_t> numbers;
    while (std::getline(lines, line)) numbers.push_back(std::stoull(line));
    return numbers;
  }

  std::ostringstream out_;
  carrier_csv::AcknowledgementWriter writer_ =
      *carrier_csv::AcknowledgementWriter::Open(out_, carrier_csv::Encoding::kUtf8);
  Acknowledgements answers_{&writer_};
};

TEST_F(AcknowledgementsTest, LinesKeepTheirOrder) {
  answers_.Sent(2);
  answers_.NotUnderstood(3, "DATE_MISSING", "write when");
  answers_.Sent(5);
  answers_.Sent(6);
  EXPECT_TRUE(Written().empty());
  Answer(6);
  EXPECT_TRUE(Written().empty());
  Answer(2);
  EXPECT_EQ(Written(), (std::vector<uint64_t>{2, 3}));
  Answer(5);
  EXPECT_EQ(Written(), (std::vector<uint64_t>{2, 3, 5, 6}));
}

TEST_F(AcknowledgementsTest, WhatHasNoAnswerGetsNone) {
  for (uint64_t line : {2, 3, 4}) answers_.Sent(line);
  Answer(3);
  EXPECT_TRUE(answers_.Finish().ok());
  EXPECT_EQ(Written(), (std::vector<uint64_t>{3}));
}

TEST_F(AcknowledgementsTest, MemoryStaysBounded) {
  answers_.Sent(2);
  const uint64_t lines = Acknowledgements::kWaitingMax + 2;
  for (uint64_t line = 3; line <= lines; ++line) answers_.NotUnderstood(line, "DATE_MISSING", "write when");
  EXPECT_EQ(Written().size(), lines - 2) << "they go out before line 2";
  Answer(2);
  EXPECT_EQ(Written().back(), 2u);
}

TEST_F(AcknowledgementsTest, AFullDiskIsSaid) {
  answers_.Sent(2);
  out_.setstate(std::ios::badbit);
  Answer(2);
  EXPECT_FALSE(answers_.Finish().ok());
}

}  // namespace
}  // namespace mynumber::mynumberctl
