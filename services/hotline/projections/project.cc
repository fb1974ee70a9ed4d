#include <algorithm>
#include <string>
#include <vector>

#include "libs/eventsourcing/big_endian.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "services/hotline/domain/hotline_case.h"
#include "services/hotline/domain/state_case.h"
#include "services/hotline/projections/tables.h"

namespace mynumber::hotline {
namespace {

using eventsourcing::RowChange;
using Keys = std::vector<std::string>;

// A function of the state alone, so that no event forgets one.
Keys KeysOf(const eventsourcing::SubjectId& id, const rows::v1::CaseState& state) {
  Keys keys;
  if (!state.has_opened()) return keys;
  std::string by_state = {kCaseOfStateTable, static_cast<char>(StateOf(state))};
  eventsourcing::AppendBigEndian(static_cast<uint64_t>(state.opened_micros()), 8, &by_state);
  keys.push_back(by_state.append(id.view()));
  if (state.closed().erase_micros() != 0) {
    keys.push_back(eventsourcing::DeadlineKey({state.closed().erase_micros(), id, kCaseErasure}));
  }
  if (AnyPending(state)) keys.push_back(std::string(1, kPendingTable).append(id.view()));
  return keys;
}

bool Has(const Keys& keys, const std::string& key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); }

}  // namespace

void HotlineDomain::Project(const State& before, const State& after, const Event&, const eventsourcing::EventMeta& meta,
                            std::vector<RowChange>* changes) const {
  const Keys was = KeysOf(meta.subject, before), is = KeysOf(meta.subject, after);
  for (const std::string& key : was) {
    if (!Has(is, key)) changes->push_back({RowChange::Kind::kDelete, key, {}, 0});
  }
  for (const std::string& key : is) {
    if (!Has(was, key)) changes->push_back({RowChange::Kind::kPut, key, {}, 0});
  }
}

}  // namespace mynumber::hotline
