#include "libs/identifiers/tracking_number.h"

#include <gtest/gtest.h>

#include <string>

namespace mynumber::identifiers {
namespace {

using Verdict = TrackingNumberVerdict;

// docs/domain.md B.3: a published registered number, and computed ones of Simple Registered Mail.
constexpr std::string_view kValid[] = {"13112383852", "30100123454", "45901987655", "33100000010"};

TEST(TrackingNumberTest, PublishedNumbersAreValidInBothDirections) {
  for (std::string_view text : kValid) {
    EXPECT_EQ(TrackingNumber::Judge(text), Verdict::kValid) << text;
    const auto number = TrackingNumber::Parse(text);
    ASSERT_TRUE(number.ok());
    EXPECT_EQ(number->digits(), text);
    EXPECT_EQ(TrackingNumber::FromSerial(number->Serial()), *number);
    EXPECT_EQ(*TrackingNumber::Parse(number->Format()), *number);
  }
}

TEST(TrackingNumberTest, ParcelsHaveTheSameCheckDigit) {
  EXPECT_EQ(TrackingNumber::CheckDigit("40554842488"), 6);
  EXPECT_EQ(TrackingNumber::CheckDigit("20261097104"), 3);
  EXPECT_EQ(TrackingNumber::Judge("405548424886"), Verdict::kWrongLength) << "and are no registered mail";
}

TEST(TrackingNumberTest, EveryOtherLastDigitIsRefused) {
  for (std::string_view text : kValid) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string changed(text);
      changed[10] = digit;
      EXPECT_EQ(TrackingNumber::Judge(changed), digit == text[10] ? Verdict::kValid : Verdict::kWrongCheckDigit);
    }
  }
}

TEST(TrackingNumberTest, ADigitSevenApartIsNotSeen) {
  EXPECT_EQ(TrackingNumber::Judge("30100123454"), Verdict::kValid);
  EXPECT_EQ(TrackingNumber::Judge("37100123454"), Verdict::kValid);
  EXPECT_EQ(TrackingNumber::Judge("31100123454"), Verdict::kWrongCheckDigit);
}

TEST(TrackingNumberTest, IsReadAsPrintedOrWithoutHyphens) {
  EXPECT_EQ(TrackingNumber::Parse("131-12-38385-2")->digits(), "13112383852");
  EXPECT_EQ(TrackingNumber::Parse("13112383852")->Format(), "131-12-38385-2");
  EXPECT_EQ(TrackingNumber::Judge("131-12383852"), Verdict::kWrongLength);
  EXPECT_EQ(TrackingNumber::Judge("1311-2-38385-2"), Verdict::kNotDigits);
  EXPECT_EQ(TrackingNumber::Judge("131 12 38385 2"), Verdict::kNotDigits);
}

TEST(TrackingNumberTest, FormIsJudgedBeforeTheCheckDigit) {
  EXPECT_EQ(TrackingNumber::Judge(""), Verdict::kWrongLength);
  EXPECT_EQ(TrackingNumber::Judge("3010012345"), Verdict::kWrongLength);
  EXPECT_EQ(TrackingNumber::Judge("301001234541"), Verdict::kWrongLength);
  EXPECT_EQ(TrackingNumber::Judge("3010012345x"), Verdict::kNotDigits);
  EXPECT_EQ(TrackingNumber::Judge("-3010012345"), Verdict::kNotDigits);
  EXPECT_EQ(TrackingNumber::Judge("３01001234"), Verdict::kNotDigits) << "eleven bytes, one of them full-width";
  // International mail, thirteen characters.
  EXPECT_EQ(TrackingNumber::Judge("RR473124829GB"), Verdict::kWrongLength);
}

TEST(TrackingNumberTest, TheFirstDigitIsTheKind) {
  for (uint64_t kind = 0; kind < 10; ++kind) {
    EXPECT_EQ(TrackingNumber::FromSerial(kind * 1'000'000'000).IsSimpleRegistered(), kind == 3 || kind == 4) << kind;
  }
}

TEST(TrackingNumberTest, SerialsOfARangeCountUp) {
  for (uint64_t serial : {0ull, 3'010'012'345ull, 3'999'999'999ull, 9'999'999'999ull}) {
    const TrackingNumber number = TrackingNumber::FromSerial(serial);
    EXPECT_EQ(number.Serial(), serial);
    EXPECT_EQ(TrackingNumber::Judge(number.digits()), Verdict::kValid);
  }
  EXPECT_EQ(TrackingNumber::FromSerial(3'010'012'345).digits(), "30100123454");
  EXPECT_EQ(TrackingNumber::FromSerial(3'010'012'346).digits(), "30100123465");
}

TEST(TrackingNumberTest, MaskedShowsTheLastFourOnly) {
  EXPECT_EQ(TrackingNumber::FromSerial(3'010'012'345).Masked(), "*******3454");
}

TEST(TrackingNumberTest, ErrorsShowNoDigitOfTheNumber) {
  for (std::string_view text : {"30100123455", "3010012345x", "301001234"}) {
    const auto status = TrackingNumber::Parse(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(status.message()).find(text.substr(0, 3)), std::string::npos);
  }
}

TEST(TrackingNumberDeathTest, ASerialOfElevenDigitsIsABug) {
  EXPECT_DEATH(TrackingNumber::FromSerial(TrackingNumber::kSerials), "ten digits");
}

}  // namespace
}  // namespace mynumber::identifiers
