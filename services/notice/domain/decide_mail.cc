#include "services/notice/domain/decide_mail.h"

#include <optional>
#include <utility>

#include "libs/calendar/date.h"
#include "libs/eventsourcing/big_endian.h"
#include "services/notice/domain/state_mail.h"
#include "services/notice/domain/refusals.h"
#include "services/notice/domain/state_standing.h"

namespace mynumber::notice {
namespace {

using calendar::Day;
using calendar::DayInTokyo;
using calendar::ToDate;
using calendar::ToDay;
using events::v1::NoticeEvent;
using events::v1::TrackingNumberUsed;
using events::v1::TrackingReport;
using eventsourcing::SubjectId;
using identifiers::TrackingNumber;
using rows::v1::Notice;
using rows::v1::NoticeState;
using rows::v1::Piece;
using Context = NoticeDomain::Context;

// In the partition of this number; `kind` has eight characters.
SubjectId NumberedSubject(uint64_t number, std::string_view kind) {
  std::string bytes;
  eventsourcing::AppendBigEndian(number, 8, &bytes);
  return SubjectId::FromBytes(bytes.append(kind));
}

// Whether the carrier may still speak of a piece that had this number.
bool IsInUse(const NoticeState& tracking, Day today) {
  const auto& uses = tracking.tracking().uses();
  return !uses.empty() && *ToDay(uses.rbegin()->acceptance_date()) + kTrackingDays >= today;
}

// The serials of a partition are those that leave its number as the remainder.
uint64_t FirstOf(uint64_t serial, uint32_t partition, uint32_t partition_count) {
  return serial + (partition + partition_count - serial % partition_count) % partition_count;
}

std::optional<TrackingNumber> NextNumber(const Given& given, uint32_t partition, Day today, const Context& context) {
  const NoticeState& share = context.other(ShareSubject(partition));
  for (const auto& range : share.share().ranges()) {
    uint64_t serial = FirstOf(range.next_serial(), partition, given.partition_count);
    for (; serial <= range.last_serial(); serial += given.partition_count) {
      const TrackingNumber number = TrackingNumber::FromSerial(serial);
      if (!IsInUse(context.other(TrackingSubject(number)), today)) return number;
    }
  }
  return std::nullopt;
}

NoticeEvent Posted(uint32_t notice, const TrackingNumber& number, Day today, const NoticeState& tracking) {
  NoticeEvent event;
  auto* posted = event.mutable_notice_posted();
  posted->set_notice(notice);
  posted->set_tracking_number(std::string(number.digits()));
  *posted->mutable_acceptance_date() = ToDate(today);
  for (const TrackingReport& report : tracking.tracking().unmatched()) {
    if (MatchingDay(report) >= today) *posted->add_reports() = report;
  }
  return event;
}

bool IsKept(const NoticeState& tracking, const TrackingReport& report) {
  const std::string bytes = report.SerializeAsString();
  for (const TrackingReport& kept : tracking.tracking().unmatched()) {
    if (kept.SerializeAsString() == bytes) return true;
  }
  return false;
}

absl::StatusOr<DecidedEvents> KeepUnmatched(const NoticeState& tracking, const TrackingReport& report,
                                            const Context& context) {
  const auto& uses = tracking.tracking().uses();
  if (!uses.empty() && MatchingDay(report) < *ToDay(uses.begin()->acceptance_date())) {
    return refusals::ReportBeforePosting();
  }
  if (IsKept(tracking, report)) return DecidedEvents();
  if (tracking.tracking().unmatched_size() >= kReportsMax) return refusals::TooManyReports(kReportsMax);
  DecidedEvents events(1);
  events[0].subject = context.subject;
  *events[0].event.mutable_unmatched_report_kept()->mutable_report() = report;
  return events;
}

const Piece* FindPiece(const NoticeState& resident, const TrackingNumberUsed& use, const std::string& number) {
  const Notice& notice = resident.file().notices(static_cast<int>(use.notice()) - 1);
  for (const Piece& piece : notice.pieces()) {
    if (IsPiece(piece, number, use.acceptance_date())) return &piece;
  }
  return nullptr;
}

NoticeEvent Reported(const TrackingNumberUsed& use, const ReportTracking& command) {
  NoticeEvent event;
  auto* reported = event.mutable_tracking_reported();
  reported->set_notice(use.notice());
  reported->set_tracking_number(command.tracking_number);
  *reported->mutable_acceptance_date() = use.acceptance_date();
  *reported->mutable_report() = command.report;
  return event;
}

}  // namespace

absl::StatusOr<DecidedEvents> DecideMail(const Given& given, const NoticeState& resident, const PostNotice& command,
                                         const Context& context) {
  const auto& file = resident.file();
  if (command.notice == 0 || command.notice > static_cast<uint32_t>(file.notices_size())) {
    return refusals::NoticeUnknown();
  }
  const Notice& notice = file.notices(static_cast<int>(command.notice) - 1);
  if (StateOf(notice) == v1::Notice::STATE_PREPARED) return refusals::NoticeNotRendered();
  if (!IsToBePosted(notice)) return DecidedEvents();
  const Day today = DayInTokyo(context.time_micros);
  const uint32_t partition = context.subject.PartitionOf(given.partition_count);
  const auto number = NextNumber(given, partition, today, context);
  if (!number) return refusals::NoTrackingNumbersLeft();
  const SubjectId tracking = TrackingSubject(*number);
  DecidedEvents events(3);
  events[0].subject = ShareSubject(partition);
  events[0].event.mutable_tracking_number_drawn()->set_serial(number->Serial());
  events[1].subject = tracking;
  auto* used = events[1].event.mutable_tracking_number_used();
  used->set_resident(std::string(context.subject.view()));
  used->set_notice(command.notice);
  *used->mutable_acceptance_date() = ToDate(today);
  events[2].subject = context.subject;
  events[2].event = Posted(command.notice, *number, today, context.other(tracking));
  return events;
}

absl::StatusOr<DecidedEvents> DecideMail(const Given&, const NoticeState& tracking, const ReportTracking& command,
                                         const Context& context) {
  const TrackingReport& report = command.report;
  if (ToDay(report.day()) > DayInTokyo(context.time_micros)) return refusals::ReportInTheFuture();
  const TrackingNumberUsed* use = UseFor(tracking.tracking(), report);
  if (use == nullptr) return KeepUnmatched(tracking, report, context);
  const SubjectId resident = SubjectId::FromBytes(use->resident());
  const NoticeState& file = context.other(resident);
  // Had it come before the erasing it would be gone by now: so every order of the two ends in the same state (P6).
  if (file.has_erased()) return DecidedEvents();
  const Piece* piece = FindPiece(file, *use, command.tracking_number);
  if (piece == nullptr || !IsNews(*piece, report)) return DecidedEvents();
  if (piece->reports_size() + piece->withdrawn_size() >= kReportsMax) return refusals::TooManyReports(kReportsMax);
  DecidedEvents events(1);
  events[0].subject = resident;
  events[0].event = Reported(*use, command);
  return events;
}

absl::StatusOr<DecidedEvents> DecideMail(const Given&, const NoticeState& share, const RegisterRange& command,
                                         const Context& context) {
  for (const auto& range : share.share().ranges()) {
    const bool is_same = range.first_serial() == command.first_serial && range.last_serial() == command.last_serial;
    const bool is_recent = *ToDay(range.registered_day()) + kTrackingDays >= *ToDay(command.day);
    if (is_same && is_recent) return DecidedEvents();
    const bool overlaps = command.first_serial <= range.last_serial() && range.first_serial() <= command.last_serial;
    if (overlaps && is_recent) return refusals::RangeOverlaps();
  }
  DecidedEvents events(1);
  events[0].subject = context.subject;
  auto* registered = events[0].event.mutable_tracking_range_registered();
  registered->set_first_serial(command.first_serial);
  registered->set_last_serial(command.last_serial);
  *registered->mutable_registered_day() = ToDate(*ToDay(command.day));
  return events;
}

SubjectId TrackingSubject(const TrackingNumber& number) {
  return NumberedSubject(number.Serial(), "tracking");
}

SubjectId ShareSubject(uint32_t partition) {
  return NumberedSubject(partition, " share  ");
}

}  // namespace mynumber::notice
