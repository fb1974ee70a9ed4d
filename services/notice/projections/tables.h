#ifndef MYNUMBER_SERVICES_NOTICE_PROJECTIONS_TABLES_H_
#define MYNUMBER_SERVICES_NOTICE_PROJECTIONS_TABLES_H_

// The service's own tables, byte for byte; the aggregates' rows, receipts, deadlines and the head are the engine's
// (libs/eventsourcing/sealed_rows.h). A notice's key is its resident's id (16) and its number (1).
//
//   's' municipality code (6) state (1) notice (17)             notices by state
//   'd' municipality code (6) day (4) notice (17)               notices by what is due next: DeadlineKind (1)
//   'w' municipality code (6) day (4) kind (1) notice (17)      work that needs a person
//   'q' notice (17)                                             to be posted
//   'm' day (4) tracking number (11) notice (17)                manifests
//   'f' municipality code (6), and number (8)                   list: a municipality's feed, FeedRow
//   'u' word                                                    sum row: words of the carrier that nobody knows
//
// When a resident is erased, the notices' rows go; 'f' and 'u' stay.

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/eventsourcing/subject.h"

namespace mynumber::notice {

// Raised whenever a row's meaning changes: rows of another version are folded afresh.
inline constexpr uint32_t kProjectionVersion = 2;

inline constexpr char kStateOfNoticeTable = 's';
inline constexpr char kDueTable = 'd';
inline constexpr char kWorkTable = 'w';
inline constexpr char kToBePostedTable = 'q';
inline constexpr char kManifestTable = 'm';
inline constexpr char kFeedTable = 'f';
inline constexpr char kUnknownWordTable = 'u';

// Of the days of this calendar, in their order (calendar::DayNumber).
std::string EncodeDay(int32_t day_number);

// What the last 17 bytes of a key say.
struct NoticeKey {
  eventsourcing::SubjectId resident;
  uint32_t notice = 0;
};
std::string EncodeNotice(const NoticeKey& key);
NoticeKey NoticeOfKey(std::string_view key);

inline std::string TableOf(char table, std::string_view part) { return std::string(1, table).append(part); }

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_PROJECTIONS_TABLES_H_
