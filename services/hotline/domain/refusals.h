#ifndef MYNUMBER_SERVICES_HOTLINE_DOMAIN_REFUSALS_H_
#define MYNUMBER_SERVICES_HOTLINE_DOMAIN_REFUSALS_H_

// Every "no" of this service's own, as a named function: its gRPC code, its reason (ErrorReason), the field, and a
// sentence that tells an operator what to do. Nothing here ever repeats personal data.

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/serving/refusals.h"

namespace mynumber::hotline {

// What all services refuse in the same words.
inline constexpr serving::Refusals kRefusals = {"hotline.mynumber",
                                                "State the operator's id: cases are handled in the name of a clerk.",
                                                "SuspendCard"};

namespace refusals {

// INVALID_ARGUMENT
absl::Status CaseNameMalformed();
absl::Status CardNameMalformed();
absl::Status ResidentNameMalformed(std::string_view field);
absl::Status LanguageUnknown();
absl::Status TimeWithoutZone();
absl::Status TimeMalformed();
absl::Status TimeOutOfRange();
absl::Status CallerKindMissing();
absl::Status SearchMissing();
absl::Status SearchAmbiguous();
absl::Status BirthDateMissing(std::string_view field);
absl::Status BirthDateImpossible(std::string_view field);
absl::Status AddressMissing();
absl::Status LooksLikeIndividualNumber(std::string_view field);
// What the card service said of it.
absl::Status SearchMalformed(std::string_view field, std::string_view card_reason, std::string sentence);
absl::Status SuspensionReasonMissing();
absl::Status ReceiptNumberMissing();
absl::Status NoteMissing();
absl::Status StateMissing();

// FAILED_PRECONDITION
absl::Status CaseClosed();
absl::Status CaseErased();
absl::Status SuspensionPending();
absl::Status NotACandidate();
absl::Status IdentificationBlocked(int failures_max);
absl::Status SerialNeeded();
absl::Status CardNotOfCaller();
absl::Status CallerNotIdentified();
// What the card service said of it.
absl::Status SuspensionRefused(std::string_view card_reason, std::string sentence);
absl::Status LiftedAtOfficeOnly();
absl::Status TooManyNotes(int notes_max);
absl::Status TooManySuspensions(int suspensions_max);

// PERMISSION_DENIED
absl::Status HotlineOnly();

// NOT_FOUND
absl::Status CaseUnknown();
absl::Status CardUnknown(std::string_view card_reason, std::string sentence);

// UNAVAILABLE
absl::Status CardServiceUnavailable();
absl::Status SuspensionNotTaken();

}  // namespace refusals
}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_DOMAIN_REFUSALS_H_
