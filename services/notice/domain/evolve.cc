#include <algorithm>

#include "libs/calendar/date.h"
#include "services/notice/domain/state_mail.h"
#include "services/notice/domain/state_standing.h"
#include "services/notice/domain/notice.h"

namespace mynumber::notice {
namespace {

using events::v1::NoticeEvent;
using eventsourcing::EventMeta;
using rows::v1::Notice;
using rows::v1::NoticeFile;
using rows::v1::NoticeState;
using rows::v1::Piece;

Notice* Of(uint32_t number, NoticeFile* file) { return file->mutable_notices(static_cast<int>(number) - 1); }

bool WasPosted(const Notice& notice) { return !notice.pieces().empty(); }

void Prepared(const events::v1::NoticePrepared& event, NoticeFile* file) {
  for (Notice& earlier : *file->mutable_notices()) {
    if (!WasPosted(earlier) && earlier.cancelled() == events::v1::CANCELLATION_GROUND_UNSPECIFIED) {
      earlier.set_superseded(true);
    }
  }
  *file->mutable_addressee() = event.addressee();
  Notice* notice = file->add_notices();
  *notice->mutable_prepared() = event;
  *notice->mutable_addressee() = event.addressee();
}

// What was printed before goes to the wrong address, or bears the wrong name.
void Changed(const events::v1::AddresseeChanged& event, NoticeFile* file) {
  *file->mutable_addressee() = event.addressee();
  if (file->notices().empty()) return;
  Notice* current = file->mutable_notices(file->notices_size() - 1);
  if (WasPosted(*current)) return;
  *current->mutable_addressee() = event.addressee();
  current->set_rendered(false);
}

void Posted(const events::v1::NoticePosted& event, Notice* notice) {
  Piece* piece = notice->add_pieces();
  piece->set_tracking_number(event.tracking_number());
  *piece->mutable_acceptance_date() = event.acceptance_date();
  for (const auto& report : event.reports()) TakeReport(report, piece);
  notice->set_to_be_mailed_again(false);
  notice->clear_works();
  notice->clear_dispute();
  auto* passed = notice->mutable_passed();
  passed->erase(std::remove_if(passed->begin(), passed->end(),
                               [](const auto& one) { return one.kind() != events::v1::DEADLINE_KIND_NO_SCAN; }),
                passed->end());
}

void Reported(const events::v1::TrackingReported& event, Notice* notice) {
  for (Piece& piece : *notice->mutable_pieces()) {
    if (IsPiece(piece, event.tracking_number(), event.acceptance_date())) TakeReport(event.report(), &piece);
  }
}

rows::v1::Work* WorkFor(events::v1::WorkKind kind, Notice* notice) {
  for (auto& work : *notice->mutable_works()) {
    if (work.kind() == kind) return &work;
  }
  auto* work = notice->add_works();
  work->set_kind(kind);
  return work;
}

void Passed(const events::v1::DeadlinePassed& event, Notice* notice) {
  for (auto& passed : *notice->mutable_passed()) {
    if (passed.kind() == event.kind()) {
      passed = event;
      return;
    }
  }
  *notice->add_passed() = event;
}

// Reports that came before it was known whose they are stand in the event of the posting.
void Used(const events::v1::TrackingNumberUsed& event, rows::v1::TrackingNumberState* tracking) {
  const auto day = calendar::ToDay(event.acceptance_date());
  *tracking->add_uses() = event;
  auto* unmatched = tracking->mutable_unmatched();
  unmatched->erase(std::remove_if(unmatched->begin(), unmatched->end(),
                                  [&](const auto& report) { return MatchingDay(report) >= day; }),
                   unmatched->end());
}

void Registered(const events::v1::TrackingRangeRegistered& event, rows::v1::RangeShare* share) {
  auto* range = share->add_ranges();
  range->set_first_serial(event.first_serial());
  range->set_last_serial(event.last_serial());
  *range->mutable_registered_day() = event.registered_day();
  range->set_next_serial(event.first_serial());
}

void Drawn(const events::v1::TrackingNumberDrawn& event, rows::v1::RangeShare* share) {
  for (auto& range : *share->mutable_ranges()) {
    if (range.next_serial() <= event.serial() && event.serial() <= range.last_serial()) {
      range.set_next_serial(event.serial() + 1);
      return;
    }
  }
}

}  // namespace

void NoticeDomain::Evolve(const Event& event, const EventMeta& meta, State* state) const {
  switch (event.event_case()) {
    case NoticeEvent::kNoticePrepared:
      return Prepared(event.notice_prepared(), state->mutable_file());
    case NoticeEvent::kAddresseeChanged:
      return Changed(event.addressee_changed(), state->mutable_file());
    case NoticeEvent::kNoticeCancelled:
      return Of(event.notice_cancelled().notice(), state->mutable_file())
          ->set_cancelled(event.notice_cancelled().ground());
    case NoticeEvent::kNoticeRendered:
      return Of(event.notice_rendered().notice(), state->mutable_file())->set_rendered(true);
    case NoticeEvent::kNoticePosted:
      return Posted(event.notice_posted(), Of(event.notice_posted().notice(), state->mutable_file()));
    case NoticeEvent::kTrackingReported:
      return Reported(event.tracking_reported(), Of(event.tracking_reported().notice(), state->mutable_file()));
    case NoticeEvent::kResendRequested: {
      Notice* notice = Of(event.resend_requested().notice(), state->mutable_file());
      *notice->mutable_pieces(notice->pieces_size() - 1)->mutable_resend() = event.resend_requested();
      return;
    }
    case NoticeEvent::kHandedOverAtCounter: {
      Notice* notice = Of(event.handed_over_at_counter().notice(), state->mutable_file());
      notice->set_handed_over(event.handed_over_at_counter().identity_check());
      return notice->set_handed_over_micros(meta.time_micros);
    }
    case NoticeEvent::kNoticeDestroyed:
      return Of(event.notice_destroyed().notice(), state->mutable_file())->set_destroyed_micros(meta.time_micros);
    case NoticeEvent::kNoticeMailedAgain:
      return Of(event.notice_mailed_again().notice(), state->mutable_file())->set_to_be_mailed_again(true);
    case NoticeEvent::kDeliveryDisputed: {
      auto* dispute = Of(event.delivery_disputed().notice(), state->mutable_file())->mutable_dispute();
      dispute->Clear();
      *dispute->mutable_disputed() = event.delivery_disputed();
      return dispute->set_disputed_micros(meta.time_micros);
    }
    case NoticeEvent::kInvestigationEnded: {
      auto* dispute = Of(event.investigation_ended().notice(), state->mutable_file())->mutable_dispute();
      dispute->set_outcome(event.investigation_ended().outcome());
      return dispute->set_record(event.investigation_ended().record());
    }
    case NoticeEvent::kDeadlinePassed:
      return Passed(event.deadline_passed(), Of(event.deadline_passed().notice(), state->mutable_file()));
    case NoticeEvent::kWorkClaimed: {
      const auto& claimed = event.work_claimed();
      auto* work = WorkFor(claimed.kind(), Of(claimed.notice(), state->mutable_file()));
      *work->mutable_claimed_by() = claimed.actor();
      return work->set_until_micros(claimed.until_micros());
    }
    case NoticeEvent::kWorkResolved: {
      const auto& resolved = event.work_resolved();
      return WorkFor(resolved.kind(), Of(resolved.notice(), state->mutable_file()))->set_resolved(true);
    }
    case NoticeEvent::kTrackingNumberUsed:
      return Used(event.tracking_number_used(), state->mutable_tracking());
    case NoticeEvent::kUnmatchedReportKept: {
      *state->mutable_tracking()->add_unmatched() = event.unmatched_report_kept().report();
      return;
    }
    case NoticeEvent::kTrackingRangeRegistered:
      return Registered(event.tracking_range_registered(), state->mutable_share());
    case NoticeEvent::kTrackingNumberDrawn:
      return Drawn(event.tracking_number_drawn(), state->mutable_share());
    case NoticeEvent::kResidentErased:
      return state->mutable_erased()->set_erased_micros(meta.time_micros);
    case NoticeEvent::EVENT_NOT_SET:
      return;
  }
}

std::string_view NoticeDomain::EventType(const Event& event) {
  const auto* field = NoticeEvent::descriptor()->FindFieldByNumber(event.event_case());
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}

}  // namespace mynumber::notice
