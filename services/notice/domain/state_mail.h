#ifndef MYNUMBER_SERVICES_NOTICE_DOMAIN_STATE_MAIL_H_
#define MYNUMBER_SERVICES_NOTICE_DOMAIN_STATE_MAIL_H_

// What the carrier's reports of one piece come to (domain.md B.4, P6). Reports are evidence: kept word for word,
// without duplicates, in the order of events; what they come to is a function of their set, whatever order they came
// in.
//
// The order: by day, then by minute; a report without a minute counts as its day's first, or as its last if its word
// ends a journey; at the same minute by the course of a journey (the order of MailStatus); then by the texts.
//
// Precedence: the last word that ends a journey or turns it round (delivered, handed over, handed to a store,
// returning, returned) stands against any other word, be that later; without such a word the last known one stands. So
// a scan that comes after "delivered" changes nothing, and a return after it does.

#include <string_view>

#include "libs/calendar/day.h"
#include "mynumber/notice/events/v1/events.pb.h"
#include "mynumber/notice/rows/v1/rows.pb.h"

namespace mynumber::notice {

// UNKNOWN for a word that is not in domain.md B.4. Blanks around and inside are passed over, full-width ones too.
events::v1::MailStatus StatusOf(std::string_view word);

// Two reports with the same key are one: what else they say is that of the greater text.
events::v1::ReportKey KeyOf(const events::v1::TrackingReport& report);
bool SameKey(const events::v1::ReportKey& a, const events::v1::ReportKey& b);

// The day by which a report finds its piece.
calendar::Day MatchingDay(const events::v1::TrackingReport& report);

// Whose piece had the number on that day; null: nobody's.
const events::v1::TrackingNumberUsed* UseFor(const rows::v1::TrackingNumberState& tracking,
                                             const events::v1::TrackingReport& report);

// Whether another report has taken it back: it stays as evidence, and says nothing.
bool IsTakenBack(const rows::v1::Piece& piece, const events::v1::TrackingReport& report);

// False, and nothing changes: the piece knows all of it.
bool IsNews(const rows::v1::Piece& piece, const events::v1::TrackingReport& report);
// Takes the report in, and folds anew.
void TakeReport(const events::v1::TrackingReport& report, rows::v1::Piece* piece);

}  // namespace mynumber::notice

#endif  // MYNUMBER_SERVICES_NOTICE_DOMAIN_STATE_MAIL_H_
