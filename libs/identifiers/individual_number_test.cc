#include "libs/identifiers/individual_number.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mynumber::identifiers {
namespace {

// docs/domain.md A.2: published numbers, among them one for each check digit 0 to 9.
constexpr std::string_view kValid[] = {
    "621498320257", "465281266333", "191187943353", "116428722815", "873321641958", "263348291158",
    "491131223718", "185672239885", "176521275740", "654629853731", "614106526000", "510136263801",
    "060122228102", "362473502703", "467430101604", "763727588705", "734220726006", "450817747707",
    "207304711608", "407508284309", "372967742338", "292175895982"};

// The leaflet's own sample stands here, not above (docs/domain.md T1, T2).
constexpr std::string_view kWrongCheckDigit[] = {"123456789012", "621498320258", "185672239886",
                                                 "176521275741", "654629853732", "987654321098",
                                                 "112233445566", "111111111116", "222222222223"};

TEST(IndividualNumberTest, PublishedNumbersAreValidInBothDirections) {
  for (std::string_view text : kValid) {
    EXPECT_EQ(IndividualNumber::Judge(text), NumberVerdict::kValid);
    EXPECT_EQ(IndividualNumber::CheckDigit(text.substr(0, 11)), text[11] - '0');
    const auto number = IndividualNumber::Parse(text);
    ASSERT_TRUE(number.ok());
    EXPECT_EQ(number->digits(), text);
    EXPECT_EQ(IndividualNumber::FromBody(number->Body()), *number);
  }
}

TEST(IndividualNumberTest, PublishedNumbersShowEveryCheckDigit) {
  std::set<char> seen;
  for (std::string_view text : kValid) seen.insert(text[11]);
  EXPECT_EQ(seen.size(), 10u);
}

TEST(IndividualNumberTest, EveryOtherLastDigitIsRefused) {
  for (std::string_view text : kValid) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string changed(text);
      changed[11] = digit;
      EXPECT_EQ(IndividualNumber::Judge(changed),
                digit == text[11] ? NumberVerdict::kValid : NumberVerdict::kWrongCheckDigit);
    }
  }
}

TEST(IndividualNumberTest, TheLeafletsSampleIsNoNumber) {
  for (std::string_view text : kWrongCheckDigit) {
    EXPECT_EQ(IndividualNumber::Judge(text), NumberVerdict::kWrongCheckDigit);
    EXPECT_EQ(IndividualNumber::Parse(text).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(IndividualNumberTest, FormIsJudgedBeforeTheCheckDigit) {
  EXPECT_EQ(IndividualNumber::Judge(""), NumberVerdict::kWrongLength);
  EXPECT_EQ(IndividualNumber::Judge("62149832025"), NumberVerdict::kWrongLength);
  EXPECT_EQ(IndividualNumber::Judge("6214983202571"), NumberVerdict::kWrongLength);
  EXPECT_EQ(IndividualNumber::Judge("6214 9832 0257"), NumberVerdict::kWrongLength);
  // A corporate number has thirteen digits (docs/domain.md A.3).
  EXPECT_EQ(IndividualNumber::Judge("5835678256246"), NumberVerdict::kWrongLength);
  EXPECT_EQ(IndividualNumber::Judge("62149832025X"), NumberVerdict::kNotDigits);
  EXPECT_EQ(IndividualNumber::Judge("-21498320257"), NumberVerdict::kNotDigits);
  // Four full-width digits take twelve bytes.
  EXPECT_EQ(IndividualNumber::Judge("６２１４"), NumberVerdict::kNotDigits);
}

TEST(IndividualNumberTest, ReservedNumbersPassTheArithmeticAndAreRefused) {
  for (std::string_view text : {"000000000000", "123456789018"}) {
    EXPECT_EQ(IndividualNumber::CheckDigit(text.substr(0, 11)), text[11] - '0');
    EXPECT_EQ(IndividualNumber::Judge(text), NumberVerdict::kReserved);
    EXPECT_FALSE(IndividualNumber::Parse(text).ok());
  }
  EXPECT_TRUE(IsReserved(IndividualNumber::FromBody(0)));
  EXPECT_TRUE(IsReserved(IndividualNumber::FromBody(12345678901)));
  EXPECT_FALSE(IsReserved(IndividualNumber::FromBody(12345678902)));
}

TEST(IndividualNumberTest, ErrorsShowNoDigitOfTheNumber) {
  for (std::string_view text : {"123456789012", "62149832025X", "62149832025", "123456789018"}) {
    const std::string message(IndividualNumber::Parse(text).status().message());
    EXPECT_FALSE(message.empty());
    EXPECT_EQ(message.find(text.substr(0, 3)), std::string::npos);
  }
}

TEST(IndividualNumberTest, MaskedShowsTheLastFourOnly) {
  const auto number = IndividualNumber::Parse("060122228102");
  ASSERT_TRUE(number.ok());
  EXPECT_EQ(number->Masked(), "********8102");
  EXPECT_EQ(number->Format(), "0601 2222 8102");
  EXPECT_EQ(number->Body(), 6012222810u);
}

TEST(IndividualNumberDeathTest, ABodyOfTwelveDigitsIsABug) {
  EXPECT_DEATH(IndividualNumber::FromBody(IndividualNumber::kBodies), "eleven digits");
}

}  // namespace
}  // namespace mynumber::identifiers
