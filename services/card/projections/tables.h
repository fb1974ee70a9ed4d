#ifndef MYNUMBER_SERVICES_CARD_PROJECTIONS_TABLES_H_
#define MYNUMBER_SERVICES_CARD_PROJECTIONS_TABLES_H_

// The service's own tables, byte for byte; the aggregates' rows, receipts, deadlines and the head are the engine's
// (libs/eventsourcing/sealed_rows.h). A numbered key is a resident's id (16) and the number of a card or an application
// (4).
//
//   'c' municipality code (6) state (1) card (20)               cards by state
//   'l' municipality code (6) state (1) application (20)        applications by state
//   'd' municipality code (6) day (4) kind (1) card (20)        everything that is due
//   'o' application (20)                                        approved, to be ordered of the factory
//   'b' day (4) card (20)                                       ordered on that day
//   'm' application (20) kind (1) number (4)                    mails to be sent
//   'x' card (20)                                               suspended or held
//   'v', and number (8)                                         list: changes that terminals must know, StatusRow
//   'n' hash of a name or kana and a birth date (16) id (16)    who may be meant

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/eventsourcing/subject.h"

namespace mynumber::card {

// Raised whenever a row's meaning changes: rows of another version are folded afresh.
inline constexpr uint32_t kProjectionVersion = 2;

inline constexpr char kCardTable = 'c';
inline constexpr char kApplicationTable = 'l';
inline constexpr char kDueTable = 'd';
inline constexpr char kToBeOrderedTable = 'o';
inline constexpr char kBatchTable = 'b';
inline constexpr char kMailTable = 'm';
inline constexpr char kSuspendedTable = 'x';
inline constexpr char kStatusTable = 'v';
inline constexpr char kNameTable = 'n';

// What 20 bytes of a key say.
struct NumberedKey {
  eventsourcing::SubjectId resident;
  uint32_t number = 0;
};
inline constexpr size_t kNumberedBytes = 20;
std::string EncodeNumbered(const NumberedKey& key);
// Of the first 20 bytes.
NumberedKey DecodeNumbered(std::string_view bytes);
// Of the last 20 bytes of a key.
inline NumberedKey NumberedOfKey(std::string_view key) {
  return DecodeNumbered(key.substr(key.size() - kNumberedBytes));
}

// Of the days of this calendar, in their order (calendar::DayNumber).
std::string EncodeDay(int32_t day_number);
int32_t DecodeDay(std::string_view bytes);

inline std::string TableOf(char table, std::string_view part = {}) { return std::string(1, table).append(part); }

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_PROJECTIONS_TABLES_H_
