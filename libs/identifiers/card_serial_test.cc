#include "libs/identifiers/card_serial.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {
namespace {

using Verdict = CardSerialVerdict;

const char kBody[] = "1234567890123456789";

std::string AnyBody() {
  std::string body(19, '0');
  WriteDecimal(*rc::gen::inRange<uint64_t>(0, 1'000'000'000), 9, body.data());
  WriteDecimal(*rc::gen::inRange<uint64_t>(0, 10'000'000'000), 10, body.data() + 9);
  return body;
}

TEST(CardSerialTest, IsReadAsPrintedOrWithoutSpaces) {
  const CardSerial serial = CardSerial::FromBody(kBody);
  EXPECT_EQ(serial.Body(), kBody);
  EXPECT_EQ(serial.Format(), "1234 5678 9012 3456 789" + std::string(serial.digits().substr(19)));
  EXPECT_EQ(*CardSerial::Parse(serial.digits()), serial);
  EXPECT_EQ(*CardSerial::Parse(serial.Format()), serial);
  EXPECT_EQ(serial.Masked(), std::string(16, '*') + std::string(serial.digits().substr(16)));
}

TEST(CardSerialTest, FormIsJudgedBeforeTheCheckDigit) {
  const std::string digits(CardSerial::FromBody(kBody).digits());
  EXPECT_EQ(CardSerial::Judge(""), Verdict::kWrongLength);
  EXPECT_EQ(CardSerial::Judge(digits.substr(1)), Verdict::kWrongLength);
  EXPECT_EQ(CardSerial::Judge(digits + "0"), Verdict::kWrongLength);
  EXPECT_EQ(CardSerial::Judge("x" + digits.substr(1)), Verdict::kNotDigits);
  EXPECT_EQ(CardSerial::Judge("1234-5678-9012-3456-7890"), Verdict::kNotDigits);
  EXPECT_EQ(CardSerial::Judge("12345 678 9012 3456 7890"), Verdict::kNotDigits);
  EXPECT_EQ(CardSerial::Judge("１２３４５６7８"), Verdict::kWrongLength);
}

TEST(CardSerialTest, ErrorsShowNoDigitOfTheSerial) {
  for (std::string_view text : {"12345678901234567890", "1234567890123456789x", "123456789"}) {
    const auto status = CardSerial::Parse(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(status.message()).find("123"), std::string::npos);
  }
}

RC_GTEST_PROP(CardSerialProperty, EverySingleWrongDigitIsFound, ()) {
  const std::string digits(CardSerial::FromBody(AnyBody()).digits());
  RC_ASSERT(CardSerial::Judge(digits) == Verdict::kValid);
  for (size_t i = 0; i < digits.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string changed = digits;
      changed[i] = digit;
      RC_ASSERT(CardSerial::Judge(changed) == (changed == digits ? Verdict::kValid : Verdict::kWrongCheckDigit));
    }
  }
}

RC_GTEST_PROP(CardSerialProperty, EverySwapOfNeighboursIsFound, ()) {
  const std::string digits(CardSerial::FromBody(AnyBody()).digits());
  for (size_t i = 0; i + 1 < digits.size(); ++i) {
    std::string swapped = digits;
    std::swap(swapped[i], swapped[i + 1]);
    RC_ASSERT(CardSerial::Judge(swapped) == (swapped == digits ? Verdict::kValid : Verdict::kWrongCheckDigit));
  }
}

TEST(CardSerialDeathTest, ABodyOfAnotherLengthIsABug) {
  EXPECT_DEATH(CardSerial::FromBody("123"), "19 digits");
  EXPECT_DEATH(CardSerial::FromBody("123456789012345678x"), "19 digits");
}

}  // namespace
}  // namespace mynumber::identifiers
