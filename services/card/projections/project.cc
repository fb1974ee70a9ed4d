#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/calendar/date.h"
#include "libs/eventsourcing/big_endian.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/card/domain/card.h"
#include "services/card/domain/state_standing.h"
#include "services/card/projections/tables.h"

namespace mynumber::card {
namespace {

using eventsourcing::EventMeta;
using eventsourcing::RowChange;
using eventsourcing::SubjectId;
using rows::v1::Application;
using rows::v1::Card;
using rows::v1::CardState;
using rows::v1::HolderFile;
using Rows = std::map<std::string, std::string>;

bool IsSuspended(v1::Card::State state) {
  return state == v1::Card::STATE_SUSPENDED || state == v1::Card::STATE_HELD;
}

void RowsOf(const SubjectId& resident, const HolderFile& file, const Card& card, Rows* rows) {
  const std::string key = EncodeNumbered({resident, card.ordered().card()});
  // Before the hand-over it lies where it was made for; from then on its holder's municipality has it.
  const bool is_handed_over = card.issued_micros() != 0;
  const std::string& municipality = is_handed_over ? file.person().municipality_code() : card.municipality_code();
  const v1::Card::State state = StateOf(card);
  (*rows)[TableOf(kCardTable, municipality) + static_cast<char>(state) + key];
  (*rows)[TableOf(kBatchTable, EncodeDay(calendar::DayNumber(card.made_date()))) + key];
  if (IsSuspended(state)) (*rows)[TableOf(kSuspendedTable, key)];
  for (const Due& due : DuesOf(card)) {
    (*rows)[eventsourcing::DeadlineKey({DueMicros(due), resident, DeadlineMark(card.ordered().card(), due.kind)})];
    (*rows)[TableOf(kDueTable, municipality) + EncodeDay(calendar::DayNumber(due.day)) + static_cast<char>(due.kind) +
            key];
  }
}

void RowsOf(const SubjectId& resident, const HolderFile& file, const Application& application, Rows* rows) {
  const std::string key = EncodeNumbered({resident, application.number()});
  (*rows)[TableOf(kApplicationTable, file.person().municipality_code()) +
          static_cast<char>(StateOf(application)) + key];
  if (application.stage() == rows::v1::APPLICATION_STAGE_APPROVED) (*rows)[TableOf(kToBeOrderedTable, key)];
  for (const auto& mail : application.mails()) {
    std::string row = TableOf(kMailTable, key) + static_cast<char>(mail.kind());
    eventsourcing::AppendBigEndian(mail.number(), 4, &row);
    (*rows)[row];
  }
}

// A function of the state alone, so that no event forgets one; of settings, and of who was erased, there are none.
Rows RowsOf(const SubjectId& subject, const CardState& state) {
  Rows rows;
  const HolderFile& file = state.file();
  for (const std::string* hash : {&file.name_hash(), &file.kana_hash()}) {
    if (!hash->empty()) rows[TableOf(kNameTable, *hash).append(subject.view())];
  }
  for (const Card& card : file.cards()) RowsOf(subject, file, card, &rows);
  for (const Application& application : file.applications()) RowsOf(subject, file, application, &rows);
  return rows;
}

void ProjectRows(const SubjectId& subject, const CardState& before, const CardState& after,
                 std::vector<RowChange>* changes) {
  const Rows was = RowsOf(subject, before), is = RowsOf(subject, after);
  for (const auto& [key, value] : was) {
    if (is.count(key) == 0) changes->push_back({RowChange::Kind::kDelete, key, {}, 0});
  }
  for (const auto& [key, value] : is) {
    if (was.count(key) == 0) changes->push_back({RowChange::Kind::kPut, key, value, 0});
  }
}

// What a terminal may have taken for true is not any more, or is again.
bool MattersToTerminals(v1::Card::State before, v1::Card::State after) {
  if (before == after) return false;
  return IsSuspended(before) || IsSuspended(after) || IsFinal(after) || after == v1::Card::STATE_IN_USE;
}

void ProjectStatus(const CardState& before, const CardState& after, const EventMeta& meta,
                   std::vector<RowChange>* changes) {
  for (int i = 0; i < after.file().cards_size(); ++i) {
    const Card& card = after.file().cards(i);
    const bool was_there = i < before.file().cards_size();
    const v1::Card::State was = was_there ? StateOf(before.file().cards(i)) : v1::Card::STATE_UNSPECIFIED;
    if (!MattersToTerminals(was, StateOf(card))) continue;
    rows::v1::StatusRow row;
    row.set_resident(std::string(meta.subject.view()));
    row.set_card(card.ordered().card());
    row.set_state(StateOf(card));
    row.set_time_micros(meta.time_micros);
    row.set_sequence(meta.sequence);
    row.set_index(meta.index);
    changes->push_back({RowChange::Kind::kAppend, TableOf(kStatusTable), row.SerializeAsString(), 0});
  }
}

}  // namespace

void CardDomain::Project(const State& before, const State& after, const Event&, const EventMeta& meta,
                         std::vector<RowChange>* changes) const {
  ProjectRows(meta.subject, before, after, changes);
  ProjectStatus(before, after, meta, changes);
}

eventsourcing::SubjectId SettingsSubject(std::string_view municipality_code, uint32_t partition) {
  std::string bytes;
  eventsourcing::AppendBigEndian(partition, 8, &bytes);
  bytes.append(municipality_code).append("ms");
  return SubjectId::FromBytes(bytes);
}

std::string EncodeDay(int32_t day_number) {
  std::string out;
  eventsourcing::AppendBigEndian(static_cast<uint32_t>(day_number), 4, &out);
  return out;
}

int32_t DecodeDay(std::string_view bytes) {
  return static_cast<int32_t>(eventsourcing::BigEndian(bytes.substr(0, 4)));
}

std::string EncodeNumbered(const NumberedKey& key) {
  std::string out(key.resident.view());
  eventsourcing::AppendBigEndian(key.number, 4, &out);
  return out;
}

NumberedKey DecodeNumbered(std::string_view bytes) {
  return {SubjectId::FromBytes(bytes.substr(0, 16)),
          static_cast<uint32_t>(eventsourcing::BigEndian(bytes.substr(16, 4)))};
}

}  // namespace mynumber::card
