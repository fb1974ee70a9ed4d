#include "services/mynumberctl/resident_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::issuance::events::v1;

const identifiers::RequestId kNameSpace = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

ResidentRow SampleRow() {
  ResidentRow row;
  row[kRecordCode] = "12345678901";
  row[kFullName] = "見本 太郎";
  row[kNameKana] = "ミホン タロウ";
  row[kBirthDate] = "1980-01-02";
  row[kAddress] = "千代田区1-2";
  row[kPostalCode] = "1000001";
  row[kMunicipalityCode] = "131016";
  return row;
}

std::string RefusedFor(const ResidentRow& row) {
  events::ResidentDetails details;
  const auto refusal = WriteDetails(row, &details);
  return refusal ? refusal->reason + " " + refusal->field : "";
}

TEST(WriteRequestTest, WritesOverAnEarlierRow) {
  RequestIds ids(kNameSpace);
  v1::RegisterResidentRequest request;
  ResidentRow foreigner = SampleRow();
  foreigner[kRequestId] = "00000000-0000-4000-8000-000000000001";
  foreigner[kAlias] = "別名";
  foreigner[kResidenceStatus] = "MID_TO_LONG_TERM";
  foreigner[kPeriodOfStayEnd] = "2030-12-31";
  ASSERT_FALSE(WriteRequest(foreigner, {"", "clerk-7"}, ids, &request));
  EXPECT_EQ(request.request_id(), foreigner[kRequestId]);
  EXPECT_EQ(request.actor().authority(), "municipality/131016");
  EXPECT_EQ(request.actor().clerk_id(), "clerk-7");
  EXPECT_EQ(request.details().residence_status(), events::RESIDENCE_STATUS_MID_TO_LONG_TERM);
  EXPECT_EQ(request.details().period_of_stay_end().year(), 2030);

  v1::RegisterResidentRequest fresh;
  ASSERT_FALSE(WriteRequest(SampleRow(), {"municipality/131016", "x"}, ids, &request));
  ASSERT_FALSE(WriteRequest(SampleRow(), {"municipality/131016", "x"}, ids, &fresh));
  EXPECT_EQ(request.SerializeAsString(), fresh.SerializeAsString());
  EXPECT_FALSE(request.has_actor());
  EXPECT_FALSE(request.details().has_period_of_stay_end());
  EXPECT_EQ(request.details().birth_date().day(), 2);
}

TEST(WriteDetailsTest, RefusesOnlyWhatAMessageCannotCarry) {
  EXPECT_EQ(RefusedFor(SampleRow()), "");
  EXPECT_EQ(RefusedFor(ResidentRow{}), "");
  ResidentRow row = SampleRow();
  for (const char* date : {"1980-1-02", "1980/01/02", "19800102", "1980-01-0x", "昭和55年1月2日"}) {
    row[kBirthDate] = date;
    EXPECT_EQ(RefusedFor(row), "DATE_MALFORMED birth_date") << date;
  }
  row[kBirthDate] = "1980-02-31";  // no such day: for the server to say
  EXPECT_EQ(RefusedFor(row), "");
  for (const char* status : {"UNSPECIFIED", "permanent_resident", "RESIDENCE_STATUS_PERMANENT_RESIDENT"}) {
    row[kResidenceStatus] = status;
    EXPECT_EQ(RefusedFor(row), "RESIDENCE_STATUS_UNKNOWN residence_status") << status;
  }
  row = SampleRow();
  row[kAddress] = "\x8C\xA9\x96{";  // Shift_JIS
  EXPECT_EQ(RefusedFor(row), "TEXT_NOT_UTF8 address");
  const std::string endless(kRowBytesMax + 1, 'a');
  row[kAddress] = endless;
  EXPECT_EQ(RefusedFor(row), "TEXT_TOO_LONG ");
}

TEST(RequestIdsTest, SameRowSameIdAndNothingElse) {
  RequestIds ids(kNameSpace);
  std::string first;
  ids.Derive(SampleRow(), &first);
  const auto parsed = identifiers::ParseRequestId(first);
  ASSERT_TRUE(parsed) << first;
  EXPECT_EQ((*parsed)[6] >> 4, 5);
  EXPECT_EQ((*parsed)[8] >> 6, 2);
  for (int column = 1; column < kColumnCount; ++column) {
    ResidentRow other = SampleRow();
    other[column] = "other";
    std::string id;
    ids.Derive(other, &id);
    EXPECT_NE(id, first) << kColumnNames[column];
  }
  std::string again;
  RequestIds(kNameSpace).Derive(SampleRow(), &again);
  EXPECT_EQ(again, first);
  identifiers::RequestId elsewhere = kNameSpace;
  elsewhere[0] = 9;
  RequestIds(elsewhere).Derive(SampleRow(), &again);
  EXPECT_NE(again, first);
}

TEST(RequestIdsTest, AgreesWithPythonsUuid5) {
  // uuid.uuid5(uuid.UUID("01020304-0506-0708-090a-0b0c0d0e0f10"), "b\x1f" + "c\x1f")
  const std::string_view fields[] = {"a", "b", "c"};
  std::string id;
  RequestIds(kNameSpace).Derive(fields, &id);
  EXPECT_EQ(id, "19c3d704-a0a4-5d45-8325-aa9a13334a70");
}

TEST(RequestIdsTest, RandomOnesDiffer) {
  EXPECT_TRUE(identifiers::ParseRequestId(RandomRequestId()));
  EXPECT_NE(RandomRequestId(), RandomRequestId());
}

TEST(NameSpaceTest, IsMadeOnceAndKept) {
  const std::string path = ::testing::TempDir() + "/state/below/namespace";
  const auto made = LoadNameSpace(path);
  ASSERT_TRUE(made.ok()) << made.status();
  const auto kept = LoadNameSpace(path);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(*made, *kept);
  std::ofstream(path) << "spoiled\n";
  EXPECT_FALSE(LoadNameSpace(path).ok());
  std::remove(path.c_str());
}

}  // namespace
}  // namespace mynumber::mynumberctl
