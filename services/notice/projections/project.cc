#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/calendar/date.h"
#include "libs/eventsourcing/big_endian.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/notice/domain/state_mail.h"
#include "services/notice/domain/notice.h"
#include "services/notice/domain/state_standing.h"
#include "services/notice/projections/tables.h"

namespace mynumber::notice {
namespace {

using eventsourcing::EventMeta;
using eventsourcing::RowChange;
using eventsourcing::SubjectId;
using events::v1::NoticeEvent;
using rows::v1::Notice;
using rows::v1::NoticeState;
using Rows = std::map<std::string, std::string>;

std::string DayBytes(calendar::Day day) { return EncodeDay(calendar::DayNumber(day)); }

void RowsOfDues(const SubjectId& resident, const Notice& notice, const std::string& key, Rows* rows) {
  const std::vector<Due> dues = DuesOf(notice);
  if (dues.empty()) return;
  for (const Due& due : dues) {
    const char mark = DeadlineMark(notice.prepared().notice(), due.kind);
    (*rows)[eventsourcing::DeadlineKey({DueMicros(due), resident, mark})];
  }
  const Due first = *NextDue(dues);
  (*rows)[TableOf(kDueTable, notice.addressee().municipality_code()) + DayBytes(first.day) + key] =
      std::string(1, static_cast<char>(first.kind));
}

void RowsOf(const SubjectId& resident, const Notice& notice, Rows* rows) {
  const std::string key = EncodeNotice({resident, notice.prepared().notice()});
  const std::string& municipality = notice.addressee().municipality_code();
  (*rows)[TableOf(kStateOfNoticeTable, municipality) + static_cast<char>(StateOf(notice)) + key];
  RowsOfDues(resident, notice, key, rows);
  for (const OpenWork& work : WorkOf(notice)) {
    (*rows)[TableOf(kWorkTable, municipality) + DayBytes(work.day) + static_cast<char>(work.kind) + key];
  }
  if (IsToBePosted(notice)) (*rows)[TableOf(kToBePostedTable, key)];
  for (const auto& piece : notice.pieces()) {
    const int32_t day = calendar::DayNumber(piece.acceptance_date());
    (*rows)[TableOf(kManifestTable, EncodeDay(day)) + piece.tracking_number() + key];
  }
}

// A function of the state alone, so that no event forgets one, and of who was erased none is left.
Rows RowsOf(const SubjectId& subject, const NoticeState& state) {
  Rows rows;
  for (const Notice& notice : state.file().notices()) RowsOf(subject, notice, &rows);
  return rows;
}

void ProjectRows(const SubjectId& subject, const NoticeState& before, const NoticeState& after,
                 std::vector<RowChange>* changes) {
  const Rows was = RowsOf(subject, before), is = RowsOf(subject, after);
  for (const auto& [key, value] : was) {
    if (is.count(key) == 0) changes->push_back({RowChange::Kind::kDelete, key, {}, 0});
  }
  for (const auto& [key, value] : is) {
    const auto found = was.find(key);
    if (found == was.end() || found->second != value) changes->push_back({RowChange::Kind::kPut, key, value, 0});
  }
}

// Which notice an event is of; 0: of none, or of all.
uint32_t NoticeOf(const NoticeEvent& event, const NoticeState& after) {
  const auto* reflection = event.GetReflection();
  const auto* field = event.GetDescriptor()->FindFieldByNumber(event.event_case());
  if (field == nullptr) return 0;
  const auto& message = reflection->GetMessage(event, field);
  const auto* number = message.GetDescriptor()->FindFieldByName("notice");
  if (number != nullptr) return message.GetReflection()->GetUInt32(message, number);
  return static_cast<uint32_t>(after.file().notices_size());
}

// Nothing of the erasing itself: whose feed it would stand in is known no more to whoever folds without the key.
void ProjectFeed(const NoticeState& after, const NoticeEvent& event, const EventMeta& meta,
                 std::vector<RowChange>* changes) {
  const uint32_t number = NoticeOf(event, after);
  if (!after.has_file() || number == 0) return;
  const Notice& notice = after.file().notices(static_cast<int>(number) - 1);
  rows::v1::FeedRow row;
  row.set_resident(std::string(meta.subject.view()));
  row.set_notice(number);
  row.set_state(StateOf(notice));
  row.set_event_type(std::string(NoticeDomain::EventType(event)));
  row.set_time_micros(meta.time_micros);
  row.set_sequence(meta.sequence);
  row.set_index(meta.index);
  changes->push_back({RowChange::Kind::kAppend, TableOf(kFeedTable, notice.addressee().municipality_code()),
                      row.SerializeAsString(), 0});
}

void ProjectUnknownWord(const NoticeEvent& event, std::vector<RowChange>* changes) {
  if (!event.has_tracking_reported() && !event.has_unmatched_report_kept()) return;
  const auto& report =
      event.has_tracking_reported() ? event.tracking_reported().report() : event.unmatched_report_kept().report();
  if (report.status().empty() || StatusOf(report.status()) != events::v1::MAIL_STATUS_UNKNOWN) return;
  changes->push_back({RowChange::Kind::kCount, TableOf(kUnknownWordTable, report.status()), {}, 0});
}

}  // namespace

void NoticeDomain::Project(const State& before, const State& after, const Event& event, const EventMeta& meta,
                           std::vector<RowChange>* changes) const {
  ProjectRows(meta.subject, before, after, changes);
  ProjectFeed(after, event, meta, changes);
  ProjectUnknownWord(event, changes);
}

std::string EncodeDay(int32_t day_number) {
  std::string out;
  eventsourcing::AppendBigEndian(static_cast<uint32_t>(day_number), 4, &out);
  return out;
}

std::string EncodeNotice(const NoticeKey& key) {
  return std::string(key.resident.view()).append(1, static_cast<char>(key.notice));
}

NoticeKey NoticeOfKey(std::string_view key) {
  const std::string_view end = key.substr(key.size() - 17);
  return {SubjectId::FromBytes(end.substr(0, 16)), static_cast<uint8_t>(end[16])};
}

}  // namespace mynumber::notice
