#include "services/card/domain/state_validity.h"

#include <algorithm>

#include "libs/calendar/birthday.h"
#include "libs/calendar/date.h"
#include "mynumber/issuance/events/v1/events.pb.h"
#include "services/card/domain/card.h"

namespace mynumber::card {
namespace {

using calendar::Day;

// Who counts as grown up was another age before that day (domain.md C.3).
constexpr Day kAgeOfMajorityChanged(2022, 4, 1);

Day BirthDay(const events::v1::Person& person) { return *calendar::ToDay(person.birth_date()); }

Validity ByBirthday(const events::v1::Person& person, Day made, Day received) {
  const int majority = received < kAgeOfMajorityChanged ? 20 : 18;
  const bool is_grown_up = calendar::AgeOn(BirthDay(person), made) >= majority;
  return {calendar::BirthdayAfter(BirthDay(person), made, is_grown_up ? 10 : 5),
          is_grown_up ? events::v1::VALIDITY_LIMIT_TENTH_BIRTHDAY : events::v1::VALIDITY_LIMIT_FIFTH_BIRTHDAY};
}

}  // namespace

bool IsForeignResident(const events::v1::Person& person) {
  return person.residence_status() != issuance::events::v1::RESIDENCE_STATUS_UNSPECIFIED;
}

std::optional<Day> PeriodOfStayEnd(const events::v1::Person& person) {
  if (person.residence_status() < issuance::events::v1::RESIDENCE_STATUS_MID_TO_LONG_TERM) return std::nullopt;
  return calendar::ToDay(person.period_of_stay_end());
}

Validity ExtendedValidity(const events::v1::Person& person, Day made, Day received, Day period_of_stay_end) {
  const Validity by_birthday = ByBirthday(person, made, received);
  if (by_birthday.until <= period_of_stay_end) return by_birthday;
  return {period_of_stay_end, events::v1::VALIDITY_LIMIT_PERIOD_OF_STAY};
}

Validity CardValidity(const events::v1::Person& person, Day made, Day received) {
  const auto stay_end = PeriodOfStayEnd(person);
  return stay_end ? ExtendedValidity(person, made, received, *stay_end) : ByBirthday(person, made, received);
}

Day CertificateValidUntil(const events::v1::Person& person, Day issued, Day card_until) {
  return std::min(card_until, calendar::BirthdayAfter(BirthDay(person), issued, 5));
}

Day RenewableFrom(Day card_until) {
  const absl::CivilMonth month = absl::CivilMonth(card_until) - kRenewalMonths;
  const Day last_of_month = Day(month + 1) - 1;
  return std::min(last_of_month, Day(month.year(), month.month(), card_until.day())) + 1;
}

bool MayHaveSignatureCertificate(const events::v1::Person& person, Day day) {
  constexpr int kSignatureFromAge = 15;
  return calendar::AgeOn(BirthDay(person), day) >= kSignatureFromAge;
}

}  // namespace mynumber::card
