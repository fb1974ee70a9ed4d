#include "services/notice/metrics.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "libs/calendar/date.h"
#include "libs/eventsourcing/big_endian.h"
#include "services/notice/domain/state_standing.h"
#include "services/notice/projections/tables.h"

namespace mynumber::notice {
namespace {

using events::v1::WorkKind;

// WORK_KIND_NO_SCAN is "no_scan".
std::string LabelOf(WorkKind kind) {
  return absl::AsciiStrToLower(events::v1::WorkKind_Name(kind).substr(std::string_view("WORK_KIND_").size()));
}

// A key of the work list, behind table and municipality.
struct Piece {
  int32_t day_number;
  WorkKind kind;
  NoticeKey notice;
};
constexpr size_t kBeforeDay = 1 + 6;

Piece PieceOf(std::string_view key) {
  const auto day = static_cast<int32_t>(eventsourcing::BigEndian(key.substr(kBeforeDay, 4)));
  return {day, static_cast<WorkKind>(key[kBeforeDay + 4]), NoticeOfKey(key)};
}

// Since it came back, of the one whose custody ends first.
double DaysSinceReturn(const ServiceContext& context, const NoticeKey& key, int32_t today) {
  rows::v1::NoticeState state;
  const auto found = context.Read(key.resident, &state);
  const rows::v1::Notice* notice = found.ok() && *found ? FindNotice(state.file(), key.notice) : nullptr;
  const auto back = notice == nullptr ? std::nullopt : CameBack(*notice);
  return back ? std::max(0, today - calendar::DayNumber(*back)) : 0;
}

}  // namespace

NoticeMetrics::NoticeMetrics(metrics::Registry* registry) {
  const metrics::Labels own = {{"service", "notice"}};
  for (int kind = 1; kind < events::v1::WorkKind_ARRAYSIZE; ++kind) {
    metrics::Labels labels = own;
    labels.emplace_back("kind", LabelOf(static_cast<WorkKind>(kind)));
    work_.push_back(registry->AddGauge("mynumber_notice_work", "Open work of municipalities, by kind.", labels));
  }
  no_scan_days_ = registry->AddGauge(
      "mynumber_notice_oldest_without_scan_days",
      "Days since the post office should have scanned the notice, posted or not, that it has not for longest.", own);
  return_days_ = registry->AddGauge("mynumber_notice_oldest_return_days",
                                    "Days since the notice came back that has been in custody for the longest time.",
                                    own);
  to_be_posted_ = registry->AddGauge("mynumber_notices_to_be_posted", "Notices for the next manifest.", own);
}

void NoticeMetrics::NowAndThen(const ServiceContext& context) {
  if (!pace_.IsTime()) return;
  const int32_t today = calendar::DayNumber(context.Today());
  std::vector<double> counts(work_.size());
  std::map<WorkKind, Piece> first;
  serving::VisitServedRows(context, kWorkTable, [&](uint32_t, std::string_view key, std::string_view) {
    const Piece piece = PieceOf(key);
    const auto index = static_cast<size_t>(piece.kind) - 1;
    if (index >= counts.size()) return;
    ++counts[index];
    const auto known = first.emplace(piece.kind, piece).first;
    if (piece.day_number < known->second.day_number) known->second = piece;
  });
  for (size_t i = 0; i < counts.size(); ++i) work_[i].Set(counts[i]);
  const auto no_scan = first.find(events::v1::WORK_KIND_NO_SCAN);
  no_scan_days_.Set(no_scan == first.end() ? 0 : std::max(0, today - no_scan->second.day_number));
  const auto in_custody = first.find(events::v1::WORK_KIND_IN_CUSTODY);
  return_days_.Set(in_custody == first.end() ? 0 : DaysSinceReturn(context, in_custody->second.notice, today));
  to_be_posted_.Set(serving::CountServedRows(context, kToBePostedTable));
}

}  // namespace mynumber::notice
