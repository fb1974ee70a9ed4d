#ifndef MYNUMBER_SERVICES_ISSUANCE_PROJECTIONS_TABLES_H_
#define MYNUMBER_SERVICES_ISSUANCE_PROJECTIONS_TABLES_H_

// The service's own tables, byte for byte; the aggregates' rows, receipts and the head are the engine's
// (libs/eventsourcing/sealed_rows.h).
//
//   'm' municipality code (6) id (16)            residents of a municipality, whatever became of them but voided ones
//   'n' keyed hash of name or kana and birth date (16) id (16)     look-up by name; voided ones are not found
//   'd' the same hash (16) id (16)               only while departed: is a new registration the same person?
//   'l' access record (16) id (16) sequence (8) index (4)
//                                                looks at the number, sealed DisclosureRow, oldest first
//   'l' id (16) sequence (8) index (4)           those that a later designation gave, and in old logs all
//   'k' access record (16) authority's id (16) sequence (8) index (4)
//                                                what was looked up, and refused, sealed AccessRow, oldest first
//   'g' municipality code (6)                    sum row: registered residents and their digests
//   'x' id (16)                                  a change of record code that has not been answered yet

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/eventsourcing/subject.h"

namespace mynumber::issuance {

// Raised whenever a row's meaning changes: rows of another version are folded afresh.
inline constexpr uint32_t kProjectionVersion = 4;

inline constexpr char kMunicipalityTable = 'm';
inline constexpr char kNameTable = 'n';
inline constexpr char kDepartedTable = 'd';
inline constexpr char kDisclosureTable = 'l';
inline constexpr char kAccessTable = 'k';
inline constexpr char kDigestTable = 'g';
inline constexpr char kPendingTable = 'x';

// What tells deadlines apart: an approved erasure's waiting period ends; an access record's period does.
inline constexpr char kErasureDue = 'e';
inline constexpr char kAccessRecordDue = 'r';

// Table, key part, id. For a scan over all ids leave the id out.
std::string IndexKey(char table, std::string_view part, std::string_view id = {});
// Behind a prefix of 'l' or 'k': where the event stands, 12 bytes that sort as the log does.
std::string PlaceKey(std::string prefix, uint64_t sequence, uint32_t index);

// The id at the end of a key of 'm', 'n', 'd' or 'x'.
inline eventsourcing::SubjectId IdOfKey(std::string_view key) {
  return eventsourcing::SubjectId::FromBytes(key.substr(key.size() - 16));
}

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_PROJECTIONS_TABLES_H_
