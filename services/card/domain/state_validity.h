#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_STATE_VALIDITY_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_STATE_VALIDITY_H_

// Until when cards and certificates count (domain.md C.3); who was born on 29 February: docs/decisions/0014.

#include <optional>
#include <vector>

#include "libs/calendar/day.h"
#include "mynumber/card/events/v1/events.pb.h"

namespace mynumber::card {

struct Validity {
  // The last day.
  calendar::Day until;
  events::v1::ValidityLimit limit = events::v1::VALIDITY_LIMIT_UNSPECIFIED;
};

// Of a card made on `made`, applied for on `received`: the tenth birthday after it, under 18 (20, if applied for before
// April 2022) the fifth; whose period of stay ends earlier, then.
Validity CardValidity(const events::v1::Person& person, calendar::Day made, calendar::Day received);

// Of a card in use whose holder's period of stay is another one now; never longer than its birthday.
Validity ExtendedValidity(const events::v1::Person& person, calendar::Day made, calendar::Day received,
                          calendar::Day period_of_stay_end);

// The fifth birthday after `issued`, never longer than the card.
calendar::Day CertificateValidUntil(const events::v1::Person& person, calendar::Day issued, calendar::Day card_until);

// The first day on which a renewal is taken: the one after the day three months before the last.
calendar::Day RenewableFrom(calendar::Day card_until);

// Under 15 nobody has a signature certificate.
bool MayHaveSignatureCertificate(const events::v1::Person& person, calendar::Day day);

// The last day of the period of stay of those who have one.
std::optional<calendar::Day> PeriodOfStayEnd(const events::v1::Person& person);
// Japanese nationals have no residence status.
bool IsForeignResident(const events::v1::Person& person);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_STATE_VALIDITY_H_
