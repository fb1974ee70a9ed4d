#include "services/notice/domain/validate.h"

#include "gtest/gtest.h"
#include "libs/testing/matchers.h"
#include "mynumber/notice/v1/error_reason.pb.h"
#include "services/notice/domain/made_up.h"
#include "services/notice/domain/state_mail.h"

namespace mynumber::notice {
namespace {

using made_up::Date;
using made_up::Report;
using mynumber::testing::FieldOf;
using mynumber::testing::ReasonOf;

void Expect(const absl::Status& status, v1::ErrorReason reason, const std::string& field) {
  EXPECT_EQ(ReasonOf(status), v1::ErrorReason_Name(reason)) << status;
  EXPECT_EQ(FieldOf(status), field);
}

constexpr char kResident[] = "residents/00112233445566778899aabbccddeeff";

TEST(NoticeNameTest, IsReadAsItIsWritten) {
  for (const char* number : {"1", "11"}) {
    const std::string name = std::string(kResident) + "/notices/" + number;
    const auto read = ValidateNoticeName(name, "name");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(FormatNoticeName(*read), name);
  }
  EXPECT_EQ(ValidateNoticeName(std::string(kResident) + "/notices/-", "name")->notice, 0u) << "the current one";
}

TEST(NoticeNameTest, AnythingElseIsRefused) {
  const std::string resident = kResident;
  for (const std::string& name : {std::string(), resident, resident + "/notices/", resident + "/notices/0",
                                  resident + "/notices/01", resident + "/notices/1x", resident + "/notices/-1",
                                  std::string("residents/0011/notices/1"), "people" + resident.substr(9) + "/notices/1",
                                  resident + "/notices/99999999999"}) {
    Expect(ValidateNoticeName(name, "name").status(), v1::NOTICE_NAME_MALFORMED, "name");
  }
}

TEST(TrackingNumberTest, IsOfSimpleRegisteredMail) {
  EXPECT_EQ(ValidateTrackingNumber("301-00-12345-4", "n")->digits(), "30100123454");
  Expect(ValidateTrackingNumber("3010012345", "n").status(), v1::TRACKING_NUMBER_WRONG_LENGTH, "n");
  Expect(ValidateTrackingNumber("3010012345x", "n").status(), v1::TRACKING_NUMBER_NOT_DIGITS, "n");
  Expect(ValidateTrackingNumber("30100123455", "n").status(), v1::TRACKING_NUMBER_WRONG_CHECK_DIGIT, "n");
  const auto letter = identifiers::TrackingNumber::FromSerial(1'010'012'345);
  Expect(ValidateTrackingNumber(letter.digits(), "n").status(), v1::TRACKING_NUMBER_OF_OTHER_MAIL, "n");
}

TEST(ReportTest, WhatIsWrongWithItIsNamed) {
  auto report = Report("引受", Date(2026, 11, 2));
  EXPECT_EQ(ValidateReport(report), absl::OkStatus());
  report.set_minute_of_day(1440);
  Expect(ValidateReport(report), v1::MINUTE_IMPOSSIBLE, "report.minute_of_day");
  Expect(ValidateReport(Report("", Date(2026, 11, 2))), v1::STATUS_MISSING, "report.status");
  Expect(ValidateReport(Report("引受", type::Date())), v1::DATE_MISSING, "report.day");
  type::Date never = Date(2026, 2, 1);
  never.set_day(30);
  Expect(ValidateReport(Report("引受", never)), v1::DATE_IMPOSSIBLE, "report.day");
  Expect(ValidateReport(Report("\xff", Date(2026, 11, 2))), v1::TEXT_NOT_UTF8, "report.status");
  Expect(ValidateReport(Report(std::string(101, 'x'), Date(2026, 11, 2))), v1::TEXT_TOO_LONG, "report.status");
}

TEST(ReportTest, MayTakeAnotherOneBackButNotItself) {
  auto report = Report("引受", Date(2026, 11, 2));
  *report.mutable_withdraws() = KeyOf(Report("到着", Date(2026, 11, 2)));
  EXPECT_EQ(ValidateReport(report), absl::OkStatus());
  report.clear_status();
  EXPECT_EQ(ValidateReport(report), absl::OkStatus()) << "without a word of its own";
  report = Report("引受", Date(2026, 11, 2));
  *report.mutable_withdraws() = KeyOf(report);
  Expect(ValidateReport(report), v1::REPORT_WITHDRAWS_ITSELF, "report.withdraws");
}

TEST(ResendTest, NeedsAWayAWindowAndADay) {
  using namespace events::v1;  // NOLINT: enumerators
  const auto day = Date(2026, 11, 6);
  EXPECT_EQ(ValidateResend(RESEND_WAY_DELIVERY, RESEND_WINDOW_8_TO_12, day), absl::OkStatus());
  EXPECT_EQ(ValidateResend(RESEND_WAY_PICK_UP, RESEND_WINDOW_UNSPECIFIED, day), absl::OkStatus());
  Expect(ValidateResend(RESEND_WAY_UNSPECIFIED, RESEND_WINDOW_8_TO_12, day), v1::RESEND_WAY_MISSING, "way");
  Expect(ValidateResend(RESEND_WAY_DELIVERY, RESEND_WINDOW_UNSPECIFIED, day), v1::RESEND_WINDOW_MISSING, "window");
  Expect(ValidateResend(RESEND_WAY_PICK_UP, RESEND_WINDOW_UNSPECIFIED, {}), v1::DATE_MISSING, "day");
}

TEST(RecordTest, IsNeeded) {
  EXPECT_EQ(ValidateRecord("廃棄簿 7"), absl::OkStatus());
  Expect(ValidateRecord(""), v1::RECORD_MISSING, "record");
}

}  // namespace
}  // namespace mynumber::notice
