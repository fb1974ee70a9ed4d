#include "libs/identifiers/application_id.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>

#include "libs/identifiers/decimal_digits.h"

namespace mynumber::identifiers {
namespace {

using Verdict = ApplicationIdVerdict;

const char kBody[] = "1234567890123456789012";

std::string AnyBody() {
  std::string body(22, '0');
  WriteDecimal(*rc::gen::inRange<uint64_t>(0, 100'000'000'000), 11, body.data());
  WriteDecimal(*rc::gen::inRange<uint64_t>(0, 100'000'000'000), 11, body.data() + 11);
  return body;
}

TEST(ApplicationIdTest, IsReadAsPrintedOrWithoutSpaces) {
  const ApplicationId id = ApplicationId::FromBody(kBody);
  EXPECT_EQ(id.Body(), kBody);
  EXPECT_EQ(id.Format(), "1234 5678 9012 3456 7890 12" + std::string(id.digits().substr(22)));
  EXPECT_EQ(*ApplicationId::Parse(id.digits()), id);
  EXPECT_EQ(*ApplicationId::Parse(id.Format()), id);
  EXPECT_EQ(id.Masked(), std::string(20, '*') + std::string(id.digits().substr(20)));
}

TEST(ApplicationIdTest, FormIsJudgedBeforeTheCheckDigit) {
  const std::string digits(ApplicationId::FromBody(kBody).digits());
  EXPECT_EQ(ApplicationId::Judge(""), Verdict::kWrongLength);
  EXPECT_EQ(ApplicationId::Judge(digits.substr(1)), Verdict::kWrongLength);
  EXPECT_EQ(ApplicationId::Judge(digits + "0"), Verdict::kWrongLength);
  EXPECT_EQ(ApplicationId::Judge("x" + digits.substr(1)), Verdict::kNotDigits);
  EXPECT_EQ(ApplicationId::Judge("1234-5678-9012-3456-7890-123"), Verdict::kNotDigits);
  EXPECT_EQ(ApplicationId::Judge("12345 678 9012 3456 7890 123"), Verdict::kNotDigits);
  EXPECT_EQ(ApplicationId::Judge("１２３４５６７1８"), Verdict::kWrongLength);
}

TEST(ApplicationIdTest, ErrorsShowNoDigitOfTheId) {
  for (std::string_view text : {"12345678901234567890123", "1234567890123456789012x", "123456789"}) {
    const auto status = ApplicationId::Parse(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(status.message()).find("123"), std::string::npos);
  }
}

RC_GTEST_PROP(ApplicationIdProperty, EverySingleWrongDigitIsFound, ()) {
  const std::string digits(ApplicationId::FromBody(AnyBody()).digits());
  RC_ASSERT(ApplicationId::Judge(digits) == Verdict::kValid);
  for (size_t i = 0; i < digits.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string changed = digits;
      changed[i] = digit;
      RC_ASSERT(ApplicationId::Judge(changed) == (changed == digits ? Verdict::kValid : Verdict::kWrongCheckDigit));
    }
  }
}

RC_GTEST_PROP(ApplicationIdProperty, EverySwapOfNeighboursIsFound, ()) {
  const std::string digits(ApplicationId::FromBody(AnyBody()).digits());
  for (size_t i = 0; i + 1 < digits.size(); ++i) {
    std::string swapped = digits;
    std::swap(swapped[i], swapped[i + 1]);
    RC_ASSERT(ApplicationId::Judge(swapped) == (swapped == digits ? Verdict::kValid : Verdict::kWrongCheckDigit));
  }
}

TEST(ApplicationIdDeathTest, ABodyOfAnotherLengthIsABug) {
  EXPECT_DEATH(ApplicationId::FromBody("123"), "22 digits");
  EXPECT_DEATH(ApplicationId::FromBody("123456789012345678901x"), "22 digits");
}

}  // namespace
}  // namespace mynumber::identifiers
