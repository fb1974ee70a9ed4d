#include "services/notice/service_answers.h"

#include "google/protobuf/util/time_util.h"
#include "libs/calendar/date.h"
#include "services/notice/domain/state_mail.h"
#include "services/notice/domain/state_standing.h"

namespace mynumber::notice {
namespace {

using google::protobuf::util::TimeUtil;

void FillDays(const rows::v1::Notice& notice, v1::Notice* answer) {
  if (const auto first = NextDue(DuesOf(notice))) {
    *answer->mutable_due_date() = calendar::ToDate(first->day);
    answer->set_due_kind(first->kind);
  }
  if (const auto until = HeldUntil(notice)) *answer->mutable_held_until() = calendar::ToDate(*until);
  if (const auto until = CustodyUntil(notice)) *answer->mutable_custody_until() = calendar::ToDate(*until);
}

void FillPiece(const rows::v1::Piece& piece, v1::Notice* answer) {
  answer->set_tracking_number(piece.tracking_number());
  *answer->mutable_acceptance_date() = piece.acceptance_date();
  for (const auto& report : piece.reports()) {
    if (!IsTakenBack(piece, report)) *answer->add_reports() = report;
  }
  if (piece.has_resend()) *answer->mutable_resend() = piece.resend();
  answer->set_forwarded(piece.fold().forwarded());
  answer->set_unknown_words(piece.fold().unknown_words());
  answer->set_contradictory(piece.fold().contradictory());
}

}  // namespace

void FillNotice(const rows::v1::NoticeState& state, const eventsourcing::SubjectId& resident,
                const rows::v1::Notice& notice, const eventsourcing::Position* position, v1::Notice* answer) {
  answer->set_name(FormatNoticeName({resident, notice.prepared().notice()}));
  answer->set_state(StateOf(notice));
  answer->set_version(state.version());
  answer->set_municipality_code(notice.addressee().municipality_code());
  if (const rows::v1::Piece* piece = CurrentPiece(notice)) FillPiece(*piece, answer);
  FillDays(notice, answer);
  answer->set_disputed(notice.has_dispute());
  answer->set_investigation_outcome(notice.dispute().outcome());
  *answer->mutable_prepare_time() = TimeUtil::MicrosecondsToTimestamp(notice.prepared().issued_micros());
  if (position != nullptr) answer->set_position(eventsourcing::FormatPosition(*position));
}

void FillWork(const rows::v1::Notice& notice, const NoticeName& name, events::v1::WorkKind kind, int64_t now_micros,
              v1::Work* answer) {
  answer->set_notice(FormatNoticeName(name));
  answer->set_kind(kind);
  for (const OpenWork& open : WorkOf(notice)) {
    if (open.kind == kind) *answer->mutable_day() = calendar::ToDate(open.day);
  }
  const rows::v1::Work* work = FindWork(notice, kind);
  if (work == nullptr || work->until_micros() <= now_micros) return;
  *answer->mutable_claimed_by() = work->claimed_by();
  *answer->mutable_claimed_until() = TimeUtil::MicrosecondsToTimestamp(work->until_micros());
}

}  // namespace mynumber::notice
