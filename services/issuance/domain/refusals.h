#ifndef MYNUMBER_SERVICES_ISSUANCE_DOMAIN_REFUSALS_H_
#define MYNUMBER_SERVICES_ISSUANCE_DOMAIN_REFUSALS_H_

// Every "no" that is this service's alone, as a named function: its gRPC code, its reason (ErrorReason), the field, and
// a sentence that tells a clerk what to do. Nothing here ever repeats personal data. Those that every service has are
// functions of kRefusals.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libs/serving/refusals.h"

namespace mynumber::issuance {

inline constexpr serving::Refusals kRefusals = {
    "issuance.mynumber",
    "State the clerk's id: every look at a number is recorded with the clerk who took it.",
    "RegisterResident",
};

}  // namespace mynumber::issuance

namespace mynumber::issuance::refusals {

// INVALID_ARGUMENT
absl::Status PurposeMissing();
absl::Status ReferenceMissing();
absl::Status RecordCodeWrongLength(std::string_view field);
absl::Status RecordCodeNotDigits(std::string_view field);
absl::Status RecordCodeWrongCheckDigit(std::string_view field);
absl::Status NameEmpty(std::string_view field);
absl::Status NameTooLong(std::string_view field);
absl::Status TextNotUtf8(std::string_view field);
absl::Status TextHasControlCharacters(std::string_view field);
absl::Status TextTooLong(std::string_view field, int characters_max);
absl::Status BirthDateMissing();
absl::Status DateMissing(std::string_view field);
absl::Status DateImpossible(std::string_view field);
absl::Status DateInTheFuture(std::string_view field);
absl::Status DateBeforeBirth(std::string_view field);
absl::Status AddressEmpty(std::string_view field);
absl::Status AddressTooLong(std::string_view field);
absl::Status PostalCodeMalformed(std::string_view field);
absl::Status MunicipalityCodeMalformed(std::string_view field);
absl::Status MunicipalityCodeWrongCheckDigit(std::string_view field);
absl::Status MunicipalityUnknown(std::string_view field);
absl::Status ResidenceStatusUnknown(std::string_view field);
absl::Status PeriodOfStayMissing(std::string_view field);
absl::Status PeriodOfStayOver(std::string_view field);
absl::Status PeriodOfStayNotAllowed(std::string_view field);
absl::Status ResidentNameMalformed(std::string_view field);
absl::Status NumberWrongLength(std::string_view field);
absl::Status NumberNotDigits(std::string_view field);
absl::Status NumberWrongCheckDigit(std::string_view field);
absl::Status EvidenceMissing(std::string_view field);
absl::Status DecisionMissing();
absl::Status ErasureGroundMissing();
absl::Status ErasureRecordNotOurs();

// ALREADY_EXISTS
// `fields`: names of the details that differ from the first registration.
absl::Status RegisteredWithOtherDetails(const std::string& resident, const std::vector<std::string>& fields);
absl::Status RecordCodeKnownWithOtherCheckDigit(const std::string& resident);
// The record code leads to `resident` already.
absl::Status RecordCodeTaken(const std::string& resident);

// FAILED_PRECONDITION
absl::Status PossibleSamePerson(const std::vector<std::string>& residents);
absl::Status ResidentDeparted();
absl::Status ResidentNotDeparted();
absl::Status ResidentDeceased();
absl::Status RegistrationVoided();
absl::Status DateBeforeRecord(std::string_view field);
absl::Status ReplacementNeedsLeak();
absl::Status ReplacementsExhausted();
absl::Status RecordCodeChangePending();
absl::Status VersionChanged(uint64_t version);
absl::Status IdentityNotConfirmed();
absl::Status ResidentErased();
absl::Status ErasureGroundDoesNotFit();
absl::Status ErasurePending();
absl::Status ErasureNotRequested();
absl::Status ErasureNeedsSecondPerson();

// PERMISSION_DENIED
absl::Status MunicipalityNotYours();

// NOT_FOUND
absl::Status ResidentUnknown();
absl::Status NumberNotIssued();

// The resident whom RecordCodeTaken names; empty if `status` is another.
std::string TakenBy(const absl::Status& status);

}  // namespace mynumber::issuance::refusals

#endif  // MYNUMBER_SERVICES_ISSUANCE_DOMAIN_REFUSALS_H_
