#include "services/hotline/domain/validate.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/calendar/date.h"
#include "libs/testing/matchers.h"
#include "mynumber/hotline/v1/error_reason.pb.h"
#include "services/hotline/domain/made_up.h"

namespace mynumber::hotline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using mynumber::testing::HasReason;
using mynumber::testing::NamesField;

v1::Search ByName(const std::string& name) {
  v1::Search search;
  search.set_name(name);
  *search.mutable_birth_date() = calendar::ToDate(calendar::Day(1987, 3, 1));
  return search;
}

v1::Claim Claim() {
  v1::Claim claim;
  claim.set_resident(made_up::Resident());
  *claim.mutable_birth_date() = calendar::ToDate(calendar::Day(1987, 3, 1));
  claim.set_address("東京都千代田区架空町1-2");
  return claim;
}

TEST(NameTest, AreThoseThatTheServicesGive) {
  EXPECT_EQ(ValidateCaseName(FormatCaseName(made_up::CaseId()))->bytes, made_up::CaseId().bytes);
  EXPECT_THAT(ValidateCaseName("cases/1").status(), HasReason(v1::CASE_NAME_MALFORMED));
  EXPECT_EQ(ValidateCardName(made_up::Card()), absl::OkStatus());
  for (const auto* wrong : {"", "x", "/cards/1"}) {
    EXPECT_THAT(ValidateCardName(wrong), HasReason(v1::CARD_NAME_MALFORMED)) << wrong;
  }
  for (const auto* wrong : {"/cards/0", "/cards/01", "/cards/", "/cards/x", "/cards/-1", ""}) {
    EXPECT_THAT(ValidateCardName(made_up::Resident() + wrong), HasReason(v1::CARD_NAME_MALFORMED)) << wrong;
  }
}

TEST(TimeTest, NeedsAZone) {
  EXPECT_EQ(*ValidateTime("1970-01-01T09:00:01+09:00"), 1'000'000);
  EXPECT_EQ(*ValidateTime("1970-01-01T00:00:01Z"), 1'000'000);
  EXPECT_EQ(*ValidateTime("1970-01-01T00:00:01.25z"), 1'250'000);
  EXPECT_EQ(*ValidateTime("1970-01-01T09:00+09:00"), 0);
  EXPECT_EQ(*ValidateTime("1970-01-02T00:00:00-05:30"), int64_t{29 * 60 + 30} * 60'000'000);
  for (const auto* text : {"2026-11-14T23:40:00", "2026-11-14T23:40"}) {
    EXPECT_THAT(ValidateTime(text).status(), AllOf(HasReason(v1::TIME_WITHOUT_ZONE), NamesField("time"))) << text;
  }
  for (const auto* text : {"now", "23:40", "2026-11-14", "2026-13-14T23:40:00+09:00",
                           "2026-02-29T23:40:00+09:00",
                           "2026-11-14T24:00:00+09:00", "2026-11-14T23:40:00+0900", "2026-11-14T23:40:00.Z",
                           "infinite-future",
                           "2026-11-14T23:40:00+09:00x"}) {
    EXPECT_THAT(ValidateTime(text).status(), HasReason(v1::TIME_MALFORMED)) << text;
  }
  for (const auto* text : {"1969-12-31T23:59:59Z", "2100-01-01T00:00:00+09:00", "0001-01-01T00:00:00Z"}) {
    EXPECT_THAT(ValidateTime(text).status(), HasReason(v1::TIME_OUT_OF_RANGE)) << text;
  }
}

TEST(LanguageTest, AnUnknownOneIsRefusedWithTheList) {
  EXPECT_EQ(*ValidateLanguage("pt-BR"), "pt");
  const absl::Status refused = ValidateLanguage("de").status();
  EXPECT_THAT(refused, AllOf(HasReason(v1::LANGUAGE_UNKNOWN), NamesField("language")));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("ja, en, zh, ko, es, pt, th, ne, id, vi, tl"));
}

TEST(SearchTest, IsByOneThing) {
  v1::Search search;
  EXPECT_THAT(ValidateSearch(search).status(), HasReason(v1::SEARCH_MISSING));
  search.set_card_serial("12345678901234567890");
  EXPECT_EQ(*ValidateSearch(search), events::v1::SEARCH_KIND_CARD_SERIAL);
  search.set_name("ミホン ハナコ");
  EXPECT_THAT(ValidateSearch(search).status(), HasReason(v1::SEARCH_AMBIGUOUS));
  EXPECT_EQ(*ValidateSearch(ByName("ミホン ハナコ")), events::v1::SEARCH_KIND_NAME_AND_BIRTH_DATE);
  search = ByName("Hanako Mihon");
  search.mutable_birth_date()->set_day(32);
  EXPECT_THAT(ValidateSearch(search).status(), HasReason(v1::BIRTH_DATE_IMPOSSIBLE));
  search.clear_birth_date();
  EXPECT_THAT(ValidateSearch(search).status(),
              AllOf(HasReason(v1::BIRTH_DATE_MISSING), NamesField("search.birth_date")));
}

// 1234 5678 9018 in full-width digits.
constexpr char kFullWidth[] = "\uFF11\uFF12\uFF13\uFF14\uFF15\uFF16\uFF17\uFF18\uFF19\uFF10\uFF11\uFF18";

TEST(IndividualNumberTest, IsNeverTakenHoweverItIsTyped) {
  for (const auto* number : {"123456789018", "1234 5678 9018", "1234-5678-9018", kFullWidth,
                             "1234ー5678ー9018", "123456789012"}) {
    v1::Search search;
    search.set_card_serial(number);
    EXPECT_THAT(ValidateSearch(search).status(),
                AllOf(HasReason(v1::LOOKS_LIKE_INDIVIDUAL_NUMBER), NamesField("search.card_serial")))
        << number;
    EXPECT_THAT(ValidateSearch(ByName(number)).status(), HasReason(v1::LOOKS_LIKE_INDIVIDUAL_NUMBER)) << number;
    v1::Claim claim = Claim();
    claim.set_code_word(number);
    EXPECT_THAT(ValidateClaim(claim), AllOf(HasReason(v1::LOOKS_LIKE_INDIVIDUAL_NUMBER), NamesField("claim.code_word")))
        << number;
  }
  EXPECT_THAT(ValidateText("番号は 1234 5678 9018 です", "text", 100), HasReason(v1::LOOKS_LIKE_INDIVIDUAL_NUMBER));
  EXPECT_EQ(ValidateText("電話 090-1234-5678、受付 123456789012", "text", 100), absl::OkStatus());
}

TEST(ClaimTest, NeedsBirthDateAndAddress) {
  EXPECT_EQ(ValidateClaim(Claim()), absl::OkStatus());
  v1::Claim claim = Claim();
  claim.clear_address();
  EXPECT_THAT(ValidateClaim(claim), HasReason(v1::ADDRESS_MISSING));
  claim = Claim();
  claim.clear_birth_date();
  EXPECT_THAT(ValidateClaim(claim), AllOf(HasReason(v1::BIRTH_DATE_MISSING), NamesField("claim.birth_date")));
  claim.set_resident("residents/x");
  EXPECT_THAT(ValidateClaim(claim), HasReason(v1::RESIDENT_NAME_MALFORMED));
}

TEST(TextTest, IsUtf8AndBounded) {
  EXPECT_THAT(ValidateText("\xff", "text", 10), HasReason(v1::TEXT_NOT_UTF8));
  EXPECT_THAT(ValidateText(std::string(11, 'x'), "text", 10), HasReason(v1::TEXT_TOO_LONG));
  EXPECT_EQ(ValidateText("", "text", 10), absl::OkStatus());
}

TEST(ReasonTest, IsOneOfTheHotlines) {
  EXPECT_EQ(ValidateReason(card::events::v1::SUSPENSION_REASON_STOLEN), absl::OkStatus());
  EXPECT_THAT(ValidateReason(card::events::v1::SUSPENSION_REASON_UNSPECIFIED),
              HasReason(v1::SUSPENSION_REASON_MISSING));
  EXPECT_THAT(ValidateReason(card::events::v1::SUSPENSION_REASON_HELD_EX_OFFICIO),
              HasReason(v1::SUSPENSION_REASON_MISSING));
  EXPECT_THAT(ValidateCallerKind(events::v1::CALLER_KIND_UNSPECIFIED), HasReason(v1::CALLER_KIND_MISSING));
}

}  // namespace
}  // namespace mynumber::hotline
