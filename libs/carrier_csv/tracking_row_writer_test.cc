#include "libs/carrier_csv/tracking_row_writer.h"

#include <gtest/gtest.h>

#include <sstream>

namespace mynumber::carrier_csv {
namespace {

TEST(TrackingRowWriterTest, WhatIsWrittenIsRead) {
  TrackingRow row;
  row.texts = {"301-00-12345-4", "not looked at", "引受", "窓口, \"二番\"", "架空中央郵便局", "東京都", "000-0001"};
  std::stringstream file;
  TrackingRowWriter writer(file);
  for (const Occurred& occurred : {Occurred{2026, 11, 27, 845}, Occurred{2024, 2, 29, std::nullopt},
                                   Occurred{std::nullopt, 1, 5, 0}, Occurred{std::nullopt, 12, 31, std::nullopt}}) {
    row.occurred = occurred;
    ASSERT_TRUE(writer.Write(row).ok());
  }
  EXPECT_NE(file.str().find("\r\n301-00-12345-4,2026/11/27 14:05,引受,\"窓口, \"\"二番\"\"\","), std::string::npos)
      << file.str();
  auto reader = TrackingRowReader::Open(file);
  ASSERT_TRUE(reader.ok()) << reader.status();
  TrackingRow read;
  LineReason reason;
  for (const char* occurred : {"2026/11/27 14:05", "2024/02/29", "01/05 00:00", "12/31"}) {
    ASSERT_EQ((*reader)->Read(&read, &reason), TrackingRowReader::Result::kRow);
    row.texts[kOccurred] = occurred;
    EXPECT_EQ(read.texts, row.texts);
  }
  EXPECT_EQ((*reader)->Read(&read, &reason), TrackingRowReader::Result::kEnd);
}

TEST(TrackingRowWriterTest, AFullDiskIsSaid) {
  std::ostringstream file;
  TrackingRowWriter writer(file);
  file.setstate(std::ios::badbit);
  TrackingRow row;
  row.occurred = {2026, 11, 27, 0};
  EXPECT_FALSE(writer.Write(row).ok());
}

}  // namespace
}  // namespace mynumber::carrier_csv
