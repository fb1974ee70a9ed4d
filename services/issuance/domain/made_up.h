#ifndef MYNUMBER_SERVICES_ISSUANCE_DOMAIN_MADE_UP_H_
#define MYNUMBER_SERVICES_ISSUANCE_DOMAIN_MADE_UP_H_

// People who do not exist, what is asked about them, and what has happened to them. For tests.

#include <cstdint>
#include <string>
#include <string_view>

#include "services/issuance/domain/resident.h"

namespace mynumber::issuance::made_up {

// Issuance with quick keyed functions that are injective, as the real ones are. A number's body is the ten free digits
// and the generation, so it can be read off: code 5000000000x gives 50000000000 and a check digit.
Issuance Service();

inline constexpr char kCode[] = "50000000007";
inline constexpr char kCodeOtherCheckDigit[] = "50000000008";
inline constexpr char kOtherCode[] = "60000000002";
// All zeros would be this one's generation 0, and the leaflets' sample that one's generation 1.
inline constexpr char kCodeReservedFirst[] = "00000000000";
inline constexpr char kCodeReservedSecond[] = "12345678901";

eventsourcing::SubjectId IdOf(std::string_view record_code);
// 16 bytes, and "residents/...".
std::string RawIdOf(std::string_view record_code);
std::string NameOf(std::string_view record_code);
// Twelve digits.
std::string NumberOf(std::string_view record_code, int generation = 0);

// The access record of a month; there is one partition.
eventsourcing::SubjectId RecordIdOf(absl::CivilMonth month);

type::Date Day(int year, int month, int day);
// A moment of this day in Tokyo, noon by default; `offset_micros` from its beginning.
int64_t MicrosOf(const type::Date& day, int64_t offset_micros = int64_t{12} * 3600 * 1'000'000);
// The day on which everybody here is registered, and the noon of it.
type::Date RegistrationDay();
int64_t RegistrationMicros();
// When the access record of that month is erased.
int64_t EraseMicros();

type::Actor Clerk();
// Another person of the same authority.
type::Actor Chief();
// 見本 花子, born 1987, in Chiyoda; after Move, Return and Correction.
events::v1::ResidentDetails Hanako();
events::v1::ResidentDetails HanakoMoved();
events::v1::ResidentDetails HanakoReturned();
events::v1::ResidentDetails HanakoCorrected();
// Of another birth date, name, address: nothing is the same.
events::v1::ResidentDetails Jiro();

RegisterResident Registration(std::string_view record_code = kCode,
                              const events::v1::ResidentDetails& details = Hanako());
// To Sapporo, a week after the registration.
RecordMove Move();
// A month after the registration.
RecordDeparture Departure();
// Two months after the registration, from abroad to Osaka, under another surname.
RecordReturn Return();
// Three months after the registration.
RecordDeath Death();
// The name was typed wrongly.
CorrectResident Correction();
RequestRecordCodeChange CodeChange(std::string_view new_record_code = kOtherCode);
VoidRegistration Voiding();
DiscloseNumber Disclosure();
// Somebody has one of the resident's numbers.
DiscloseNumber Search(uint32_t generation);
ReplaceNumber Replacement();
// The clerk's authority, and what it looked up and was refused.
eventsourcing::SubjectId AuthorityId();
RecordLookUp LookingUp();
RecordAttempts Attempts();

// The quick keyed functions themselves, 16 bytes each.
std::string NameHash(std::string_view name, const type::Date& birth_date);
std::string Digest(std::string_view record_code, const events::v1::ResidentDetails& details);
std::string RegistrationHash(std::string_view record_code, const events::v1::ResidentDetails& details);

// What follows from the commands above.
events::v1::IssuanceEvent Registered(const RegisterResident& command, int generation = 0);
events::v1::IssuanceEvent Moved(std::string_view record_code = kCode);
events::v1::IssuanceEvent Departed(const std::string& digest = Digest(kCode, Hanako()));
events::v1::IssuanceEvent Returned(std::string_view record_code = kCode);
events::v1::IssuanceEvent Died(const std::string& digest = Digest(kCode, Hanako()));
events::v1::IssuanceEvent Corrected(std::string_view record_code = kCode);
events::v1::IssuanceEvent CodeChangeRequested(std::string_view new_record_code = kOtherCode);
events::v1::IssuanceEvent CodeAliased(std::string_view record_code = kOtherCode, std::string_view home_code = kCode);
events::v1::IssuanceEvent CodeChanged(std::string_view record_code = kOtherCode,
                                      const events::v1::ResidentDetails& details = Hanako());
events::v1::IssuanceEvent CodeChangeRefused();
events::v1::IssuanceEvent Voided();
// In the month of the registration.
events::v1::IssuanceEvent Disclosed(uint32_t generation = 0, std::string_view record_code = kCode);
events::v1::IssuanceEvent Searched(uint32_t generation, std::string_view record_code = kCode);
// In the same month: a look-up, and attempts of one kind.
events::v1::IssuanceEvent LookedUp();
events::v1::IssuanceEvent Refused();
events::v1::IssuanceEvent RecordErased();
events::v1::IssuanceEvent Replaced(std::string_view record_code, int generation);

}  // namespace mynumber::issuance::made_up

#endif  // MYNUMBER_SERVICES_ISSUANCE_DOMAIN_MADE_UP_H_
