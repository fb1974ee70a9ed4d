#include "services/issuance/domain/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/status.pb.h"
#include "libs/identifiers/municipality_code.h"
#include "libs/rpc/problem.h"
#include "libs/testing/matchers.h"
#include "mynumber/issuance/v1/error_reason.pb.h"
#include "services/issuance/domain/made_up.h"
#include "services/issuance/domain/refusals.h"

namespace mynumber::issuance {
namespace {

using events::v1::ResidentDetails;
using identifiers::CheckDigitRule;
using made_up::Day;
using made_up::Hanako;
using made_up::Jiro;

type::Date Today() { return Day(2026, 11, 24); }

auto Refuses(v1::ErrorReason reason, std::string_view field) {
  return ::testing::AllOf(mynumber::testing::HasReason(reason), mynumber::testing::NamesField(field));
}

std::string Repeat(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all.append(text);
  return all;
}

// ---- Codes, names of resources, numbers

TEST(ValidateRecordCodeTest, IsElevenDigits) {
  EXPECT_TRUE(ValidateRecordCode("50000000007", CheckDigitRule::kIgnore, "code").ok());
  EXPECT_THAT(ValidateRecordCode("5000000000", CheckDigitRule::kIgnore, "code"),
              Refuses(v1::RECORD_CODE_WRONG_LENGTH, "code"));
  EXPECT_THAT(ValidateRecordCode("", CheckDigitRule::kIgnore, "code"), Refuses(v1::RECORD_CODE_WRONG_LENGTH, "code"));
  EXPECT_THAT(ValidateRecordCode("5000000000x", CheckDigitRule::kIgnore, "code"),
              Refuses(v1::RECORD_CODE_NOT_DIGITS, "code"));
}

TEST(ValidateRecordCodeTest, TheCheckDigitCountsWhereTheSettingSaysSo) {
  const std::string right = "5000000000" + std::to_string(identifiers::ResidentRecordCode::CheckDigit("5000000000"));
  const std::string wrong = right == "50000000001" ? "50000000002" : "50000000001";
  EXPECT_TRUE(ValidateRecordCode(right, CheckDigitRule::kRefuse, "code").ok());
  EXPECT_TRUE(ValidateRecordCode(wrong, CheckDigitRule::kIgnore, "code").ok());
  EXPECT_THAT(ValidateRecordCode(wrong, CheckDigitRule::kRefuse, "code"),
              Refuses(v1::RECORD_CODE_WRONG_CHECK_DIGIT, "code"));
}

TEST(ValidateMunicipalityTest, IsAKnownCodeWithItsCheckDigit) {
  EXPECT_TRUE(ValidateMunicipality("131016", "code").ok());
  EXPECT_THAT(ValidateMunicipality("13101", "code"), Refuses(v1::MUNICIPALITY_CODE_MALFORMED, "code"));
  EXPECT_THAT(ValidateMunicipality("13101x", "code"), Refuses(v1::MUNICIPALITY_CODE_MALFORMED, "code"));
  EXPECT_THAT(ValidateMunicipality("131017", "code"), Refuses(v1::MUNICIPALITY_CODE_WRONG_CHECK_DIGIT, "code"));
  // Tokyo is a prefecture, and a ward of Yokohama has no register of its own.
  for (const char* five_digits : {"13000", "14101"}) {
    const std::string code = five_digits + std::to_string(identifiers::MunicipalityCheckDigit(five_digits));
    EXPECT_THAT(ValidateMunicipality(code, "code"), Refuses(v1::MUNICIPALITY_UNKNOWN, "code")) << code;
  }
}

TEST(ValidateResidentNameTest, IsOneThatWeGave) {
  const auto id = ValidateResidentName(made_up::NameOf(made_up::kCode), "name");
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(eventsourcing::SubjectId{*id}, made_up::IdOf(made_up::kCode));
  EXPECT_THAT(ValidateResidentName("residents/1", "name").status(), Refuses(v1::RESIDENT_NAME_MALFORMED, "name"));
  EXPECT_THAT(ValidateResidentName("", "name").status(), Refuses(v1::RESIDENT_NAME_MALFORMED, "name"));
}

TEST(ValidateNumberTest, IsTwelveDigitsWithTheirCheckDigit) {
  EXPECT_TRUE(ValidateNumber("621498320257", "number").ok());
  EXPECT_THAT(ValidateNumber("62149832025", "number"), Refuses(v1::NUMBER_WRONG_LENGTH, "number"));
  EXPECT_THAT(ValidateNumber("62149832025X", "number"), Refuses(v1::NUMBER_NOT_DIGITS, "number"));
  // The leaflet's sample.
  EXPECT_THAT(ValidateNumber("123456789012", "number"), Refuses(v1::NUMBER_WRONG_CHECK_DIGIT, "number"));
  // Its valid neighbour is right by arithmetic, and given to nobody.
  EXPECT_THAT(ValidateNumber("123456789018", "number"), Refuses(v1::NUMBER_NOT_ISSUED, ""));
  EXPECT_THAT(ValidateNumber("000000000000", "number"), Refuses(v1::NUMBER_NOT_ISSUED, ""));
}

// ---- Days

TEST(ValidatePastDayTest, IsADayThatHasCome) {
  EXPECT_TRUE(ValidatePastDay(Today(), Today(), "day").ok());
  EXPECT_TRUE(ValidatePastDay(Day(2024, 2, 29), Today(), "day").ok());
  EXPECT_THAT(ValidatePastDay(Day(2026, 11, 25), Today(), "day"), Refuses(v1::DATE_IN_THE_FUTURE, "day"));
  EXPECT_THAT(ValidatePastDay({}, Today(), "day"), Refuses(v1::DATE_MISSING, "day"));
}

TEST(ValidatePastDayTest, ADayThatDoesNotExistIsRefused) {
  constexpr int kHuge = 2'147'483'647;
  for (const type::Date& day :
       {Day(2023, 2, 29), Day(1900, 2, 29), Day(2026, 4, 31), Day(2026, 13, 1), Day(2026, 0, 1), Day(2026, 1, 0),
        Day(2026, 1, 32), Day(0, 1, 1), Day(-1, 1, 1), Day(10000, 1, 1), Day(2026, -1, 1), Day(2026, 1, -1),
        Day(kHuge, 1, 1), Day(-kHuge - 1, -kHuge - 1, -kHuge - 1), Day(2026, kHuge, kHuge), Day(1, -100, 0)}) {
    EXPECT_THAT(ValidatePastDay(day, Today(), "day"), Refuses(v1::DATE_IMPOSSIBLE, "day")) << day.DebugString();
  }
}

// ---- Details

template <class Change>
absl::Status With(const Change& change, ResidentDetails details = Hanako()) {
  change(&details);
  return ValidateDetails(details, Today());
}

TEST(ValidateDetailsTest, RealPeoplePass) {
  EXPECT_TRUE(ValidateDetails(Hanako(), Today()).ok());
  EXPECT_TRUE(ValidateDetails(Jiro(), Today()).ok());
  EXPECT_TRUE(With([](ResidentDetails* d) { *d->mutable_birth_date() = Today(); }).ok()) << "born today";
  EXPECT_TRUE(With([](ResidentDetails* d) { d->set_full_name("𠮷野 葛󠄀子"); }).ok());
  EXPECT_TRUE(With([](ResidentDetails* d) { d->set_full_name(Repeat("𠮷", 200)); }).ok());
  EXPECT_TRUE(With([](ResidentDetails* d) { d->clear_name_kana(); }).ok());
}

TEST(ValidateDetailsTest, EveryNameIsChecked) {
  const auto set = [](const char* field, const std::string& text) {
    ResidentDetails details = Hanako();
    details.GetReflection()->SetString(&details, ResidentDetails::descriptor()->FindFieldByName(field), text);
    return ValidateDetails(details, Today());
  };
  for (const char* field : {"full_name", "alias", "name_kana"}) {
    const std::string path = std::string("details.") + field;
    EXPECT_THAT(set(field, Repeat("見", 201)), Refuses(v1::NAME_TOO_LONG, path));
    EXPECT_THAT(set(field, "見\n本"), Refuses(v1::TEXT_HAS_CONTROL_CHARACTERS, path));
    EXPECT_THAT(set(field, "\x8c\xa9\x96\x7b"), Refuses(v1::TEXT_NOT_UTF8, path));
    EXPECT_THAT(set(field, "見\uFFFD"), Refuses(v1::TEXT_NOT_UTF8, path)) << "was damaged on its way";
    EXPECT_THAT(set(field, " 　・"), Refuses(v1::NAME_EMPTY, path));
  }
  EXPECT_THAT(set("full_name", ""), Refuses(v1::NAME_EMPTY, "details.full_name"));
}

TEST(ValidateDetailsTest, TheBirthDateIsADayThatHasCome) {
  const auto born = [](const type::Date& day) {
    return With([&](ResidentDetails* d) { *d->mutable_birth_date() = day; });
  };
  EXPECT_THAT(With([](ResidentDetails* d) { d->clear_birth_date(); }),
              Refuses(v1::BIRTH_DATE_MISSING, "details.birth_date"));
  EXPECT_THAT(born({}), Refuses(v1::BIRTH_DATE_MISSING, "details.birth_date"));
  EXPECT_THAT(born(Day(2026, 11, 25)), Refuses(v1::DATE_IN_THE_FUTURE, "details.birth_date"));
  EXPECT_THAT(born(Day(1987, 2, 30)), Refuses(v1::DATE_IMPOSSIBLE, "details.birth_date"));
  EXPECT_THAT(born(Day(429496730, -1, -1)), Refuses(v1::DATE_IMPOSSIBLE, "details.birth_date"));
}

TEST(ValidateDetailsTest, AddressPostalCodeAndMunicipalityAreChecked) {
  EXPECT_THAT(With([](ResidentDetails* d) { d->clear_address(); }), Refuses(v1::ADDRESS_EMPTY, "details.address"));
  EXPECT_THAT(With([](ResidentDetails* d) { d->set_address(Repeat("町", 301)); }),
              Refuses(v1::ADDRESS_TOO_LONG, "details.address"));
  EXPECT_TRUE(With([](ResidentDetails* d) { d->set_address(Repeat("町", 300)); }).ok());
  EXPECT_THAT(With([](ResidentDetails* d) { d->set_address("\t"); }),
              Refuses(v1::TEXT_HAS_CONTROL_CHARACTERS, "details.address"));
  for (const char* code : {"", "100-0001", "100000", "10000011", "１００００００"}) {
    EXPECT_THAT(With([&](ResidentDetails* d) { d->set_postal_code(code); }),
                Refuses(v1::POSTAL_CODE_MALFORMED, "details.postal_code")) << code;
  }
  EXPECT_THAT(With([](ResidentDetails* d) { d->clear_municipality_code(); }),
              Refuses(v1::MUNICIPALITY_CODE_MALFORMED, "details.municipality_code"));
}

TEST(ValidateAddressTest, NamesTheFieldAsTheCallHasIt) {
  EXPECT_TRUE(ValidateAddress("架空町1番", "1000001", "").ok());
  EXPECT_THAT(ValidateAddress("", "1000001", ""), Refuses(v1::ADDRESS_EMPTY, "address"));
  EXPECT_THAT(ValidateAddress("架空町1番", "1", ""), Refuses(v1::POSTAL_CODE_MALFORMED, "postal_code"));
}

TEST(ValidateDetailsTest, APeriodOfStayGoesWithTheResidenceStatus) {
  constexpr char kPeriod[] = "details.period_of_stay_end";
  for (int i = 0; i < events::v1::ResidenceStatus_descriptor()->value_count(); ++i) {
    const auto status =
        static_cast<events::v1::ResidenceStatus>(events::v1::ResidenceStatus_descriptor()->value(i)->number());
    const auto staying = [&](bool until) {
      return With([&](ResidentDetails* d) {
        d->set_residence_status(status);
        if (until) *d->mutable_period_of_stay_end() = Today();
      });
    };
    if (status < events::v1::RESIDENCE_STATUS_MID_TO_LONG_TERM) {
      EXPECT_TRUE(staying(false).ok());
      EXPECT_THAT(staying(true), Refuses(v1::PERIOD_OF_STAY_NOT_ALLOWED, kPeriod));
    } else {
      EXPECT_TRUE(staying(true).ok()) << "its last day is today";
      EXPECT_THAT(staying(false), Refuses(v1::PERIOD_OF_STAY_MISSING, kPeriod));
    }
  }
  EXPECT_THAT(With([](ResidentDetails* d) { *d->mutable_period_of_stay_end() = Day(2026, 11, 23); }, Jiro()),
              Refuses(v1::PERIOD_OF_STAY_OVER, kPeriod));
  EXPECT_THAT(With([](ResidentDetails* d) { *d->mutable_period_of_stay_end() = Day(2027, 2, 29); }, Jiro()),
              Refuses(v1::DATE_IMPOSSIBLE, kPeriod));
  EXPECT_THAT(With([](ResidentDetails* d) { d->set_residence_status(static_cast<events::v1::ResidenceStatus>(99)); }),
              Refuses(v1::RESIDENCE_STATUS_UNKNOWN, "details.residence_status"));
}

// ---- Texts and purposes

TEST(ValidateTextTest, IsOneToFiveHundredCharacters) {
  const absl::Status missing = refusals::EvidenceMissing("evidence");
  const auto text = [&](std::string_view value) { return ValidateText(value, "evidence", missing); };
  EXPECT_TRUE(text("report 12").ok());
  EXPECT_TRUE(text(Repeat("証", 500)).ok());
  EXPECT_THAT(text(Repeat("証", 501)), Refuses(v1::TEXT_TOO_LONG, "evidence"));
  EXPECT_THAT(text(""), Refuses(v1::EVIDENCE_MISSING, "evidence"));
  EXPECT_THAT(text("  "), Refuses(v1::EVIDENCE_MISSING, "evidence"));
  EXPECT_THAT(text("a\nb"), Refuses(v1::TEXT_HAS_CONTROL_CHARACTERS, "evidence"));
  EXPECT_THAT(text("\xff"), Refuses(v1::TEXT_NOT_UTF8, "evidence"));
}

TEST(ValidatePurposeTest, IsOneOfTheNumberActAndHasAReference) {
  EXPECT_TRUE(ValidatePurpose(events::v1::PURPOSE_TAX, "file 34", false).ok());
  EXPECT_THAT(ValidatePurpose(events::v1::PURPOSE_UNSPECIFIED, "file 34", true),
              Refuses(v1::PURPOSE_MISSING, "purpose"));
  EXPECT_THAT(ValidatePurpose(static_cast<events::v1::Purpose>(99), "file 34", true),
              Refuses(v1::PURPOSE_MISSING, "purpose"));
  EXPECT_THAT(ValidatePurpose(events::v1::PURPOSE_TAX, "", true), Refuses(v1::REFERENCE_MISSING, "reference"));
}

TEST(ValidatePurposeTest, TheResidentsOwnRequestNeedsAConfirmedIdentity) {
  EXPECT_THAT(ValidatePurpose(events::v1::PURPOSE_RESIDENT_REQUEST, "counter 3", false),
              Refuses(v1::IDENTITY_NOT_CONFIRMED, ""));
  EXPECT_TRUE(ValidatePurpose(events::v1::PURPOSE_RESIDENT_REQUEST, "counter 3", true).ok());
}

// ---- Nothing that was entered comes back

TEST(ValidateTest, NoRefusalRepeatsWhatWasEntered) {
  const std::string entered = "見本太郎8765";
  const std::string digits = "987654321098";
  const auto with_name = [&](const std::string& name) {
    return With([&](ResidentDetails* d) { d->set_full_name(name); });
  };
  const std::vector<absl::Status> refusals = {
      with_name(entered + "\n"),
      with_name(entered + "\xff"),
      with_name(Repeat(entered, 30)),
      With([&](ResidentDetails* d) { d->set_address(entered + "\n"); }),
      With([&](ResidentDetails* d) { d->set_postal_code(entered); }),
      With([&](ResidentDetails* d) { d->set_municipality_code(entered); }),
      ValidateRecordCode(digits, CheckDigitRule::kRefuse, "code"),
      ValidateRecordCode(entered, CheckDigitRule::kRefuse, "code"),
      ValidateMunicipality(digits, "code"),
      ValidateNumber(digits, "number"),
      ValidateNumber(digits + "1", "number"),
      ValidateResidentName("residents/" + entered, "name").status(),
      ValidateText(entered + "\n", "evidence", refusals::EvidenceMissing("evidence")),
  };
  for (const absl::Status& refusal : refusals) {
    ASSERT_FALSE(refusal.ok());
    const std::string sent = rpc::ToRpc(refusal).SerializeAsString();
    EXPECT_EQ(sent.find(entered), std::string::npos) << refusal.message();
    EXPECT_EQ(sent.find(digits), std::string::npos) << refusal.message();
  }
}

}  // namespace
}  // namespace mynumber::issuance
