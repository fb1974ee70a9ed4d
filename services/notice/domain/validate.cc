#include "services/notice/domain/validate.h"

#include "absl/strings/numbers.h"
#include "libs/calendar/date.h"
#include "libs/identifiers/resource_name.h"
#include "libs/serving/text.h"
#include "services/notice/domain/state_mail.h"
#include "services/notice/domain/refusals.h"

namespace mynumber::notice {
namespace {

constexpr std::string_view kNotices = "/notices/";
constexpr int kMinutes = 24 * 60;
constexpr int kWordCharactersMax = 100;
constexpr int kRecordCharactersMax = 200;

absl::Status ValidateWhen(const type::Date& day, bool has_minute, uint32_t minute, const std::string& field) {
  absl::Status status = ValidateDate(day, field + ".day");
  if (!status.ok()) return status;
  return has_minute && minute >= kMinutes ? refusals::MinuteImpossible(field + ".minute_of_day") : absl::OkStatus();
}

}  // namespace

std::string FormatNoticeName(const NoticeName& name) {
  return identifiers::FormatResourceName("residents", name.resident.bytes)
      .append(kNotices)
      .append(std::to_string(name.notice));
}

absl::StatusOr<NoticeName> ValidateNoticeName(std::string_view name, std::string_view field) {
  const size_t at = name.find(kNotices);
  if (at == name.npos) return refusals::NoticeNameMalformed(field);
  const auto id = identifiers::ParseResourceName("residents", name.substr(0, at));
  const std::string number(name.substr(at + kNotices.size()));
  NoticeName found;
  if (!id) return refusals::NoticeNameMalformed(field);
  found.resident = eventsourcing::SubjectId{*id};
  if (number == "-") return found;
  if (!absl::SimpleAtoi(number, &found.notice) || found.notice == 0 || std::to_string(found.notice) != number) {
    return refusals::NoticeNameMalformed(field);
  }
  return found;
}

absl::StatusOr<identifiers::TrackingNumber> ValidateTrackingNumber(std::string_view text, std::string_view field) {
  const auto verdict = identifiers::TrackingNumber::Judge(text);
  if (verdict != identifiers::TrackingNumberVerdict::kValid) return refusals::TrackingNumberWrong(verdict, field);
  auto number = identifiers::TrackingNumber::Parse(text);
  if (number.ok() && !number->IsSimpleRegistered()) return refusals::TrackingNumberOfOtherMail(field);
  return number;
}

absl::Status ValidateDate(const type::Date& date, std::string_view field) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) return refusals::DateMissing(field);
  return calendar::ToDay(date) ? absl::OkStatus() : refusals::DateImpossible(field);
}

absl::Status ValidateText(std::string_view text, std::string_view field, int characters_max) {
  return serving::ValidateText(kRefusals, text, field, characters_max);
}

absl::Status ValidateReport(const events::v1::TrackingReport& report) {
  if (report.status().empty() && !report.has_withdraws()) return refusals::StatusMissing();
  absl::Status status =
      ValidateWhen(report.day(), report.has_minute_of_day(), report.minute_of_day(), "report");
  if (status.ok() && report.has_withdraws()) {
    const auto& key = report.withdraws();
    status = ValidateWhen(key.day(), key.has_minute_of_day(), key.minute_of_day(), "report.withdraws");
    if (status.ok() && SameKey(key, KeyOf(report))) status = refusals::ReportWithdrawsItself();
  }
  const std::pair<const std::string&, const char*> texts[] = {{report.status(), "report.status"},
                                                              {report.detail(), "report.detail"},
                                                              {report.office(), "report.office"},
                                                              {report.prefecture(), "report.prefecture"},
                                                              {report.postal_code(), "report.postal_code"}};
  for (const auto& [text, field] : texts) {
    if (status.ok()) status = ValidateText(text, field, kWordCharactersMax);
  }
  return status;
}

absl::Status ValidateResend(events::v1::ResendWay way, events::v1::ResendWindow window, const type::Date& day) {
  const bool knows_way = way == events::v1::RESEND_WAY_DELIVERY || way == events::v1::RESEND_WAY_PICK_UP;
  if (!knows_way) return refusals::ResendWayMissing();
  const bool knows_window = window >= events::v1::RESEND_WINDOW_8_TO_12 && window <= events::v1::RESEND_WINDOW_19_TO_21;
  if (way == events::v1::RESEND_WAY_DELIVERY && !knows_window) return refusals::ResendWindowMissing();
  return ValidateDate(day, "day");
}

absl::Status ValidateRecord(std::string_view record) {
  return record.empty() ? refusals::RecordMissing() : ValidateText(record, "record", kRecordCharactersMax);
}

}  // namespace mynumber::notice
