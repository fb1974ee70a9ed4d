#include "services/hotline/domain/refusals.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/rpc/problem.h"
#include "mynumber/hotline/v1/error_reason.pb.h"
#include "services/hotline/domain/state_open_lines.h"

namespace mynumber::hotline::refusals {
namespace {

using absl::StatusCode;
using v1::ErrorReason;

constexpr int64_t kRetryMillis = 1000;

absl::Status Invalid(ErrorReason reason, std::string_view field, std::string sentence) {
  return kRefusals.Invalid(v1::ErrorReason_Name(reason), field, std::move(sentence));
}

absl::Status Unmet(ErrorReason reason, std::string sentence) {
  return kRefusals.Unmet(v1::ErrorReason_Name(reason), "case", std::move(sentence));
}

absl::Status Say(StatusCode code, ErrorReason reason, std::string sentence) {
  return rpc::ToStatus(kRefusals.Make(code, v1::ErrorReason_Name(reason), std::move(sentence)));
}

// Another service's reason goes along for programs.
rpc::Problem Retell(StatusCode code, ErrorReason reason, std::string_view card_reason, std::string sentence) {
  rpc::Problem problem = kRefusals.Make(code, v1::ErrorReason_Name(reason), std::move(sentence));
  problem.metadata.emplace_back("card_reason", card_reason);
  return problem;
}

absl::Status Again(StatusCode code, ErrorReason reason, std::string sentence) {
  return kRefusals.Retry(code, v1::ErrorReason_Name(reason), kRetryMillis, std::move(sentence));
}

std::string AllLanguages() {
  std::string all;
  for (const std::string_view language : Languages()) all.append(all.empty() ? "" : ", ").append(language);
  return all;
}

}  // namespace

absl::Status CaseNameMalformed() {
  return Invalid(v1::CASE_NAME_MALFORMED, "name", "Give the case's name as cases/{32 hex digits}.");
}
absl::Status CardNameMalformed() {
  return Invalid(v1::CARD_NAME_MALFORMED, "card",
                 "Give the card's name as residents/{32 hex digits}/cards/{number}, as a search gave it.");
}
absl::Status ResidentNameMalformed(std::string_view field) {
  return Invalid(v1::RESIDENT_NAME_MALFORMED, field,
                 "Give the resident's name as residents/{32 hex digits}, as a search gave it.");
}
absl::Status LanguageUnknown() {
  return Invalid(v1::LANGUAGE_UNKNOWN, "language",
                 absl::StrCat("The hotline speaks these languages: ", AllLanguages(),
                              ". Give one of them, and take ja or en for a caller who speaks another."));
}
absl::Status TimeWithoutZone() {
  return Invalid(v1::TIME_WITHOUT_ZONE, "time",
                 "A time needs its zone: 2026-11-14T23:40:00+09:00. Without one nobody knows which moment is meant.");
}
absl::Status TimeMalformed() {
  return Invalid(v1::TIME_MALFORMED, "time",
                 "Give the time as 2026-11-14T23:40:00+09:00, or leave it out for the time of now.");
}
absl::Status TimeOutOfRange() {
  return Invalid(v1::TIME_OUT_OF_RANGE, "time", "Holidays are known for the years 1970 to 2099: give a time of these.");
}
absl::Status CallerKindMissing() {
  return Invalid(v1::CALLER_KIND_MISSING, "caller_kind",
                 "Ask who calls: the holder, family, somebody who found the card, or the police.");
}
absl::Status SearchMissing() {
  return Invalid(v1::SEARCH_MISSING, "search",
                 "Search by the card's serial, by the application ID, or by name and birth date.");
}
absl::Status SearchAmbiguous() {
  return Invalid(v1::SEARCH_AMBIGUOUS, "search",
                 "Search by one thing at a time: the card's serial, the application ID, or name and birth date.");
}
absl::Status BirthDateMissing(std::string_view field) {
  return Invalid(v1::BIRTH_DATE_MISSING, field, "Ask for the birth date.");
}
absl::Status BirthDateImpossible(std::string_view field) {
  return Invalid(v1::BIRTH_DATE_IMPOSSIBLE, field, "There is no such day. Ask again.");
}
absl::Status AddressMissing() {
  return Invalid(v1::ADDRESS_MISSING, "claim.address", "Ask for the address of the residence record.");
}
absl::Status LooksLikeIndividualNumber(std::string_view field) {
  return Invalid(v1::LOOKS_LIKE_INDIVIDUAL_NUMBER, field,
                 "This looks like an Individual Number. Callers are never asked for it, and it is written down nowhere "
                 "here: ask for the card's serial, the application ID, or name and birth date.");
}
absl::Status SearchMalformed(std::string_view field, std::string_view card_reason, std::string sentence) {
  rpc::Problem problem = Retell(StatusCode::kInvalidArgument, v1::SEARCH_MALFORMED, card_reason, sentence);
  problem.field_violations.push_back({std::string(field), std::move(sentence)});
  return rpc::ToStatus(problem);
}
absl::Status SuspensionReasonMissing() {
  return Invalid(v1::SUSPENSION_REASON_MISSING, "reason",
                 "Say why: lost, stolen, misuse feared, or found by another.");
}
absl::Status ReceiptNumberMissing() {
  return Invalid(v1::RECEIPT_NUMBER_MISSING, "receipt_number", "Ask for the number of the police's receipt.");
}
absl::Status NoteMissing() { return Invalid(v1::NOTE_MISSING, "text", "Write something, or no note."); }
absl::Status StateMissing() { return Invalid(v1::STATE_MISSING, "state", "Say which state's cases are wanted."); }

absl::Status CaseClosed() {
  return Unmet(v1::CASE_CLOSED, "This case is closed. Open another one for whatever else the caller wants.");
}
absl::Status CaseErased() {
  return Unmet(v1::CASE_ERASED,
               "The retention period of this case is over, and all that it said was destroyed. Open another one.");
}
absl::Status SuspensionPending() {
  return Unmet(v1::SUSPENSION_PENDING,
               "A suspension of this case is not yet in effect. Look at it again in a moment, and close it then.");
}
absl::Status NotACandidate() {
  return Unmet(v1::NOT_A_CANDIDATE, "This resident is none whom this case's last search has found. Search first.");
}
absl::Status IdentificationBlocked(int failures_max) {
  return Unmet(v1::IDENTIFICATION_BLOCKED,
               absl::StrCat("The caller was not known ", failures_max,
                            " times. Close the case, and send the caller to the municipal office or the police; "
                            "whoever has a card in hand can have it suspended by its serial, in a case of a finder."));
}
absl::Status SerialNeeded() {
  return Unmet(v1::SERIAL_NEEDED,
               "A finder or the police have the card in hand: search by the serial on it, and suspend that card.");
}
absl::Status CardNotOfCaller() {
  return Unmet(v1::CARD_NOT_OF_CALLER, "This card is none of the caller's. Take one that the case names.");
}
absl::Status CallerNotIdentified() {
  return Unmet(v1::CALLER_NOT_IDENTIFIED,
               "Identify the caller first: search, then ask for birth date, address, and the code word if one is set.");
}
absl::Status SuspensionRefused(std::string_view card_reason, std::string sentence) {
  return rpc::ToStatus(
      Retell(StatusCode::kFailedPrecondition, v1::SUSPENSION_REFUSED, card_reason, std::move(sentence)));
}
absl::Status LiftedAtOfficeOnly() {
  return Unmet(v1::LIFTED_AT_OFFICE_ONLY,
               "No suspension is lifted by telephone. The holder goes in person to the municipal office of residence, "
               "with the card and an identity document, and with the police's receipt number unless it was lost at "
               "home.");
}
absl::Status TooManyNotes(int notes_max) {
  return Unmet(v1::TOO_MANY_NOTES, absl::StrCat("A case holds at most ", notes_max, ". Open another case."));
}
absl::Status TooManySuspensions(int suspensions_max) {
  return Unmet(v1::TOO_MANY_SUSPENSIONS,
               absl::StrCat("At most ", suspensions_max, " cards are suspended in one case. Open another case."));
}

absl::Status HotlineOnly() {
  return Say(StatusCode::kPermissionDenied, v1::HOTLINE_ONLY,
             "Cases are the hotline's operators' alone. A municipality reports a loss at the card service.");
}

absl::Status CaseUnknown() {
  return Say(StatusCode::kNotFound, v1::CASE_UNKNOWN, "There is no such case. Compare its name, or open one.");
}
absl::Status CardUnknown(std::string_view card_reason, std::string sentence) {
  return rpc::ToStatus(Retell(StatusCode::kNotFound, v1::CARD_UNKNOWN, card_reason, std::move(sentence)));
}

absl::Status CardServiceUnavailable() {
  return Again(StatusCode::kUnavailable, v1::CARD_SERVICE_UNAVAILABLE,
               "Nobody can be looked for at this moment. Send the same again; keep the caller on the line.");
}
absl::Status SuspensionNotTaken() {
  return Again(StatusCode::kUnavailable, v1::SUSPENSION_NOT_TAKEN,
               "The suspension could not be taken: nothing was kept of it. Send the same again until it is; "
               "write the case down on paper, and tell the operator of the system at once.");
}

}  // namespace mynumber::hotline::refusals
