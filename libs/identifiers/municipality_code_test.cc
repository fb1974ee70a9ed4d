#include "libs/identifiers/municipality_code.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mynumber::identifiers {
namespace {

TEST(MunicipalityCodeTest, CheckDigitOfPublishedCodes) {
  // docs/domain.md A.4; 012131 has remainder 0, 012050 remainder 1.
  for (std::string_view code :
       {"010006", "011002", "131016", "131041", "131130", "141003", "271004", "012131", "012050"}) {
    EXPECT_EQ(MunicipalityCheckDigit(code.substr(0, 5)), code[5] - '0') << code;
  }
}

TEST(MunicipalityCodeTest, EveryRowHasItsCheckDigitAndIsFound) {
  const auto all = AllMunicipalities();
  ASSERT_EQ(all.size(), 1741u);
  std::set<std::string_view> prefectures;
  std::string_view previous = "";
  for (const Municipality& row : all) {
    ASSERT_EQ(row.code.size(), 6u);
    EXPECT_LT(previous, row.code);
    EXPECT_EQ(MunicipalityCheckDigit(row.code.substr(0, 5)), row.code[5] - '0') << row.code;
    EXPECT_EQ(FindMunicipality(row.code), &row);
    EXPECT_EQ(JudgeMunicipalityCode(row.code), MunicipalityCodeVerdict::kKnown);
    EXPECT_FALSE(row.name.empty());
    prefectures.insert(row.prefecture);
    previous = row.code;
  }
  EXPECT_EQ(prefectures.size(), 47u);
}

TEST(MunicipalityCodeTest, NamesAreInKanji) {
  const Municipality* chiyoda = FindMunicipality("131016");
  ASSERT_NE(chiyoda, nullptr);
  EXPECT_EQ(chiyoda->prefecture, "東京都");
  EXPECT_EQ(chiyoda->name, "千代田区");
  ASSERT_NE(FindMunicipality("011002"), nullptr);
  EXPECT_EQ(FindMunicipality("011002")->name, "札幌市");
  ASSERT_NE(FindMunicipality("473821"), nullptr);
  EXPECT_EQ(FindMunicipality("473821")->name, "与那国町");
}

TEST(MunicipalityCodeTest, EachFaultHasItsVerdict) {
  EXPECT_EQ(JudgeMunicipalityCode("13101"), MunicipalityCodeVerdict::kWrongLength);
  EXPECT_EQ(JudgeMunicipalityCode("1310160"), MunicipalityCodeVerdict::kWrongLength);
  EXPECT_EQ(JudgeMunicipalityCode("13101x"), MunicipalityCodeVerdict::kNotDigits);
  EXPECT_EQ(JudgeMunicipalityCode("131017"), MunicipalityCodeVerdict::kWrongCheckDigit);
  // A prefecture, a ward of Sapporo, and nothing at all: all right by arithmetic.
  EXPECT_EQ(JudgeMunicipalityCode("130001"), MunicipalityCodeVerdict::kUnknown);
  EXPECT_EQ(JudgeMunicipalityCode("011011"), MunicipalityCodeVerdict::kUnknown);
  EXPECT_EQ(JudgeMunicipalityCode("999997"), MunicipalityCodeVerdict::kUnknown);
  for (std::string_view code : {"13101", "13101x", "131017", "130001", ""}) {
    EXPECT_EQ(FindMunicipality(code), nullptr);
    EXPECT_EQ(ToStatus(JudgeMunicipalityCode(code)).code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace mynumber::identifiers
