#include "services/issuance/domain/refusals.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/rpc/problem.h"
#include "mynumber/issuance/v1/error_reason.pb.h"

namespace mynumber::issuance::refusals {
namespace {

using absl::StatusCode;
using rpc::Problem;
using v1::ErrorReason;

Problem Make(StatusCode code, ErrorReason reason, std::string sentence) {
  return kRefusals.Make(code, v1::ErrorReason_Name(reason), std::move(sentence));
}

absl::Status Invalid(ErrorReason reason, std::string_view field, std::string sentence) {
  return kRefusals.Invalid(v1::ErrorReason_Name(reason), field, std::move(sentence));
}

absl::Status Unmet(ErrorReason reason, std::string_view subject, std::string sentence) {
  return kRefusals.Unmet(v1::ErrorReason_Name(reason), subject, std::move(sentence));
}

absl::Status Existing(ErrorReason reason, const std::string& resident, std::string sentence) {
  Problem problem = Make(StatusCode::kAlreadyExists, reason, std::move(sentence));
  problem.metadata.emplace_back("resident", resident);
  problem.resource = rpc::NamedResource{"issuance.mynumber/Resident", resident, ""};
  return rpc::ToStatus(problem);
}

}  // namespace

absl::Status PurposeMissing() {
  return Invalid(v1::PURPOSE_MISSING, "purpose",
                 "State the purpose under the Number Act: tax, social security, disaster, or the resident's own "
                 "request.");
}
absl::Status ReferenceMissing() {
  return Invalid(v1::REFERENCE_MISSING, "reference", "State the case or file that the number is needed for.");
}
absl::Status RecordCodeWrongLength(std::string_view field) {
  return Invalid(v1::RECORD_CODE_WRONG_LENGTH, field, "The resident record code must have eleven digits.");
}
absl::Status RecordCodeNotDigits(std::string_view field) {
  return Invalid(v1::RECORD_CODE_NOT_DIGITS, field, "The resident record code must consist of the digits 0 to 9.");
}
absl::Status RecordCodeWrongCheckDigit(std::string_view field) {
  return Invalid(v1::RECORD_CODE_WRONG_CHECK_DIGIT, field,
                 "The last digit of the resident record code does not fit the others: compare it with the "
                 "certificate.");
}
absl::Status NameEmpty(std::string_view field) {
  return Invalid(v1::NAME_EMPTY, field, "Enter the name as it is on the Certificate of Residence.");
}
absl::Status NameTooLong(std::string_view field) {
  return Invalid(v1::NAME_TOO_LONG, field, "A name may have 200 characters at most.");
}
absl::Status TextNotUtf8(std::string_view field) {
  return Invalid(v1::TEXT_NOT_UTF8, field, "This text is not UTF-8: convert the file or form before sending it.");
}
absl::Status TextHasControlCharacters(std::string_view field) {
  return Invalid(v1::TEXT_HAS_CONTROL_CHARACTERS, field,
                 "This text holds line breaks, tabs or other invisible characters: type it again.");
}
absl::Status TextTooLong(std::string_view field, int characters_max) {
  return Invalid(v1::TEXT_TOO_LONG, field, absl::StrCat("This text may have ", characters_max, " characters at most."));
}
absl::Status BirthDateMissing() {
  return Invalid(v1::BIRTH_DATE_MISSING, "details.birth_date", "Enter the birth date: year, month and day.");
}
absl::Status DateMissing(std::string_view field) {
  return Invalid(v1::DATE_MISSING, field, "Enter the date: year, month and day.");
}
absl::Status DateImpossible(std::string_view field) {
  return Invalid(v1::DATE_IMPOSSIBLE, field, "There is no such day: correct year, month or day.");
}
absl::Status DateInTheFuture(std::string_view field) {
  return Invalid(v1::DATE_IN_THE_FUTURE, field, "This day has not come yet: correct the date.");
}
absl::Status DateBeforeBirth(std::string_view field) {
  return Invalid(v1::DATE_BEFORE_BIRTH, field,
                 "This day lies before the resident's birth: correct one of the two dates.");
}
absl::Status AddressEmpty(std::string_view field) {
  return Invalid(v1::ADDRESS_EMPTY, field, "Enter the address.");
}
absl::Status AddressTooLong(std::string_view field) {
  return Invalid(v1::ADDRESS_TOO_LONG, field, "An address may have 300 characters at most.");
}
absl::Status PostalCodeMalformed(std::string_view field) {
  return Invalid(v1::POSTAL_CODE_MALFORMED, field, "The postal code must have seven digits, without a hyphen.");
}
absl::Status MunicipalityCodeMalformed(std::string_view field) {
  return Invalid(v1::MUNICIPALITY_CODE_MALFORMED, field, "The municipality code must have six digits.");
}
absl::Status MunicipalityCodeWrongCheckDigit(std::string_view field) {
  return Invalid(v1::MUNICIPALITY_CODE_WRONG_CHECK_DIGIT, field,
                 "The last digit of the municipality code does not fit the others: compare it with the official list.");
}
absl::Status MunicipalityUnknown(std::string_view field) {
  return Invalid(v1::MUNICIPALITY_UNKNOWN, field,
                 "No municipality has this code: prefectures and wards of designated cities have none of their own "
                 "here.");
}
absl::Status ResidenceStatusUnknown(std::string_view field) {
  return Invalid(v1::RESIDENCE_STATUS_UNKNOWN, field, "Choose one of the known residence statuses.");
}
absl::Status PeriodOfStayMissing(std::string_view field) {
  return Invalid(v1::PERIOD_OF_STAY_MISSING, field,
                 "Enter the last day of the period of stay from the residence card: this residence status has one.");
}
absl::Status PeriodOfStayOver(std::string_view field) {
  return Invalid(v1::PERIOD_OF_STAY_OVER, field,
                 "The period of stay is over: the resident renews it at Immigration first.");
}
absl::Status PeriodOfStayNotAllowed(std::string_view field) {
  return Invalid(v1::PERIOD_OF_STAY_NOT_ALLOWED, field,
                 "This residence status has no period of stay: remove it, or correct the status.");
}
absl::Status ResidentNameMalformed(std::string_view field) {
  return Invalid(v1::RESIDENT_NAME_MALFORMED, field,
                 "Name the resident as an earlier answer did: residents/ and 32 hexadecimal digits.");
}
absl::Status NumberWrongLength(std::string_view field) {
  return Invalid(v1::NUMBER_WRONG_LENGTH, field,
                 "An Individual Number has twelve digits: enter all of them, without spaces.");
}
absl::Status NumberNotDigits(std::string_view field) {
  return Invalid(v1::NUMBER_NOT_DIGITS, field,
                 "An Individual Number consists of the digits 0 to 9: enter them half-width.");
}
absl::Status NumberWrongCheckDigit(std::string_view field) {
  return Invalid(v1::NUMBER_WRONG_CHECK_DIGIT, field,
                 "The last digit does not fit the others: read the number again.");
}
absl::Status EvidenceMissing(std::string_view field) {
  return Invalid(v1::EVIDENCE_MISSING, field, "State the evidence: a report, a receipt number, or the document seen.");
}
absl::Status DecisionMissing() {
  return Invalid(v1::DECISION_MISSING, "decision", "State who decided: the mayor on request, or the mayor ex officio.");
}
absl::Status ErasureGroundMissing() {
  return Invalid(v1::ERASURE_GROUND_MISSING, "ground",
                 "State the legal ground: the end of the retention period, an order, or a registration without basis.");
}
absl::Status ErasureRecordNotOurs() {
  return Invalid(v1::ERASURE_RECORD_NOT_OURS, "record",
                 "The record was changed, or signed by another keyring: take it as it was kept.");
}

absl::Status RegisteredWithOtherDetails(const std::string& resident, const std::vector<std::string>& fields) {
  const std::string list = absl::StrJoin(fields, ", ");
  Problem problem = Make(StatusCode::kAlreadyExists, v1::REGISTERED_WITH_OTHER_DETAILS,
                         absl::StrCat("This resident record code is registered already, with other details (", list,
                                      "): compare them with the certificate; a change of details is a move or a "
                                      "correction."));
  problem.metadata = {{"fields", list}, {"resident", resident}};
  problem.resource = rpc::NamedResource{"issuance.mynumber/Resident", resident, ""};
  return rpc::ToStatus(problem);
}
absl::Status RecordCodeKnownWithOtherCheckDigit(const std::string& resident) {
  return Existing(v1::RECORD_CODE_KNOWN_WITH_OTHER_CHECK_DIGIT, resident,
                  "The same resident record code is known with another last digit: compare it with the certificate.");
}
absl::Status RecordCodeTaken(const std::string& resident) {
  return Existing(v1::RECORD_CODE_TAKEN, resident,
                  "This resident record code is another resident's: compare it with the certificate.");
}

absl::Status PossibleSamePerson(const std::vector<std::string>& residents) {
  Problem problem = Make(StatusCode::kFailedPrecondition, v1::POSSIBLE_SAME_PERSON,
                         "Somebody with this name and birth date is recorded as departed: if it is the same person, "
                         "record the return; if not, register again with confirmed_distinct under a new request id.");
  problem.metadata.emplace_back("residents", absl::StrJoin(residents, " "));
  problem.unmet_conditions.push_back({"CONFIRMATION", residents.front(), "Is it the same person?"});
  return rpc::ToStatus(problem);
}
absl::Status ResidentDeparted() {
  return Unmet(v1::RESIDENT_DEPARTED, "resident",
               "The resident is recorded as departed from Japan: record the return first.");
}
absl::Status ResidentNotDeparted() {
  return Unmet(v1::RESIDENT_NOT_DEPARTED, "resident", "No departure is recorded: a move within Japan is RecordMove.");
}
absl::Status ResidentDeceased() {
  return Unmet(v1::RESIDENT_DECEASED, "resident",
               "The resident's death is recorded: if that is wrong, ask the operator of the system.");
}
absl::Status RegistrationVoided() {
  return Unmet(v1::REGISTRATION_VOIDED, "resident",
               "This registration was voided as made by mistake: register the resident anew.");
}
absl::Status DateBeforeRecord(std::string_view field) {
  Problem problem = Make(StatusCode::kFailedPrecondition, v1::DATE_BEFORE_RECORD,
                         "This day lies before what is recorded last of the resident: correct the date.");
  problem.metadata.emplace_back("field", field);
  problem.field_violations.push_back({std::string(field), problem.sentence});
  return rpc::ToStatus(problem);
}
absl::Status ReplacementNeedsLeak() {
  return Unmet(v1::REPLACEMENT_NEEDS_LEAK, "ground",
               "An Individual Number is for life and cannot be changed at the resident's wish; only where it leaked "
               "and may be misused is it replaced (Number Act art. 7(2)).");
}
absl::Status ReplacementsExhausted() {
  return Unmet(v1::REPLACEMENTS_EXHAUSTED, "resident",
               "This number has been replaced as often as is possible: ask the operator of the system.");
}
absl::Status RecordCodeChangePending() {
  return Unmet(v1::RECORD_CODE_CHANGE_PENDING, "resident",
               "Another change of the resident record code is under way: look at the resident again in a moment.");
}
absl::Status VersionChanged(uint64_t version) {
  Problem problem = Make(StatusCode::kFailedPrecondition, v1::VERSION_CHANGED,
                         "The resident has been changed since you looked: look again, then decide.");
  problem.metadata.emplace_back("version", absl::StrCat(version));
  return rpc::ToStatus(problem);
}
absl::Status IdentityNotConfirmed() {
  return Unmet(v1::IDENTITY_NOT_CONFIRMED, "identity_confirmed",
               "Confirm the resident's identity first (Number Act art. 16), and state that you did.");
}
absl::Status ResidentErased() {
  return Unmet(v1::RESIDENT_ERASED, "name",
               "This resident's data was erased on a legal ground, and cannot be brought back. The ground and the two "
               "persons stay on record.");
}
absl::Status ErasureGroundDoesNotFit() {
  return Unmet(v1::ERASURE_GROUND_DOES_NOT_FIT, "ground",
               "The resident does not stand as this ground says: the retention period ends 150 years after a death or "
               "departure, and a registration without basis is voided first.");
}
absl::Status ErasurePending() {
  return Unmet(v1::ERASURE_PENDING, "name",
               "An erasure has been asked for already: approve that one, or withdraw it first.");
}
absl::Status ErasureNotRequested() {
  return Unmet(v1::ERASURE_NOT_REQUESTED, "name", "Nobody has asked for an erasure: request it first.");
}
absl::Status ErasureNeedsSecondPerson() {
  return Unmet(v1::ERASURE_NEEDS_SECOND_PERSON, "actor.clerk_id",
               "An erasure needs two persons: have another clerk of your authority approve it.");
}

absl::Status MunicipalityNotYours() {
  return rpc::ToStatus(Make(StatusCode::kPermissionDenied, v1::MUNICIPALITY_NOT_YOURS,
                            "This call is for a municipality and its own residents: ask as that municipality."));
}

absl::Status ResidentUnknown() {
  return rpc::ToStatus(Make(StatusCode::kNotFound, v1::RESIDENT_UNKNOWN,
                            "No resident has this name: compare it with the answer to the registration."));
}
absl::Status NumberNotIssued() {
  return rpc::ToStatus(Make(StatusCode::kNotFound, v1::NUMBER_NOT_ISSUED,
                            "This number is well formed, but it is nobody's: read it again."));
}

std::string TakenBy(const absl::Status& status) {
  if (status.code() != StatusCode::kAlreadyExists) return "";
  const auto problem = rpc::ProblemOf(status);
  if (!problem || problem->reason != v1::ErrorReason_Name(v1::RECORD_CODE_TAKEN) || !problem->resource) return "";
  return problem->resource->name;
}

}  // namespace mynumber::issuance::refusals
