#include "services/notice/domain/state_standing.h"

#include <algorithm>

#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "services/notice/domain/notice.h"

namespace mynumber::notice {
namespace {

using calendar::Day;
using calendar::ToDay;
using events::v1::DeadlineKind;
using events::v1::WorkKind;
using rows::v1::Notice;
using rows::v1::Piece;

bool HasPassed(const Notice& notice, DeadlineKind kind, Day day) {
  return std::any_of(notice.passed().begin(), notice.passed().end(), [&](const auto& passed) {
    return passed.kind() == kind && ToDay(passed.day()) >= day;
  });
}

// A contact form that is younger than what was asked for makes it void: nobody was there again.
bool ResendStands(const Notice& notice, const Piece& piece) {
  if (!piece.has_resend()) return false;
  const auto day = ToDay(piece.resend().day());
  if (ToDay(piece.fold().last_absent_day()) >= day) return false;
  return !HasPassed(notice, events::v1::DEADLINE_KIND_RESEND, *day);
}

v1::Notice::State StateAfterInvestigation(events::v1::InvestigationOutcome outcome) {
  switch (outcome) {
    case events::v1::INVESTIGATION_OUTCOME_DELIVERED:
      return v1::Notice::STATE_DELIVERED;
    case events::v1::INVESTIGATION_OUTCOME_FOUND_AND_RETURNED:
      return v1::Notice::STATE_IN_CUSTODY;
    default:
      return v1::Notice::STATE_LOST;
  }
}

v1::Notice::State StateAtPostOffice(const Notice& notice, const Piece& piece) {
  const bool stands = ResendStands(notice, piece);
  if (HasPassed(notice, events::v1::DEADLINE_KIND_STORAGE, *HeldUntil(notice))) return v1::Notice::STATE_RETURNING;
  if (!stands) return v1::Notice::STATE_HELD;
  return piece.resend().way() == events::v1::RESEND_WAY_PICK_UP ? v1::Notice::STATE_PICK_UP_REQUESTED
                                                                 : v1::Notice::STATE_RESEND_REQUESTED;
}

v1::Notice::State StateInTheMail(const Notice& notice, const Piece& piece) {
  switch (piece.fold().status()) {
    case events::v1::MAIL_STATUS_RETURNED_TO_SENDER:
      return v1::Notice::STATE_IN_CUSTODY;
    case events::v1::MAIL_STATUS_RETURNING_TO_SENDER:
      return v1::Notice::STATE_RETURNING;
    case events::v1::MAIL_STATUS_DELIVERED:
    case events::v1::MAIL_STATUS_HANDED_OVER_AT_COUNTER:
    case events::v1::MAIL_STATUS_HANDED_TO_STORE:
      return v1::Notice::STATE_DELIVERED;
    case events::v1::MAIL_STATUS_UNDER_INVESTIGATION:
      return v1::Notice::STATE_UNDER_INVESTIGATION;
    default:
      return piece.fold().has_absent_day() ? StateAtPostOffice(notice, piece) : v1::Notice::STATE_POSTED;
  }
}

bool IsAtPostOffice(v1::Notice::State state) {
  return state == v1::Notice::STATE_HELD || state == v1::Notice::STATE_RESEND_REQUESTED ||
         state == v1::Notice::STATE_PICK_UP_REQUESTED;
}

void Add(const Notice& notice, DeadlineKind kind, std::optional<Day> day, std::vector<Due>* dues) {
  if (day && !HasPassed(notice, kind, *day)) dues->push_back({kind, *day});
}

void AddWork(const Notice& notice, WorkKind kind, std::optional<Day> day, std::vector<OpenWork>* works) {
  const rows::v1::Work* known = FindWork(notice, kind);
  if (day && (known == nullptr || !known->resolved())) works->push_back({kind, *day});
}

bool WasNeverSeen(const Notice& notice) {
  const Piece* piece = CurrentPiece(notice);
  return piece == nullptr || piece->reports().empty();
}

}  // namespace

const Notice* FindNotice(const rows::v1::NoticeFile& file, uint32_t notice) {
  const auto& notices = file.notices();
  if (notices.empty() || notice > static_cast<uint32_t>(notices.size())) return nullptr;
  return notice == 0 ? &*notices.rbegin() : &notices[static_cast<int>(notice) - 1];
}

bool IsPiece(const Piece& piece, std::string_view tracking_number, const type::Date& acceptance_date) {
  return piece.tracking_number() == tracking_number &&
         calendar::DayNumber(piece.acceptance_date()) == calendar::DayNumber(acceptance_date);
}

const Piece* CurrentPiece(const Notice& notice) {
  return notice.pieces().empty() ? nullptr : &notice.pieces(notice.pieces_size() - 1);
}

v1::Notice::State StateOf(const Notice& notice) {
  if (notice.destroyed_micros() != 0) return v1::Notice::STATE_DESTROYED;
  if (notice.handed_over_micros() != 0) return v1::Notice::STATE_HANDED_OVER;
  if (notice.cancelled() != events::v1::CANCELLATION_GROUND_UNSPECIFIED) return v1::Notice::STATE_CANCELLED;
  if (notice.superseded()) return v1::Notice::STATE_SUPERSEDED;
  const Piece* piece = CurrentPiece(notice);
  if (piece == nullptr || notice.to_be_mailed_again()) {
    return notice.rendered() ? v1::Notice::STATE_RENDERED : v1::Notice::STATE_PREPARED;
  }
  if (IsDisputed(notice)) return v1::Notice::STATE_UNDER_INVESTIGATION;
  const auto outcome = notice.dispute().outcome();
  const bool came_back = piece->fold().has_returned_day();
  if (outcome != events::v1::INVESTIGATION_OUTCOME_UNSPECIFIED && !came_back) return StateAfterInvestigation(outcome);
  return StateInTheMail(notice, *piece);
}

bool IsToBePosted(const Notice& notice) {
  return StateOf(notice) == v1::Notice::STATE_RENDERED;
}

bool IsOpen(const Notice& notice) {
  switch (StateOf(notice)) {
    case v1::Notice::STATE_HANDED_OVER:
    case v1::Notice::STATE_DESTROYED:
    case v1::Notice::STATE_CANCELLED:
    case v1::Notice::STATE_SUPERSEDED:
      return false;
    default:
      return true;
  }
}

bool IsDisputed(const Notice& notice) {
  return notice.has_dispute() && notice.dispute().outcome() == events::v1::INVESTIGATION_OUTCOME_UNSPECIFIED;
}

std::optional<Day> StorageLimit(const Notice& notice) {
  const Piece* piece = CurrentPiece(notice);
  if (piece == nullptr || !piece->fold().has_absent_day()) return std::nullopt;
  return calendar::LimitDay(*ToDay(piece->fold().absent_day()), calendar::kStorageDays);
}

std::optional<Day> StorageLimitMax(const Notice& notice) {
  const auto limit = StorageLimit(notice);
  if (!limit) return std::nullopt;
  return *limit + (calendar::kStorageDaysMax - calendar::kStorageDays);
}

std::optional<Day> HeldUntil(const Notice& notice) {
  const auto limit = StorageLimit(notice);
  if (!limit || !CurrentPiece(notice)->has_resend()) return limit;
  return std::max(*limit, ToDay(CurrentPiece(notice)->resend().day()).value_or(*limit));
}

std::optional<Day> CameBack(const Notice& notice) {
  if (StateOf(notice) != v1::Notice::STATE_IN_CUSTODY) return std::nullopt;
  const Piece& piece = *CurrentPiece(notice);
  const auto& back =
      piece.fold().has_returned_day() ? piece.fold().returned_day() : notice.dispute().disputed().answer_by();
  return ToDay(back);
}

std::optional<Day> CustodyUntil(const Notice& notice) {
  const auto back = CameBack(notice);
  if (!back) return std::nullopt;
  return calendar::LimitDayAfterMonths(*back, static_cast<int>(notice.prepared().custody_months()));
}

int64_t DueMicros(const Due& due) { return calendar::StartOfDayMicros(due.day + 1); }

std::vector<Due> DuesOf(const Notice& notice) {
  std::vector<Due> dues;
  if (!IsOpen(notice)) return dues;
  const auto state = StateOf(notice);
  if (WasNeverSeen(notice) && notice.pieces_size() <= 1) {
    Add(notice, events::v1::DEADLINE_KIND_NO_SCAN, ToDay(notice.prepared().scan_expected_by()), &dues);
  }
  if (IsAtPostOffice(state)) {
    Add(notice, events::v1::DEADLINE_KIND_STORAGE, HeldUntil(notice), &dues);
    if (state == v1::Notice::STATE_RESEND_REQUESTED) {
      Add(notice, events::v1::DEADLINE_KIND_RESEND, ToDay(CurrentPiece(notice)->resend().day()), &dues);
    }
  }
  if (const auto until = CustodyUntil(notice)) {
    Add(notice, events::v1::DEADLINE_KIND_CUSTODY_ENDING, *until - kCustodyEndingDays, &dues);
  }
  if (IsDisputed(notice)) {
    Add(notice, events::v1::DEADLINE_KIND_INVESTIGATION, ToDay(notice.dispute().disputed().answer_by()), &dues);
  }
  return dues;
}

std::optional<Due> NextDue(const std::vector<Due>& dues) {
  const auto first =
      std::min_element(dues.begin(), dues.end(), [](const Due& a, const Due& b) { return a.day < b.day; });
  return first == dues.end() ? std::nullopt : std::optional<Due>(*first);
}

std::vector<OpenWork> WorkOf(const Notice& notice) {
  std::vector<OpenWork> works;
  if (!IsOpen(notice)) return works;
  const auto no_scan = ToDay(notice.prepared().scan_expected_by());
  if (no_scan && WasNeverSeen(notice) && HasPassed(notice, events::v1::DEADLINE_KIND_NO_SCAN, *no_scan)) {
    AddWork(notice, events::v1::WORK_KIND_NO_SCAN, no_scan, &works);
  }
  if (IsDisputed(notice)) {
    AddWork(notice, events::v1::WORK_KIND_DELIVERY_DISPUTED, ToDay(notice.dispute().disputed().answer_by()), &works);
  }
  if (const auto until = CustodyUntil(notice)) {
    AddWork(notice, events::v1::WORK_KIND_IN_CUSTODY, until, &works);
    if (HasPassed(notice, events::v1::DEADLINE_KIND_CUSTODY_ENDING, *until - kCustodyEndingDays)) {
      AddWork(notice, events::v1::WORK_KIND_CUSTODY_ENDING, until, &works);
    }
  }
  const Piece* piece = CurrentPiece(notice);
  if (piece != nullptr && piece->fold().forwarded()) {
    AddWork(notice, events::v1::WORK_KIND_FORWARDED, ToDay(piece->acceptance_date()), &works);
  }
  return works;
}

const rows::v1::Work* FindWork(const Notice& notice, WorkKind kind) {
  for (const auto& work : notice.works()) {
    if (work.kind() == kind) return &work;
  }
  return nullptr;
}

}  // namespace mynumber::notice
