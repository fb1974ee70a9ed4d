#include "services/notice/domain/refusals.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/rpc/problem.h"
#include "mynumber/notice/v1/error_reason.pb.h"

namespace mynumber::notice::refusals {
namespace {

using absl::StatusCode;
using v1::ErrorReason;

absl::Status Invalid(ErrorReason reason, std::string_view field, std::string sentence) {
  return kRefusals.Invalid(v1::ErrorReason_Name(reason), field, std::move(sentence));
}

absl::Status Unmet(ErrorReason reason, std::string_view key, std::string_view value, std::string sentence) {
  rpc::Problem problem = kRefusals.Make(StatusCode::kFailedPrecondition, v1::ErrorReason_Name(reason), sentence);
  if (!key.empty()) problem.metadata.emplace_back(key, value);
  problem.unmet_conditions.push_back({"STATE", "notice", std::move(sentence)});
  return rpc::ToStatus(problem);
}
absl::Status Unmet(ErrorReason reason, std::string sentence) { return Unmet(reason, "", "", std::move(sentence)); }

absl::Status Say(StatusCode code, ErrorReason reason, std::string sentence) {
  return rpc::ToStatus(kRefusals.Make(code, v1::ErrorReason_Name(reason), std::move(sentence)));
}

std::string Iso(calendar::Day day) { return absl::FormatCivilTime(day); }

ErrorReason ReasonOf(identifiers::TrackingNumberVerdict verdict) {
  switch (verdict) {
    case identifiers::TrackingNumberVerdict::kValid:
    case identifiers::TrackingNumberVerdict::kWrongLength:
      return v1::TRACKING_NUMBER_WRONG_LENGTH;
    case identifiers::TrackingNumberVerdict::kNotDigits:
      return v1::TRACKING_NUMBER_NOT_DIGITS;
    case identifiers::TrackingNumberVerdict::kWrongCheckDigit:
      return v1::TRACKING_NUMBER_WRONG_CHECK_DIGIT;
  }
  return v1::TRACKING_NUMBER_WRONG_LENGTH;
}

}  // namespace

absl::Status NoticeNameMalformed(std::string_view field) {
  return Invalid(v1::NOTICE_NAME_MALFORMED, field,
                 "Give the notice's name as residents/{32 hex digits}/notices/{number}, or notices/- for the current "
                 "one.");
}
absl::Status TrackingNumberWrong(identifiers::TrackingNumberVerdict verdict, std::string_view field) {
  return Invalid(ReasonOf(verdict), field, std::string(identifiers::ToStatus(verdict).message()));
}
absl::Status TrackingNumberOfOtherMail(std::string_view field) {
  return Invalid(v1::TRACKING_NUMBER_OF_OTHER_MAIL, field,
                 "This is no number of Simple Registered Mail: those begin with 3 or 4. Compare it with the label.");
}
absl::Status RangeEmpty() {
  return Invalid(v1::RANGE_EMPTY, "last_tracking_number", "The last number of a range must not come before its first.");
}
absl::Status RangeTooLarge(uint64_t count_max) {
  return Invalid(v1::RANGE_TOO_LARGE, "last_tracking_number",
                 absl::StrCat("A range may have at most ", count_max, " numbers. Register it in parts."));
}
absl::Status DateMissing(std::string_view field) { return Invalid(v1::DATE_MISSING, field, "State the day."); }
absl::Status DateImpossible(std::string_view field) {
  return Invalid(v1::DATE_IMPOSSIBLE, field, "There is no such day. Correct it.");
}
absl::Status ReportInTheFuture() {
  return Invalid(v1::REPORT_IN_THE_FUTURE, "report.day",
                 "The report is dated in the future. Correct its day, or set your clock, and send it again.");
}
absl::Status StatusMissing() {
  return Invalid(v1::STATUS_MISSING, "report.status",
                 "A report needs the word for what happened, or must take an earlier report back.");
}
absl::Status MinuteImpossible(std::string_view field) {
  return Invalid(v1::MINUTE_IMPOSSIBLE, field, "The minute of the day must be 0 to 1439.");
}
absl::Status ReportWithdrawsItself() {
  return Invalid(v1::REPORT_WITHDRAWS_ITSELF, "report.withdraws",
                 "A report cannot take itself back. To correct its details alone, send it again without withdraws.");
}
absl::Status ResendWayMissing() {
  return Invalid(v1::RESEND_WAY_MISSING, "way", "Say whether it is to be brought again or picked up.");
}
absl::Status ResendWindowMissing() {
  return Invalid(v1::RESEND_WINDOW_MISSING, "window",
                 "Say when the carrier may come: 8-12, 12-14, 14-16, 16-18, 18-20 or 19-21.");
}
absl::Status IdentityCheckMissing() {
  return Invalid(v1::IDENTITY_CHECK_MISSING, "identity_check",
                 "Check who stands at the counter first, and say how: one document with a photograph, two without, or "
                 "an agent's power of attorney.");
}
absl::Status RecordMissing() {
  return Invalid(v1::RECORD_MISSING, "record", "State your own record of it, for example its file number.");
}
absl::Status OutcomeMissing() {
  return Invalid(v1::OUTCOME_MISSING, "outcome", "Say what the carrier's investigation came to.");
}
absl::Status WorkKindMissing() { return Invalid(v1::WORK_KIND_MISSING, "kind", "Say which work it is."); }
absl::Status PostingDateInTheFuture() {
  return Invalid(v1::POSTING_DATE_NOT_TODAY, "posting_date", "Ask for today's manifest, or for an earlier day's.");
}

absl::Status CursorMalformed(size_t partition_count) {
  return Invalid(v1::CURSOR_MALFORMED, "cursor",
                 absl::StrCat("A cursor has ", partition_count,
                              " numbers, one for each partition; none at all begins from the beginning."));
}

absl::Status RangeOverlaps() {
  return Say(StatusCode::kAlreadyExists, v1::RANGE_OVERLAPS,
             "Some of these numbers were registered within the last 100 days. Compare the carrier's letter with the "
             "ranges that you registered before.");
}

absl::Status NoticeNeverReissued() {
  return Unmet(v1::NOTICE_NEVER_REISSUED,
               "The notice was posted and is never reissued. Who needs the number on paper gets a copy of the "
               "residence record with the number.");
}
absl::Status NoticeCancelled() {
  return Unmet(v1::NOTICE_CANCELLED, "This notice was cancelled before it was posted. There is nothing to be done.");
}
absl::Status NoticeSuperseded() {
  return Unmet(v1::NOTICE_SUPERSEDED, "The number was replaced before this notice was posted. Use the newer notice.");
}
absl::Status NoticeNotPosted() {
  return Unmet(v1::NOTICE_NOT_POSTED, "This notice has not been posted yet. Wait until it is with the carrier.");
}
absl::Status NoticeDelivered() {
  return Unmet(v1::NOTICE_DELIVERED,
               "The carrier says that it was delivered. If the resident has not got it, dispute the delivery.");
}
absl::Status NoticeDestroyed() {
  return Unmet(v1::NOTICE_DESTROYED,
               "This notice was destroyed after its custody. The resident gets a copy of the residence record with the "
               "number instead.");
}
absl::Status NoticeNotInCustody() {
  return Unmet(v1::NOTICE_NOT_IN_CUSTODY,
               "The municipality does not hold this notice: look where it is before you go on.");
}
absl::Status NoticeNotRendered() {
  return Unmet(v1::NOTICE_NOT_RENDERED, "Render the notice before it is posted.");
}
absl::Status NoticeReturned() {
  return Unmet(v1::NOTICE_RETURNED,
               "The carrier has sent it back. The resident can pick it up at the municipality, or have it mailed "
               "again.");
}
absl::Status CustodyNotEnded(calendar::Day until) {
  return Unmet(v1::CUSTODY_NOT_ENDED, "custody_until", Iso(until),
               absl::StrCat("It must be kept until ", Iso(until), ". Destroy it after that day."));
}
absl::Status StorageOver(calendar::Day limit) {
  return Unmet(v1::STORAGE_OVER, "held_until", Iso(limit),
               absl::StrCat("The post office held it until ", Iso(limit),
                            " and sends it back. The resident can pick it up at the municipality, or have it mailed "
                            "again, once it is there."));
}
absl::Status NoContactForm() {
  return Unmet(v1::NO_CONTACT_FORM,
               "The carrier has not left a contact form for this notice. Wait for the delivery, or look at the number "
               "on the form again.");
}
absl::Status TrackingNumberOfAnotherPiece() {
  return Unmet(v1::TRACKING_NUMBER_OF_ANOTHER_PIECE,
               "The number on the contact form is not that of this notice: the form may be for another piece of mail.");
}
absl::Status ResendDayTooEarly(calendar::Day first) {
  return Unmet(v1::RESEND_DAY_TOO_EARLY, "first_day", Iso(first),
               absl::StrCat("The first possible day is ", Iso(first), ", in a window that has not begun."));
}
absl::Status ResendDayTooLate(calendar::Day last) {
  return Unmet(v1::RESEND_DAY_TOO_LATE, "last_day", Iso(last),
               absl::StrCat("The post office can hold it until ", Iso(last), " at most. Choose an earlier day."));
}
absl::Status DeliveryNotClaimed() {
  return Unmet(v1::DELIVERY_NOT_CLAIMED,
               "The carrier does not say that it was delivered: there is nothing to dispute.");
}
absl::Status DisputePeriodOver(int days) {
  return Unmet(v1::DISPUTE_PERIOD_OVER,
               absl::StrCat("A delivery can be disputed for ", days,
                            " days. The resident gets a copy of the residence record with the number."));
}
absl::Status NoInvestigation() {
  return Unmet(v1::NO_INVESTIGATION, "No investigation of this notice is under way.");
}
absl::Status WorkClaimedByAnother(int64_t until_micros) {
  const int minute = calendar::MinuteOfDayInTokyo(until_micros);
  const std::string until = absl::StrCat(minute / 60, ":", absl::Dec(minute % 60, absl::kZeroPad2));
  return Unmet(v1::WORK_CLAIMED_BY_ANOTHER, "claimed_until", until,
               absl::StrCat("Another clerk works on it until ", until, ". Take other work, or ask them."));
}
absl::Status WorkNotOpen() {
  return Unmet(v1::WORK_NOT_OPEN, "There is no such work for this notice any more. List the work again.");
}
absl::Status NoTrackingNumbersLeft() {
  return Unmet(v1::NO_TRACKING_NUMBERS_LEFT,
               "No tracking numbers are left for this notice. Ask the carrier for a range, register it, and get the "
               "manifest again.");
}
absl::Status TooManyReports(int reports_max) {
  return Unmet(v1::TOO_MANY_REPORTS,
               absl::StrCat("This piece has ", reports_max, " reports already. Ask the operator."));
}
absl::Status MailedTooOften(int pieces_max) {
  return Unmet(v1::MAILED_TOO_OFTEN,
               absl::StrCat("It was mailed ", pieces_max, " times. Hand it over at the counter."));
}
absl::Status ReportBeforePosting() {
  return Unmet(v1::REPORT_BEFORE_POSTING,
               "The report is dated before the piece with this number was posted. Correct its day, or its number.");
}
absl::Status ResidentErased() {
  return Unmet(v1::RESIDENT_ERASED,
               "Everything about this resident was destroyed, the notices too, and cannot be had back. Take the notice "
               "off your own lists.");
}

absl::Status MunicipalityNotYours() {
  return Say(StatusCode::kPermissionDenied, v1::MUNICIPALITY_NOT_YOURS,
             "This notice is another municipality's. Ask there.");
}
absl::Status PostOfficeOnly() {
  return Say(StatusCode::kPermissionDenied, v1::POST_OFFICE_ONLY, "Only the post office may call this.");
}

absl::Status NoticeUnknown() {
  return Say(StatusCode::kNotFound, v1::NOTICE_UNKNOWN,
             "There is no such notice. One is prepared some seconds after a number is issued.");
}

absl::Status NoticeNotDrawn(std::string_view why) {
  return Say(StatusCode::kInternal, v1::NOTICE_NOT_DRAWN, "The notice could not be drawn: " + std::string(why));
}

}  // namespace mynumber::notice::refusals
