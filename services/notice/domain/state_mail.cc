#include "services/notice/domain/state_mail.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_replace.h"
#include "libs/calendar/date.h"
#include "services/notice/domain/notice.h"

namespace mynumber::notice {
namespace {

using events::v1::MailStatus;
using events::v1::ReportKey;
using events::v1::TrackingReport;
using rows::v1::MailFold;
using rows::v1::Piece;

struct Word {
  std::string_view text;
  MailStatus status;
};
constexpr Word kWords[] = {
    {"引受", events::v1::MAIL_STATUS_ACCEPTED},
    {"中継", events::v1::MAIL_STATUS_IN_TRANSIT},
    {"通過", events::v1::MAIL_STATUS_IN_TRANSIT},
    {"発送", events::v1::MAIL_STATUS_IN_TRANSIT},
    {"到着", events::v1::MAIL_STATUS_ARRIVED_AT_DELIVERY_OFFICE},
    {"持ち出し中", events::v1::MAIL_STATUS_OUT_FOR_DELIVERY},
    {"配達局から出発", events::v1::MAIL_STATUS_OUT_FOR_DELIVERY},
    {"ご不在のため持ち戻り", events::v1::MAIL_STATUS_ABSENT_CARRIED_BACK},
    {"保管", events::v1::MAIL_STATUS_HELD_AT_OFFICE},
    {"お届け先休日のため保管", events::v1::MAIL_STATUS_HELD_AT_OFFICE},
    {"配達希望受付", events::v1::MAIL_STATUS_REDELIVERY_REQUESTED},
    {"最寄局・最寄店送付", events::v1::MAIL_STATUS_SENT_TO_PICKUP_POINT},
    {"転送", events::v1::MAIL_STATUS_FORWARDED},
    {"調査中", events::v1::MAIL_STATUS_UNDER_INVESTIGATION},
    {"差出人に返送", events::v1::MAIL_STATUS_RETURNING_TO_SENDER},
    {"コンビニエンスストアに引渡", events::v1::MAIL_STATUS_HANDED_TO_STORE},
    {"窓口でお渡し", events::v1::MAIL_STATUS_HANDED_OVER_AT_COUNTER},
    {"お届け先にお届け済み", events::v1::MAIL_STATUS_DELIVERED},
    {"差出人に返送済み", events::v1::MAIL_STATUS_RETURNED_TO_SENDER},
};

// Ends a journey, or turns it round.
bool IsDecisive(MailStatus status) { return status >= events::v1::MAIL_STATUS_RETURNING_TO_SENDER; }
bool IsReturn(MailStatus status) {
  return status == events::v1::MAIL_STATUS_RETURNING_TO_SENDER || status == events::v1::MAIL_STATUS_RETURNED_TO_SENDER;
}

int MinuteInOrder(const TrackingReport& report, MailStatus status) {
  if (report.has_minute_of_day()) return static_cast<int>(report.minute_of_day());
  return IsDecisive(status) ? 24 * 60 : -1;
}

auto OrderOf(const TrackingReport& report) {
  const MailStatus status = StatusOf(report.status());
  return std::make_tuple(calendar::DayNumber(report.day()), MinuteInOrder(report, status), static_cast<int>(status),
                         std::string_view(report.status()), std::string_view(report.office()),
                         report.has_minute_of_day());
}

// What two reports of one key may differ in.
auto RestOf(const TrackingReport& report) {
  return std::make_tuple(std::string_view(report.detail()), std::string_view(report.prefecture()),
                         std::string_view(report.postal_code()));
}

auto OrderOf(const ReportKey& key) {
  return std::make_tuple(calendar::DayNumber(key.day()), key.has_minute_of_day() ? int(key.minute_of_day()) : -1,
                         std::string_view(key.status()), std::string_view(key.office()));
}

bool IsWithdrawn(const Piece& piece, const ReportKey& key) {
  return std::any_of(piece.withdrawn().begin(), piece.withdrawn().end(),
                     [&](const ReportKey& withdrawn) { return SameKey(withdrawn, key); });
}

const TrackingReport* Find(const Piece& piece, const ReportKey& key) {
  for (const TrackingReport& known : piece.reports()) {
    if (SameKey(KeyOf(known), key)) return &known;
  }
  return nullptr;
}

// The next report in the order of events.
void FoldOne(const TrackingReport& report, MailFold* fold) {
  const MailStatus status = StatusOf(report.status());
  if (status == events::v1::MAIL_STATUS_UNKNOWN) {
    fold->set_unknown_words(fold->unknown_words() + 1);
    return;
  }
  if (status == events::v1::MAIL_STATUS_FORWARDED) fold->set_forwarded(true);
  if (status == events::v1::MAIL_STATUS_ABSENT_CARRIED_BACK) {
    if (!fold->has_absent_day()) *fold->mutable_absent_day() = report.day();
    *fold->mutable_last_absent_day() = report.day();
    fold->set_attempts_in_vain(fold->attempts_in_vain() + 1);
  }
  if (IsDecisive(status)) {
    *(IsReturn(status) ? fold->mutable_returned_day() : fold->mutable_delivered_day()) = report.day();
  }
  if (IsDecisive(fold->status()) && !IsDecisive(status)) return;
  fold->set_status(status);
  *fold->mutable_since_day() = report.day();
  fold->clear_since_minute_of_day();
  if (report.has_minute_of_day()) fold->set_since_minute_of_day(report.minute_of_day());
}

void FoldAnew(Piece* piece) {
  MailFold fold;
  for (const TrackingReport& report : piece->reports()) {
    if (!IsTakenBack(*piece, report)) FoldOne(report, &fold);
  }
  fold.set_contradictory(fold.has_delivered_day() && fold.has_returned_day());
  *piece->mutable_fold() = std::move(fold);
}

}  // namespace

MailStatus StatusOf(std::string_view word) {
  const std::string bare = absl::StrReplaceAll(std::string(word), {{" ", ""}, {"　", ""}, {"\t", ""}});
  for (const Word& known : kWords) {
    if (known.text == bare) return known.status;
  }
  return events::v1::MAIL_STATUS_UNKNOWN;
}

ReportKey KeyOf(const TrackingReport& report) {
  ReportKey key;
  *key.mutable_day() = report.day();
  if (report.has_minute_of_day()) key.set_minute_of_day(report.minute_of_day());
  key.set_status(report.status());
  key.set_office(report.office());
  return key;
}

bool SameKey(const ReportKey& a, const ReportKey& b) {
  return OrderOf(a) == OrderOf(b) && a.has_minute_of_day() == b.has_minute_of_day();
}

calendar::Day MatchingDay(const TrackingReport& report) {
  const auto& day = report.status().empty() ? report.withdraws().day() : report.day();
  return calendar::ToDay(day).value_or(calendar::Day());
}

const events::v1::TrackingNumberUsed* UseFor(const rows::v1::TrackingNumberState& tracking,
                                             const TrackingReport& report) {
  const calendar::Day day = MatchingDay(report);
  const events::v1::TrackingNumberUsed* found = nullptr;
  for (const auto& use : tracking.uses()) {
    const calendar::Day begins = *calendar::ToDay(use.acceptance_date());
    if (begins <= day && day <= begins + kTrackingDays) found = &use;
  }
  return found;
}

bool IsTakenBack(const Piece& piece, const TrackingReport& report) { return IsWithdrawn(piece, KeyOf(report)); }

bool IsNews(const Piece& piece, const TrackingReport& report) {
  if (report.has_withdraws() && !IsWithdrawn(piece, report.withdraws())) return true;
  if (report.status().empty()) return false;
  const TrackingReport* known = Find(piece, KeyOf(report));
  return known == nullptr || RestOf(*known) < RestOf(report);
}

void TakeReport(const TrackingReport& report, Piece* piece) {
  if (report.has_withdraws() && !IsWithdrawn(*piece, report.withdraws())) {
    *piece->add_withdrawn() = report.withdraws();
    std::sort(piece->mutable_withdrawn()->begin(), piece->mutable_withdrawn()->end(),
              [](const ReportKey& a, const ReportKey& b) { return OrderOf(a) < OrderOf(b); });
  }
  if (!report.status().empty()) {
    TrackingReport plain = report;
    plain.clear_withdraws();
    const TrackingReport* known = Find(*piece, KeyOf(report));
    if (known == nullptr) {
      *piece->add_reports() = std::move(plain);
      std::sort(piece->mutable_reports()->begin(), piece->mutable_reports()->end(),
                [](const TrackingReport& a, const TrackingReport& b) { return OrderOf(a) < OrderOf(b); });
    } else if (RestOf(*known) < RestOf(report)) {
      *const_cast<TrackingReport*>(known) = std::move(plain);
    }
  }
  FoldAnew(piece);
}

}  // namespace mynumber::notice
