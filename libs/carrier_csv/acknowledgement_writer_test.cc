#include "libs/carrier_csv/acknowledgement_writer.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace mynumber::carrier_csv {
namespace {

std::string ToText(const std::string& bytes, Encoding encoding) {
  std::string text;
  EXPECT_EQ(ToUtf8(encoding)->Convert(bytes, &text), bytes.size());
  return text;
}

TEST(AcknowledgementWriterTest, QuotesWhatNeedsIt) {
  std::ostringstream out;
  auto writer = AcknowledgementWriter::Open(out, Encoding::kUtf8);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer->Write({2, "30100123454"}).ok());
  ASSERT_TRUE(writer->Write({4, "a,\"b\"\n", Outcome::kNotUnderstood, "DATE_MISSING", "日付, please"}).ok());
  EXPECT_EQ(out.str(),
            "行番号,お問い合わせ番号,結果,理由,説明\r\n"
            "2,30100123454,ACCEPTED,,\r\n"
            "4,\"a,\"\"b\"\"\n\",NOT_UNDERSTOOD,DATE_MISSING,\"日付, please\"\r\n");
}

TEST(AcknowledgementWriterTest, WhatShiftJisDoesNotHaveIsMarked) {
  std::ostringstream out;
  auto writer = AcknowledgementWriter::Open(out, Encoding::kShiftJis);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer->Write({2, "𠮷野é①\xFF!", Outcome::kDuplicate}).ok());
  EXPECT_EQ(ToText(out.str(), Encoding::kShiftJis),
            "行番号,お問い合わせ番号,結果,理由,説明\r\n2,〓野〓①〓!,DUPLICATE,,\r\n");
}

TEST(AcknowledgementWriterTest, AFullDiskIsSaid) {
  std::ostringstream out;
  auto writer = AcknowledgementWriter::Open(out, Encoding::kUtf8);
  ASSERT_TRUE(writer.ok());
  out.setstate(std::ios::badbit);
  EXPECT_EQ(writer->Write({2}).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(writer->Write({3}).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace mynumber::carrier_csv
