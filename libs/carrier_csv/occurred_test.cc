#include "libs/carrier_csv/occurred.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>

namespace mynumber::carrier_csv {
namespace {

Occurred Read(std::string_view text) {
  Occurred occurred;
  EXPECT_EQ(ReadOccurred(text, &occurred), OccurredVerdict::kValid) << text;
  return occurred;
}

OccurredVerdict Judge(std::string_view text) {
  Occurred occurred;
  return ReadOccurred(text, &occurred);
}

TEST(ReadOccurredTest, WithAndWithoutYearAndTime) {
  EXPECT_EQ(Read("2026/11/27 14:05"), (Occurred{2026, 11, 27, 14 * 60 + 5}));
  EXPECT_EQ(Read("11/27 14:05"), (Occurred{std::nullopt, 11, 27, 14 * 60 + 5}));
  EXPECT_EQ(Read("2026-11-27 9:00"), (Occurred{2026, 11, 27, 9 * 60}));
  EXPECT_EQ(Read("2026/1/2"), (Occurred{2026, 1, 2, std::nullopt}));
  EXPECT_EQ(Read("01/02 00:00"), (Occurred{std::nullopt, 1, 2, 0}));
  EXPECT_EQ(Read("2/29 23:59"), (Occurred{std::nullopt, 2, 29, 1439})) << "of some year";
}

TEST(ReadOccurredTest, OtherFormsAreNotUnderstood) {
  for (std::string_view text : {"", " ", "27", "11/27 ", "11/27 14", "11/27 14:5", "11/27  14:05", "11/27T14:05", "/27",
                                "11/", "2026/11", "2026/11/", "26/11/27", "2026/11-27", "11/27 14:05:00", "111/27",
                                "11/271", "-1/27", "11/27 -1:00", "11月27日", "１１/27", "11/27 14:05 ", "20260/1/1",
                                "99999999999999999999/1/1"}) {
    EXPECT_EQ(Judge(text), OccurredVerdict::kNotUnderstood) << text;
  }
}

TEST(ReadOccurredTest, DaysAndHoursThatDoNotExist) {
  for (std::string_view text : {"2026/2/29", "2/30", "13/1", "0/1", "1/0", "4/31 10:00", "11/27 24:00", "11/27 10:60",
                                "0000/1/1", "2100/02/29 10:00"}) {
    EXPECT_EQ(Judge(text), OccurredVerdict::kImpossible) << text;
  }
}

TEST(ReadOccurredTest, WhatIsRefusedIsNotWritten) {
  Occurred occurred{2026, 11, 27, 5};
  ReadOccurred("2027/2/30", &occurred);
  ReadOccurred("2027/2/3 1", &occurred);
  EXPECT_EQ(occurred, (Occurred{2026, 11, 27, 5}));
}

TEST(ReadOccurredTest, AnyBytesAreJudged) {
  std::mt19937 random(20151005);
  const std::string likely = "0123/-: ";
  for (int round = 0; round < 100'000; ++round) {
    std::string text;
    for (size_t i = random() % 18; i > 0; --i) {
      text.push_back(random() % 8 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()]);
    }
    Occurred occurred;
    if (ReadOccurred(text, &occurred) != OccurredVerdict::kValid) continue;
    ASSERT_TRUE(occurred.month >= 1 && occurred.month <= 12 && occurred.day >= 1 && occurred.day <= 31) << text;
    ASSERT_LT(occurred.minute_of_day.value_or(0), 1440) << text;
  }
}

}  // namespace
}  // namespace mynumber::carrier_csv
