#ifndef MYNUMBER_SERVICES_HOTLINE_PROJECTIONS_TABLES_H_
#define MYNUMBER_SERVICES_HOTLINE_PROJECTIONS_TABLES_H_

// The service's own tables, byte for byte; the aggregates' rows, receipts and the head are the engine's
// (libs/eventsourcing/sealed_rows.h).
//
//   's' state (1) opened, micros (8) case (16)     cases by state, the oldest first
//   'o' case (16)                                  cases with a suspension that is not yet in effect

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/eventsourcing/subject.h"

namespace mynumber::hotline {

// Raised whenever a row's meaning changes: rows of another version are folded afresh.
inline constexpr uint32_t kProjectionVersion = 3;

inline constexpr char kCaseOfStateTable = 's';
inline constexpr char kPendingTable = 'o';

// What tells its deadline apart: a closed case's retention period ends.
inline constexpr char kCaseErasure = 'e';

// Behind the state: when the case was opened, and the case.
constexpr size_t kCaseOfStateBytes = 8 + 16;

// The case, of what the last 16 bytes of a key say.
inline eventsourcing::SubjectId CaseOfKey(std::string_view key) {
  return eventsourcing::SubjectId::FromBytes(key.substr(key.size() - 16));
}

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_PROJECTIONS_TABLES_H_
