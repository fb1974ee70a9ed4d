#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_STATE_STANDING_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_STATE_STANDING_H_

// How a notice stands: functions of what is known of it, used by decisions, rows and answers alike.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/calendar/day.h"
#include "mynumber/notice/events/v1/events.pb.h"
#include "mynumber/notice/rows/v1/rows.pb.h"
#include "mynumber/notice/v1/notice_service.pb.h"

namespace mynumber::notice {

// The one of this number, or with 0 the current one; null: there is none.
const rows::v1::Notice* FindNotice(const rows::v1::NoticeFile& file, uint32_t notice);
// A carrier uses numbers again: the day tells pieces apart.
bool IsPiece(const rows::v1::Piece& piece, std::string_view tracking_number, const type::Date& acceptance_date);

v1::Notice::State StateOf(const rows::v1::Notice& notice);

// The piece that travels, or travelled last; null: it was never posted.
const rows::v1::Piece* CurrentPiece(const rows::v1::Notice& notice);
// Rendered, and neither posted nor void: goes on the next manifest.
bool IsToBePosted(const rows::v1::Notice& notice);
// Anything but the carrier's and the municipality's last word.
bool IsOpen(const rows::v1::Notice& notice);
bool IsDisputed(const rows::v1::Notice& notice);

// The last day at the post office, the limit day included; nothing: no contact form was left.
std::optional<calendar::Day> HeldUntil(const rows::v1::Notice& notice);
// Until the resident asks for more days, and at most.
std::optional<calendar::Day> StorageLimit(const rows::v1::Notice& notice);
std::optional<calendar::Day> StorageLimitMax(const rows::v1::Notice& notice);
// When it came back; nothing: it did not, or is in custody no more.
std::optional<calendar::Day> CameBack(const rows::v1::Notice& notice);
// The last day of custody; nothing: it did not come back.
std::optional<calendar::Day> CustodyUntil(const rows::v1::Notice& notice);

// The limit day counts: a deadline is met once the day after it begins.
struct Due {
  events::v1::DeadlineKind kind;
  calendar::Day day;
};
int64_t DueMicros(const Due& due);
// What is still to come; no more than one of a kind.
std::vector<Due> DuesOf(const rows::v1::Notice& notice);
// The earliest of them.
std::optional<Due> NextDue(const std::vector<Due>& dues);

// What needs a person now, resolved work left out.
struct OpenWork {
  events::v1::WorkKind kind;
  calendar::Day day;
};
std::vector<OpenWork> WorkOf(const rows::v1::Notice& notice);
// The record of a kind, or null.
const rows::v1::Work* FindWork(const rows::v1::Notice& notice, events::v1::WorkKind kind);

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_STATE_STANDING_H_
