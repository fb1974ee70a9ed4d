#include <algorithm>
#include <string>
#include <vector>

#include "libs/eventsourcing/big_endian.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/issuance/domain/resident.h"
#include "services/issuance/projections/tables.h"

namespace mynumber::issuance {
namespace {

using eventsourcing::AppendBigEndian;
using eventsourcing::EventMeta;
using eventsourcing::RowChange;
using eventsourcing::SubjectId;
using events::v1::IssuanceEvent;
using rows::v1::ResidentState;

bool IsPerson(const ResidentState& state) {
  return state.status() == ResidentState::STATUS_REGISTERED || state.status() == ResidentState::STATUS_DEPARTED ||
         state.status() == ResidentState::STATUS_DECEASED;
}

// The index rows that a state has: a function of the state alone, so that no event forgets one.
std::vector<std::string> IndexKeys(std::string_view id, const ResidentState& state) {
  std::vector<std::string> keys;
  if (state.status() != ResidentState::STATUS_ERASED && state.erasure().due_micros() != 0) {
    keys.push_back(eventsourcing::DeadlineKey({state.erasure().due_micros(), SubjectId::FromBytes(id), kErasureDue}));
  }
  if (state.access_record().erase_micros() != 0) {
    keys.push_back(eventsourcing::DeadlineKey(
        {state.access_record().erase_micros(), SubjectId::FromBytes(id), kAccessRecordDue}));
  }
  if (!IsPerson(state)) return keys;
  keys.push_back(IndexKey(kMunicipalityTable, state.details().municipality_code(), id));
  const bool departed = state.status() == ResidentState::STATUS_DEPARTED;
  for (const std::string* hash : {&state.name_hash(), &state.kana_hash()}) {
    if (hash->empty()) continue;
    keys.push_back(IndexKey(kNameTable, *hash, id));
    if (departed) keys.push_back(IndexKey(kDepartedTable, *hash, id));
  }
  if (!state.pending_resident_record_code().empty()) keys.push_back(IndexKey(kPendingTable, {}, id));
  return keys;
}

void ProjectIndexes(std::string_view id, const ResidentState& before, const ResidentState& after,
                    std::vector<RowChange>* changes) {
  const std::vector<std::string> old_keys = IndexKeys(id, before);
  std::vector<std::string> new_keys = IndexKeys(id, after);
  const auto has = [](const std::vector<std::string>& keys, const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  for (const std::string& key : old_keys) {
    if (!has(new_keys, key)) changes->push_back({RowChange::Kind::kDelete, key, {}, 0});
  }
  for (std::string& key : new_keys) {
    if (!has(old_keys, key)) changes->push_back({RowChange::Kind::kPut, std::move(key), {}, 0});
  }
}

void AddToDigest(const ResidentState& state, int64_t count, std::vector<RowChange>* changes) {
  if (state.status() != ResidentState::STATUS_REGISTERED) return;
  changes->push_back({RowChange::Kind::kAdd, IndexKey(kDigestTable, state.details().municipality_code()),
                      state.digest(), count});
}

void ProjectDigest(const ResidentState& before, const ResidentState& after, std::vector<RowChange>* changes) {
  if (before.status() == after.status() && before.digest() == after.digest()) return;
  AddToDigest(before, -1, changes);
  AddToDigest(after, +1, changes);
}

// Looks at a number: the disclosures, and those that a designation itself gave. The very first one stands in the state:
// a row less for every resident of a national load.
void ProjectDisclosure(const IssuanceEvent& event, const EventMeta& meta, std::vector<RowChange>* changes) {
  rows::v1::DisclosureRow row;
  events::v1::NumberDisclosed* disclosed = row.mutable_disclosed();
  disclosed->set_way(events::v1::NumberDisclosed::WAY_SHOWN);
  if (event.has_number_disclosed()) {
    *disclosed = event.number_disclosed();
  } else if (event.has_resident_registered() && meta.version > 1) {
    *disclosed->mutable_actor() = event.resident_registered().disclosed_to();
    disclosed->set_generation(event.resident_registered().generation());
    row.set_by_designation(true);
  } else if (event.has_number_replaced()) {
    *disclosed->mutable_actor() = event.number_replaced().disclosed_to();
    disclosed->set_generation(event.number_replaced().generation());
    row.set_by_designation(true);
  } else {
    return;
  }
  row.set_time_micros(meta.time_micros);
  // A resident of whom the subject is the access record is told by the row's key alone.
  const std::string resident = disclosed->resident();
  disclosed->clear_resident();
  disclosed->clear_erase_micros();
  changes->push_back({RowChange::Kind::kPutSealed,
                      PlaceKey(IndexKey(kDisclosureTable, meta.subject.view(), resident), meta.sequence, meta.index),
                      row.SerializeAsString(), 0});
}

void ProjectAccess(const IssuanceEvent& event, const EventMeta& meta, std::vector<RowChange>* changes) {
  if (!event.has_looked_up() && !event.has_attempts_refused()) return;
  rows::v1::AccessRow row;
  if (event.has_looked_up()) *row.mutable_looked_up() = event.looked_up();
  if (event.has_attempts_refused()) *row.mutable_refused() = event.attempts_refused();
  const std::string& authority_id =
      event.has_looked_up() ? event.looked_up().authority_id() : event.attempts_refused().authority_id();
  row.set_time_micros(meta.time_micros);
  changes->push_back({RowChange::Kind::kPutSealed,
                      PlaceKey(IndexKey(kAccessTable, meta.subject.view(), authority_id), meta.sequence, meta.index),
                      row.SerializeAsString(), 0});
}

}  // namespace

std::string IndexKey(char table, std::string_view part, std::string_view id) {
  std::string key;
  key.reserve(1 + part.size() + id.size());
  key.push_back(table);
  key.append(part);
  key.append(id);
  return key;
}

std::string PlaceKey(std::string prefix, uint64_t sequence, uint32_t index) {
  AppendBigEndian(sequence, 8, &prefix);
  AppendBigEndian(index, 4, &prefix);
  return prefix;
}

void Issuance::Project(const ResidentState& before, const ResidentState& after, const IssuanceEvent& event,
                       const EventMeta& meta, std::vector<RowChange>* changes) const {
  ProjectIndexes(meta.subject.view(), before, after, changes);
  ProjectDigest(before, after, changes);
  ProjectDisclosure(event, meta, changes);
  ProjectAccess(event, meta, changes);
}

}  // namespace mynumber::issuance
