#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_REFUSALS_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_REFUSALS_H_

// Every "no" of this service's own, as a named function: its gRPC code, its reason (ErrorReason), the field, and a
// sentence that tells a clerk what to do. Nothing here ever repeats personal data.

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "libs/calendar/day.h"
#include "libs/identifiers/tracking_number.h"
#include "libs/serving/refusals.h"

namespace mynumber::notice {

// What all services refuse in the same words.
inline constexpr serving::Refusals kRefusals = {"notice.mynumber",
                                                "State the clerk's id: notices are handled in the name of a clerk.",
                                                "RequestResend"};

namespace refusals {

// INVALID_ARGUMENT
absl::Status NoticeNameMalformed(std::string_view field);
absl::Status TrackingNumberWrong(identifiers::TrackingNumberVerdict verdict, std::string_view field);
absl::Status TrackingNumberOfOtherMail(std::string_view field);
absl::Status RangeEmpty();
absl::Status RangeTooLarge(uint64_t count_max);
absl::Status DateMissing(std::string_view field);
absl::Status DateImpossible(std::string_view field);
absl::Status ReportInTheFuture();
absl::Status StatusMissing();
absl::Status MinuteImpossible(std::string_view field);
absl::Status ReportWithdrawsItself();
absl::Status ResendWayMissing();
absl::Status ResendWindowMissing();
absl::Status IdentityCheckMissing();
absl::Status RecordMissing();
absl::Status OutcomeMissing();
absl::Status WorkKindMissing();
absl::Status PostingDateInTheFuture();
absl::Status CursorMalformed(size_t partition_count);

// ALREADY_EXISTS
absl::Status RangeOverlaps();

// FAILED_PRECONDITION
absl::Status NoticeNeverReissued();
absl::Status NoticeCancelled();
absl::Status NoticeSuperseded();
absl::Status NoticeNotPosted();
absl::Status NoticeDelivered();
absl::Status NoticeDestroyed();
absl::Status NoticeNotInCustody();
absl::Status NoticeNotRendered();
absl::Status NoticeReturned();
absl::Status CustodyNotEnded(calendar::Day until);
absl::Status StorageOver(calendar::Day limit);
absl::Status NoContactForm();
absl::Status TrackingNumberOfAnotherPiece();
absl::Status ResendDayTooEarly(calendar::Day first);
absl::Status ResendDayTooLate(calendar::Day last);
absl::Status DeliveryNotClaimed();
absl::Status DisputePeriodOver(int days);
absl::Status NoInvestigation();
absl::Status WorkClaimedByAnother(int64_t until_micros);
absl::Status WorkNotOpen();
absl::Status NoTrackingNumbersLeft();
absl::Status TooManyReports(int reports_max);
absl::Status MailedTooOften(int pieces_max);
absl::Status ReportBeforePosting();
absl::Status ResidentErased();

// PERMISSION_DENIED
absl::Status MunicipalityNotYours();
absl::Status PostOfficeOnly();

// NOT_FOUND
absl::Status NoticeUnknown();

// INTERNAL
absl::Status NoticeNotDrawn(std::string_view why);

}  // namespace refusals
}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_REFUSALS_H_
