// What residents' notices are decided on: issuance's events, municipalities, deadlines. For the post office:
// decide_mail.cc.

#include <algorithm>
#include <type_traits>
#include <utility>

#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "services/notice/domain/decide_mail.h"
#include "services/notice/domain/notice.h"
#include "services/notice/domain/refusals.h"
#include "services/notice/domain/state_standing.h"

namespace mynumber::notice {
namespace {

using calendar::Day;
using calendar::DayInTokyo;
using calendar::ToDate;
using calendar::ToDay;
using events::v1::NoticeEvent;
using eventsourcing::EventOf;
using rows::v1::Notice;
using rows::v1::NoticeFile;
using rows::v1::NoticeState;
using Context = NoticeDomain::Context;
using Events = std::vector<EventOf<NoticeEvent>>;
using Outcome = absl::StatusOr<Events>;

// After 17:00 the carrier takes nothing for the same day (domain.md B.5).
constexpr int kSameDayUntilMinute = 17 * 60;
constexpr int kWorkMinutes = 15;

Events Nothing() { return {}; }
Events One(const Context& context, NoticeEvent event) {
  Events events;
  events.push_back({context.subject, std::move(event)});
  return events;
}

bool SameAddressee(const events::v1::Addressee& a, const events::v1::Addressee& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

bool WasPosted(const Notice& notice) { return !notice.pieces().empty(); }

// ---- What number issuance says

NoticeEvent Prepared(const Given& given, const NoticeFile& file, const events::v1::Addressee& addressee,
                     const std::string& number, const std::string& ten_free_digits, int64_t issued_micros) {
  NoticeEvent event;
  auto* prepared = event.mutable_notice_prepared();
  prepared->set_notice(static_cast<uint32_t>(file.notices_size()) + 1);
  *prepared->mutable_addressee() = addressee;
  prepared->set_individual_number(number);
  prepared->set_ten_free_digits(ten_free_digits);
  prepared->set_application_id(given.application_id_for(ten_free_digits, file.notices_size()));
  *prepared->mutable_scan_expected_by() = ToDate(DayInTokyo(issued_micros) + kScanExpectedDays);
  const int months = given.custody_months ? given.custody_months(addressee.municipality_code()) : kCustodyMonths;
  prepared->set_custody_months(static_cast<uint32_t>(months));
  prepared->set_issued_micros(issued_micros);
  return event;
}

Outcome Decide(const Given& given, const NoticeFile& file, const PrepareNotice& command, const Context& context) {
  return One(context, Prepared(given, file, command.addressee, command.individual_number, command.ten_free_digits,
                               command.issued_micros));
}

Outcome Decide(const Given& given, const NoticeFile& file, const PrepareNextNotice& command, const Context& context) {
  if (file.notices().empty()) return refusals::NoticeUnknown();
  const auto& digits = file.notices(0).prepared().ten_free_digits();
  return One(context,
             Prepared(given, file, file.addressee(), command.individual_number, digits, command.issued_micros));
}

Outcome Decide(const Given&, const NoticeFile& file, const ChangeAddressee& command, const Context& context) {
  if (SameAddressee(file.addressee(), command.addressee)) return Nothing();
  NoticeEvent event;
  *event.mutable_addressee_changed()->mutable_addressee() = command.addressee;
  return One(context, std::move(event));
}

Outcome Decide(const Given& given, const NoticeFile& file, const MoveAddressee& command, const Context& context) {
  ChangeAddressee change{file.addressee()};
  change.addressee.set_address(command.address);
  change.addressee.set_postal_code(command.postal_code);
  change.addressee.set_municipality_code(command.municipality_code);
  return Decide(given, file, change, context);
}

Outcome Decide(const Given&, const NoticeFile& file, const CancelNotice& command, const Context& context) {
  if (file.notices().empty()) return Nothing();
  const Notice& notice = *file.notices().rbegin();
  // What is on its way comes back, or is handed to the family.
  if (WasPosted(notice) || notice.cancelled() != events::v1::CANCELLATION_GROUND_UNSPECIFIED) return Nothing();
  NoticeEvent event;
  event.mutable_notice_cancelled()->set_notice(notice.prepared().notice());
  event.mutable_notice_cancelled()->set_ground(command.ground);
  return One(context, std::move(event));
}

// Nobody is known, or is erased already: nothing.
Outcome Erase(const NoticeState& state, const Context& context) {
  if (!state.has_file()) return Nothing();
  NoticeEvent event;
  event.mutable_resident_erased();
  return One(context, std::move(event));
}

// ---- What municipalities ask

// The hotline acts for residents of all municipalities.
bool IsTheirs(const Notice& notice, const type::Actor& actor) {
  constexpr std::string_view kMunicipality = "municipality/";
  if (actor.authority() == "hotline") return true;
  return actor.authority().substr(0, kMunicipality.size()) == kMunicipality &&
         actor.authority().substr(kMunicipality.size()) == notice.addressee().municipality_code();
}

absl::Status MustBeAlive(const Notice& notice) {
  switch (StateOf(notice)) {
    case v1::Notice::STATE_CANCELLED:
      return refusals::NoticeCancelled();
    case v1::Notice::STATE_SUPERSEDED:
      return refusals::NoticeSuperseded();
    case v1::Notice::STATE_DESTROYED:
      return refusals::NoticeDestroyed();
    default:
      return absl::OkStatus();
  }
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const RenderNotice& command, const Context&) {
  if (WasPosted(notice)) return refusals::NoticeNeverReissued();
  NoticeEvent event;
  *event.mutable_notice_rendered()->mutable_actor() = command.actor;
  event.mutable_notice_rendered()->set_notice(notice.prepared().notice());
  return event;
}

int WindowBegins(events::v1::ResendWindow window) {
  switch (window) {
    case events::v1::RESEND_WINDOW_12_TO_14:
      return 12 * 60;
    case events::v1::RESEND_WINDOW_14_TO_16:
      return 14 * 60;
    case events::v1::RESEND_WINDOW_16_TO_18:
      return 16 * 60;
    case events::v1::RESEND_WINDOW_18_TO_20:
      return 18 * 60;
    case events::v1::RESEND_WINDOW_19_TO_21:
      return 19 * 60;
    default:
      return 8 * 60;
  }
}

// The first day that can still be asked for.
Day FirstResendDay(const Notice& notice, const RequestResend& command, int64_t now_micros) {
  const Day today = DayInTokyo(now_micros);
  const Day after_form = *ToDay(CurrentPiece(notice)->fold().last_absent_day()) + 1;
  if (command.way == events::v1::RESEND_WAY_PICK_UP) return std::max(today, after_form);
  const int minute = calendar::MinuteOfDayInTokyo(now_micros);
  const bool today_is_possible = minute < kSameDayUntilMinute && minute < WindowBegins(command.window);
  return std::max(today_is_possible ? today : today + 1, after_form);
}

absl::Status MayBeResent(const Notice& notice, const RequestResend& command, const Context& context) {
  const auto* piece = CurrentPiece(notice);
  switch (StateOf(notice)) {
    case v1::Notice::STATE_PREPARED:
    case v1::Notice::STATE_RENDERED:
      return refusals::NoticeNotPosted();
    case v1::Notice::STATE_DELIVERED:
    case v1::Notice::STATE_HANDED_OVER:
      return refusals::NoticeDelivered();
    case v1::Notice::STATE_IN_CUSTODY:
      return refusals::NoticeReturned();
    default:
      break;
  }
  if (piece->tracking_number() != command.tracking_number) return refusals::TrackingNumberOfAnotherPiece();
  if (!piece->fold().has_absent_day()) return refusals::NoContactForm();
  if (StateOf(notice) == v1::Notice::STATE_RETURNING || DayInTokyo(context.time_micros) > *HeldUntil(notice)) {
    return refusals::StorageOver(*HeldUntil(notice));
  }
  return absl::OkStatus();
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const RequestResend& command, const Context& context) {
  absl::Status status = MayBeResent(notice, command, context);
  if (!status.ok()) return status;
  const Day day = *ToDay(command.day);
  const Day first = FirstResendDay(notice, command, context.time_micros);
  if (day < first) return refusals::ResendDayTooEarly(first);
  if (day > *StorageLimitMax(notice)) return refusals::ResendDayTooLate(*StorageLimitMax(notice));
  NoticeEvent event;
  auto* requested = event.mutable_resend_requested();
  requested->set_notice(notice.prepared().notice());
  requested->set_tracking_number(command.tracking_number);
  requested->set_way(command.way);
  *requested->mutable_day() = command.day;
  requested->set_window(command.window);
  return event;
}

absl::Status MustBeInCustody(const Notice& notice) {
  return StateOf(notice) == v1::Notice::STATE_IN_CUSTODY ? absl::OkStatus() : refusals::NoticeNotInCustody();
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const RecordCounterHandover& command, const Context&) {
  absl::Status status = MustBeInCustody(notice);
  if (!status.ok()) return status;
  NoticeEvent event;
  auto* handed = event.mutable_handed_over_at_counter();
  handed->set_notice(notice.prepared().notice());
  handed->set_identity_check(command.identity_check);
  *handed->mutable_actor() = command.actor;
  return event;
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const MailAgain& command, const Context&) {
  absl::Status status = MustBeInCustody(notice);
  if (!status.ok()) return status;
  if (notice.pieces_size() >= kPiecesMax) return refusals::MailedTooOften(kPiecesMax);
  NoticeEvent event;
  event.mutable_notice_mailed_again()->set_notice(notice.prepared().notice());
  *event.mutable_notice_mailed_again()->mutable_actor() = command.actor;
  return event;
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const RecordDestruction& command, const Context& context) {
  absl::Status status = MustBeInCustody(notice);
  if (!status.ok()) return status;
  const Day until = *CustodyUntil(notice);
  if (DayInTokyo(context.time_micros) <= until) return refusals::CustodyNotEnded(until);
  NoticeEvent event;
  auto* destroyed = event.mutable_notice_destroyed();
  destroyed->set_notice(notice.prepared().notice());
  destroyed->set_record(command.record);
  *destroyed->mutable_actor() = command.actor;
  return event;
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const DisputeDelivery& command, const Context& context) {
  if (StateOf(notice) != v1::Notice::STATE_DELIVERED) return refusals::DeliveryNotClaimed();
  const Day today = DayInTokyo(context.time_micros);
  const auto delivered = ToDay(CurrentPiece(notice)->fold().delivered_day());
  if (delivered && today > *delivered + kDisputeDays) return refusals::DisputePeriodOver(kDisputeDays);
  NoticeEvent event;
  auto* disputed = event.mutable_delivery_disputed();
  disputed->set_notice(notice.prepared().notice());
  disputed->set_statement(command.statement);
  *disputed->mutable_answer_by() = ToDate(today + kInvestigationDays);
  return event;
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const RecordInvestigation& command, const Context&) {
  if (!IsDisputed(notice)) return refusals::NoInvestigation();
  NoticeEvent event;
  auto* ended = event.mutable_investigation_ended();
  ended->set_notice(notice.prepared().notice());
  ended->set_outcome(command.outcome);
  ended->set_record(command.record);
  return event;
}

// Nothing against it: the work is open, and nobody else has it.
absl::Status MayWork(const Notice& notice, events::v1::WorkKind kind, const type::Actor& actor, int64_t now_micros) {
  const auto open = WorkOf(notice);
  const bool is_open = std::any_of(open.begin(), open.end(), [&](const OpenWork& work) { return work.kind == kind; });
  if (!is_open) return refusals::WorkNotOpen();
  const rows::v1::Work* work = FindWork(notice, kind);
  const bool is_another = work != nullptr && work->until_micros() > now_micros &&
                          (work->claimed_by().authority() != actor.authority() ||
                           work->claimed_by().clerk_id() != actor.clerk_id());
  return is_another ? refusals::WorkClaimedByAnother(work->until_micros()) : absl::OkStatus();
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const ClaimWork& command, const Context& context) {
  absl::Status status = MayWork(notice, command.kind, command.actor, context.time_micros);
  if (!status.ok()) return status;
  NoticeEvent event;
  auto* claimed = event.mutable_work_claimed();
  claimed->set_notice(notice.prepared().notice());
  claimed->set_kind(command.kind);
  *claimed->mutable_actor() = command.actor;
  const int minutes = command.minutes == 0 ? kWorkMinutes : command.minutes;
  claimed->set_until_micros(context.time_micros + int64_t{minutes} * 60 * 1'000'000);
  return event;
}

absl::StatusOr<NoticeEvent> DecideOne(const Notice& notice, const ResolveWork& command, const Context& context) {
  absl::Status status = MayWork(notice, command.kind, command.actor, context.time_micros);
  if (!status.ok()) return status;
  NoticeEvent event;
  auto* resolved = event.mutable_work_resolved();
  resolved->set_notice(notice.prepared().notice());
  resolved->set_kind(command.kind);
  resolved->set_record(command.record);
  *resolved->mutable_actor() = command.actor;
  return event;
}

template <class Asked>
Outcome Decide(const Given&, const NoticeFile& file, const Asked& command, const Context& context) {
  const Notice* notice = FindNotice(file, command.notice);
  if (notice == nullptr) return refusals::NoticeUnknown();
  if (!IsTheirs(*notice, command.actor)) return refusals::MunicipalityNotYours();
  absl::Status status = MustBeAlive(*notice);
  if (!status.ok()) return status;
  auto event = DecideOne(*notice, command, context);
  if (!event.ok()) return event.status();
  return One(context, *std::move(event));
}

// ---- What time brings

Outcome Decide(const Given&, const NoticeFile& file, const MeetDeadline& command, const Context& context) {
  const Notice* notice = FindNotice(file, command.notice);
  if (notice == nullptr) return Nothing();
  for (const Due& due : DuesOf(*notice)) {
    if (due.kind != command.kind || DueMicros(due) > context.time_micros) continue;
    NoticeEvent event;
    auto* passed = event.mutable_deadline_passed();
    passed->set_notice(notice->prepared().notice());
    passed->set_kind(due.kind);
    *passed->mutable_day() = ToDate(due.day);
    return One(context, std::move(event));
  }
  return Nothing();
}

// ---- Who was erased

template <class Asked, class = void>
constexpr bool kIsCall = false;
template <class Asked>
constexpr bool kIsCall<Asked, std::void_t<decltype(Asked::actor)>> = true;

// Whoever asks is told. All else was under way when the resident was erased: an event of number issuance, a deadline, a
// place in the manifest's queue. It has lost its object.
template <class Asked>
Outcome DecideErased(const Asked&) {
  if constexpr (kIsCall<Asked>) return refusals::ResidentErased();
  return Nothing();
}

}  // namespace

Outcome NoticeDomain::Decide(const State& state, const Command& command, const Context& context) const {
  return std::visit(
      [&](const auto& asked) -> Outcome {
        using Asked = std::decay_t<decltype(asked)>;
        if (state.has_erased()) return DecideErased(asked);
        if constexpr (std::is_same_v<Asked, EraseResident>) {
          return Erase(state, context);
        } else if constexpr (std::is_same_v<Asked, PostNotice> || std::is_same_v<Asked, ReportTracking> ||
                             std::is_same_v<Asked, RegisterRange>) {
          return DecideMail(given, state, asked, context);
        } else {
          return notice::Decide(given, state.file(), asked, context);
        }
      },
      command);
}

}  // namespace mynumber::notice
