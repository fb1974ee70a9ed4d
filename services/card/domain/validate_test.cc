#include "services/card/domain/validate.h"

#include "gtest/gtest.h"
#include "libs/testing/matchers.h"
#include "services/card/domain/made_up.h"

namespace mynumber::card {
namespace {

using testing::FieldOf;
using testing::ReasonOf;

TEST(NamesTest, LeadThereAndBack) {
  const NumberedName name{made_up::Resident('a'), 3};
  const auto card = ValidateCardName(FormatCardName(name));
  ASSERT_TRUE(card.ok());
  EXPECT_EQ(card->resident, name.resident);
  EXPECT_EQ(card->number, 3u);
  EXPECT_TRUE(ValidateApplicationName(FormatApplicationName(name)).ok());
  EXPECT_TRUE(ValidateResidentName(FormatResidentName(name.resident), "resident").ok());
}

TEST(NamesTest, NothingElseIsOne) {
  const std::string resident = FormatResidentName(made_up::Resident('a'));
  for (const std::string& name : {std::string(), resident, resident + "/cards/", resident + "/cards/0",
                                  resident + "/cards/01", resident + "/cards/-", resident + "/cards/4294967296",
                                  resident + "/applications/1", std::string("residents/12/cards/1")}) {
    EXPECT_EQ(ReasonOf(ValidateCardName(name).status()), "CARD_NAME_MALFORMED") << name;
  }
  EXPECT_EQ(FieldOf(ValidateApplicationName("x", "application").status()), "application");
}

TEST(ContentsTest, EachHasItsReasonAndField) {
  EXPECT_EQ(ReasonOf(ValidateApplicationId("1234").status()), "APPLICATION_ID_WRONG_LENGTH");
  EXPECT_EQ(ReasonOf(ValidateApplicationId("1234567890123456789012x").status()), "APPLICATION_ID_NOT_DIGITS");
  EXPECT_EQ(ReasonOf(ValidateCardSerial("1", "serial").status()), "CARD_SERIAL_WRONG_LENGTH");
  EXPECT_EQ(ReasonOf(ValidateDate(type::Date(), "day")), "DATE_MISSING");
  EXPECT_EQ(ReasonOf(ValidateDate(made_up::Date(2026, 2, 28), "day")), "");
  type::Date impossible = made_up::Date(2026, 2, 28);
  impossible.set_day(30);
  EXPECT_EQ(ReasonOf(ValidateDate(impossible, "day")), "DATE_IMPOSSIBLE");
  EXPECT_EQ(FieldOf(ValidateText("a\x01", "record", 10)), "record");
  EXPECT_EQ(ReasonOf(ValidateMunicipality("131017")), "MUNICIPALITY_MALFORMED");
  EXPECT_EQ(ReasonOf(ValidateCodeWord("abc")), "CODE_WORD_LENGTH");
  EXPECT_TRUE(ValidateCodeWord("さくらもち").ok());
}

TEST(ContentsTest, SettingsStayInBounds) {
  events::v1::MunicipalitySettings settings;
  EXPECT_TRUE(ValidateSettings(settings).ok());
  settings.set_keep_months(37);
  EXPECT_EQ(FieldOf(ValidateSettings(settings)), "settings.keep_months");
  settings.set_keep_months(36);
  settings.add_store_services(events::v1::STORE_SERVICE_TAX_CERTIFICATE);
  EXPECT_TRUE(ValidateSettings(settings).ok());
  settings.add_store_services(events::v1::STORE_SERVICE_TAX_CERTIFICATE);
  EXPECT_EQ(ReasonOf(ValidateSettings(settings)), "STORE_SERVICE_UNKNOWN");
}

TEST(ContentsTest, AGroundOfExpressIssueIsKnownOrNotThere) {
  EXPECT_TRUE(ValidateExpressGround(events::v1::EXPRESS_GROUND_UNSPECIFIED).ok());
  const absl::Status unknown = ValidateExpressGround(static_cast<events::v1::ExpressGround>(99));
  EXPECT_EQ(ReasonOf(unknown), "GROUND_MISSING");
  EXPECT_EQ(FieldOf(unknown), "express_ground") << "`ground` is another field";
}

TEST(ContentsTest, ListsHoldOnlyWhatIsKnown) {
  google::protobuf::RepeatedField<int> values;
  EXPECT_EQ(ReasonOf(ValidateDocuments(values)), "DOCUMENTS_MISSING");
  EXPECT_TRUE(ValidateDefects(values).ok());
  values.Add(99);
  EXPECT_EQ(ReasonOf(ValidateDocuments(values)), "DOCUMENTS_MISSING");
  EXPECT_EQ(ReasonOf(ValidatePins(values)), "PIN_MISSING");
  EXPECT_EQ(FieldOf(ValidatePins(values)), "pins_set") << "as IssueCardRequest has it";
  EXPECT_EQ(ReasonOf(ValidateDefects(values)), "DEFECT_UNKNOWN");
}

}  // namespace
}  // namespace mynumber::card
