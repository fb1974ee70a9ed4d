#include "libs/identifiers/resident_record_code.h"

#include <gtest/gtest.h>

#include <string>

namespace mynumber::identifiers {
namespace {

TEST(ResidentRecordCodeTest, TenFreeDigitsAndACheckDigit) {
  const auto code = ResidentRecordCode::Parse("00000000019", CheckDigitRule::kRefuse);
  ASSERT_TRUE(code.ok()) << code.status();
  EXPECT_EQ(code->digits(), "00000000019");
  EXPECT_EQ(code->FreeDigits(), "0000000001");
}

TEST(ResidentRecordCodeTest, CheckDigitWorkedByHand) {
  // 1*5+2*4+3*3+4*2+5*7+6*6+7*5+8*4+9*3+0*2 = 195; 195 mod 11 = 8; 11 - 8 = 3.
  EXPECT_EQ(ResidentRecordCode::CheckDigit("1234567890"), 3);
  // Remainders 0 and 1.
  EXPECT_EQ(ResidentRecordCode::CheckDigit("0000000000"), 0);
  EXPECT_EQ(ResidentRecordCode::CheckDigit("0000000006"), 0);
}

TEST(ResidentRecordCodeTest, AWrongCheckDigitIsRefusedOnlyByTheSetting) {
  for (char digit = '0'; digit <= '9'; ++digit) {
    const std::string text = std::string("1234567890") + digit;
    EXPECT_EQ(ResidentRecordCode::Judge(text, CheckDigitRule::kIgnore), RecordCodeVerdict::kValid);
    EXPECT_EQ(ResidentRecordCode::Judge(text, CheckDigitRule::kRefuse),
              digit == '3' ? RecordCodeVerdict::kValid : RecordCodeVerdict::kWrongCheckDigit);
  }
}

TEST(ResidentRecordCodeTest, FormIsJudgedUnderBothRules) {
  for (const CheckDigitRule rule : {CheckDigitRule::kIgnore, CheckDigitRule::kRefuse}) {
    EXPECT_EQ(ResidentRecordCode::Judge("", rule), RecordCodeVerdict::kWrongLength);
    EXPECT_EQ(ResidentRecordCode::Judge("1234567890", rule), RecordCodeVerdict::kWrongLength);
    EXPECT_EQ(ResidentRecordCode::Judge("123456789033", rule), RecordCodeVerdict::kWrongLength);
    EXPECT_EQ(ResidentRecordCode::Judge("1234567890a", rule), RecordCodeVerdict::kNotDigits);
    EXPECT_EQ(ResidentRecordCode::Parse("1234567890a", rule).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(ResidentRecordCodeTest, ErrorsShowNoDigitOfTheCode) {
  const auto code = ResidentRecordCode::Parse("12345678904", CheckDigitRule::kRefuse);
  EXPECT_EQ(code.status().message().find("123"), absl::string_view::npos);
}

}  // namespace
}  // namespace mynumber::identifiers
