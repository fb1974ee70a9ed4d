#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_REFUSALS_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_REFUSALS_H_

// Every "no" of this service's own, as a named function: its gRPC code, its reason (ErrorReason), the field, and a
// sentence that tells a clerk or an applicant what to do (refusals_sentences.cc). Nothing here ever repeats personal
// data.

#include <string_view>

#include "absl/status/status.h"
#include "libs/calendar/day.h"
#include "libs/identifiers/application_id.h"
#include "libs/identifiers/card_serial.h"
#include "libs/serving/refusals.h"
#include "mynumber/card/v1/error_reason.pb.h"

namespace mynumber::card {

// What all services refuse in the same words.
inline constexpr serving::Refusals kRefusals = {"card.mynumber",
                                                "State the clerk's id: cards are handled in the name of a clerk.",
                                                "SuspendCard"};

namespace refusals {

// With the sentence of refusals_sentences.cc; `field` of INVALID_ARGUMENT, if it is another than the sentence's.
absl::Status BecauseOf(v1::ErrorReason reason, std::string_view field = {});

// INVALID_ARGUMENT
absl::Status ApplicationIdWrong(identifiers::ApplicationIdVerdict verdict, std::string_view field);
absl::Status CardSerialWrong(identifiers::CardSerialVerdict verdict, std::string_view field);
absl::Status SettingOutOfRange(std::string_view field, int max);
absl::Status BatchDateNotKept();
absl::Status CursorMalformed(size_t partition_count);
inline absl::Status CardNameMalformed(std::string_view field) { return BecauseOf(v1::CARD_NAME_MALFORMED, field); }
inline absl::Status ApplicationNameMalformed(std::string_view field) {
  return BecauseOf(v1::APPLICATION_NAME_MALFORMED, field);
}
inline absl::Status ResidentNameMalformed(std::string_view field) {
  return BecauseOf(v1::RESIDENT_NAME_MALFORMED, field);
}
inline absl::Status EmailMalformed() { return BecauseOf(v1::EMAIL_MALFORMED); }
inline absl::Status TokenMalformed() { return BecauseOf(v1::TOKEN_MALFORMED); }
inline absl::Status WayMissing() { return BecauseOf(v1::WAY_MISSING); }
inline absl::Status PaymentReferenceMissing() { return BecauseOf(v1::PAYMENT_REFERENCE_MISSING); }
inline absl::Status PhotoMissing() { return BecauseOf(v1::PHOTO_MISSING); }
inline absl::Status PhotoNotJpeg() { return BecauseOf(v1::PHOTO_NOT_JPEG); }
inline absl::Status PhotoTooSmall() { return BecauseOf(v1::PHOTO_TOO_SMALL); }
inline absl::Status PhotoTooLarge() { return BecauseOf(v1::PHOTO_TOO_LARGE); }
inline absl::Status PhotoNotRgb() { return BecauseOf(v1::PHOTO_NOT_RGB); }
inline absl::Status PhotoTooFewPixels() { return BecauseOf(v1::PHOTO_TOO_FEW_PIXELS); }
inline absl::Status PhotoTooManyPixels() { return BecauseOf(v1::PHOTO_TOO_MANY_PIXELS); }
inline absl::Status PhotoDamaged() { return BecauseOf(v1::PHOTO_DAMAGED); }
inline absl::Status PhotoTooOld() { return BecauseOf(v1::PHOTO_TOO_OLD); }
inline absl::Status PhotoInTheFuture() { return BecauseOf(v1::PHOTO_IN_THE_FUTURE); }
inline absl::Status DateMissing(std::string_view field) { return BecauseOf(v1::DATE_MISSING, field); }
inline absl::Status DateImpossible(std::string_view field) { return BecauseOf(v1::DATE_IMPOSSIBLE, field); }
inline absl::Status DateInTheFuture(std::string_view field) { return BecauseOf(v1::DATE_IN_THE_FUTURE, field); }
inline absl::Status DocumentsMissing() { return BecauseOf(v1::DOCUMENTS_MISSING); }
inline absl::Status ReturnEnvelopeMissing() { return BecauseOf(v1::RETURN_ENVELOPE_MISSING); }
inline absl::Status DefectUnknown() { return BecauseOf(v1::DEFECT_UNKNOWN); }
inline absl::Status RecordMissing() { return BecauseOf(v1::RECORD_MISSING); }
inline absl::Status GroundMissing(std::string_view field = {}) { return BecauseOf(v1::GROUND_MISSING, field); }
inline absl::Status PinMissing(std::string_view field = {}) { return BecauseOf(v1::PIN_MISSING, field); }
inline absl::Status CertificateMissing() { return BecauseOf(v1::CERTIFICATE_MISSING); }
inline absl::Status ChangeMissing() { return BecauseOf(v1::CHANGE_MISSING); }
inline absl::Status SuspensionReasonMissing() { return BecauseOf(v1::SUSPENSION_REASON_MISSING); }
inline absl::Status SearchMissing() { return BecauseOf(v1::SEARCH_MISSING); }
inline absl::Status CodeWordLength() { return BecauseOf(v1::CODE_WORD_LENGTH); }
inline absl::Status MunicipalityMalformed() { return BecauseOf(v1::MUNICIPALITY_MALFORMED); }
inline absl::Status StoreServiceUnknown() { return BecauseOf(v1::STORE_SERVICE_UNKNOWN); }
inline absl::Status StateMissing() { return BecauseOf(v1::STATE_MISSING); }
inline absl::Status OutcomeMissing() { return BecauseOf(v1::OUTCOME_MISSING); }

// FAILED_PRECONDITION
// The last day of pick-up, or on which it is kept, is still to come.
absl::Status HandOverPeriodOpen(calendar::Day from);
inline absl::Status FormOutdated() { return BecauseOf(v1::FORM_OUTDATED); }
inline absl::Status FormSuperseded() { return BecauseOf(v1::FORM_SUPERSEDED); }
inline absl::Status ResidenceCardExpired() { return BecauseOf(v1::RESIDENCE_CARD_EXPIRED); }
inline absl::Status ResidenceCardExpiresWithinAMonth() { return BecauseOf(v1::RESIDENCE_CARD_EXPIRES_WITHIN_A_MONTH); }
inline absl::Status CardValidAlready() { return BecauseOf(v1::CARD_VALID_ALREADY); }
inline absl::Status ApplicationUnderWay() { return BecauseOf(v1::APPLICATION_UNDER_WAY); }
inline absl::Status ApplicationIdUsed() { return BecauseOf(v1::APPLICATION_ID_USED); }
inline absl::Status RepresentativeMissing() { return BecauseOf(v1::REPRESENTATIVE_MISSING); }
inline absl::Status NoPhotoUnderOneYear() { return BecauseOf(v1::NO_PHOTO_UNDER_ONE_YEAR); }
inline absl::Status HolderGone() { return BecauseOf(v1::HOLDER_GONE); }
inline absl::Status LinkExpired() { return BecauseOf(v1::LINK_EXPIRED); }
inline absl::Status LinkUsed() { return BecauseOf(v1::LINK_USED); }
inline absl::Status EmailNotConfirmed() { return BecauseOf(v1::EMAIL_NOT_CONFIRMED); }
inline absl::Status ApplicationReceivedAlready() { return BecauseOf(v1::APPLICATION_RECEIVED_ALREADY); }
inline absl::Status ApplicationNotReceived() { return BecauseOf(v1::APPLICATION_NOT_RECEIVED); }
inline absl::Status ApplicationNotUnderReview() { return BecauseOf(v1::APPLICATION_NOT_UNDER_REVIEW); }
inline absl::Status ApplicationInProduction() { return BecauseOf(v1::APPLICATION_IN_PRODUCTION); }
inline absl::Status ApplicationWithdrawn() { return BecauseOf(v1::APPLICATION_WITHDRAWN); }
inline absl::Status RenewalTooEarly() { return BecauseOf(v1::RENEWAL_TOO_EARLY); }
inline absl::Status ReissueNotNeeded() { return BecauseOf(v1::REISSUE_NOT_NEEDED); }
inline absl::Status FeeReceiptMissing() { return BecauseOf(v1::FEE_RECEIPT_MISSING); }
inline absl::Status PoliceReceiptMissing() { return BecauseOf(v1::POLICE_RECEIPT_MISSING); }
inline absl::Status ExpressNotAllowed() { return BecauseOf(v1::EXPRESS_NOT_ALLOWED); }
inline absl::Status PhotoOfMailedTooOld() { return BecauseOf(v1::PHOTO_OF_MAILED_TOO_OLD); }
inline absl::Status StatusTooOld() { return BecauseOf(v1::STATUS_TOO_OLD); }
inline absl::Status CardInProduction() { return BecauseOf(v1::CARD_IN_PRODUCTION); }
inline absl::Status CardNotArrived() { return BecauseOf(v1::CARD_NOT_ARRIVED); }
inline absl::Status CardArrivedAlready() { return BecauseOf(v1::CARD_ARRIVED_ALREADY); }
inline absl::Status CardNotSetUp() { return BecauseOf(v1::CARD_NOT_SET_UP); }
inline absl::Status CardSetUpAlready() { return BecauseOf(v1::CARD_SET_UP_ALREADY); }
inline absl::Status IssueNoticeNotSent() { return BecauseOf(v1::ISSUE_NOTICE_NOT_SENT); }
inline absl::Status IssueNoticeSentAlready() { return BecauseOf(v1::ISSUE_NOTICE_SENT_ALREADY); }
inline absl::Status RemindedAlready() { return BecauseOf(v1::REMINDED_ALREADY); }
inline absl::Status CardNotInUse() { return BecauseOf(v1::CARD_NOT_IN_USE); }
inline absl::Status CardInUse() { return BecauseOf(v1::CARD_IN_USE); }
inline absl::Status CardSuspended() { return BecauseOf(v1::CARD_SUSPENDED); }
inline absl::Status CardNotSuspended() { return BecauseOf(v1::CARD_NOT_SUSPENDED); }
inline absl::Status CardHeld() { return BecauseOf(v1::CARD_HELD); }
inline absl::Status CardFailed() { return BecauseOf(v1::CARD_FAILED); }
inline absl::Status CardDestroyed() { return BecauseOf(v1::CARD_DESTROYED); }
inline absl::Status CardRevoked() { return BecauseOf(v1::CARD_REVOKED); }
inline absl::Status CardExpired() { return BecauseOf(v1::CARD_EXPIRED); }
inline absl::Status CardReturned() { return BecauseOf(v1::CARD_RETURNED); }
inline absl::Status IdentityNotProven() { return BecauseOf(v1::IDENTITY_NOT_PROVEN); }
inline absl::Status PhotoDocumentNeeded() { return BecauseOf(v1::PHOTO_DOCUMENT_NEEDED); }
inline absl::Status AgentNeedsPowerOfAttorney() { return BecauseOf(v1::AGENT_NEEDS_POWER_OF_ATTORNEY); }
inline absl::Status PinsNotSet() { return BecauseOf(v1::PINS_NOT_SET); }
inline absl::Status SignatureCertificateNotForHolder() { return BecauseOf(v1::SIGNATURE_CERTIFICATE_NOT_FOR_HOLDER); }
inline absl::Status PersonNotPresent() { return BecauseOf(v1::PERSON_NOT_PRESENT); }
inline absl::Status OfficeOnly() { return BecauseOf(v1::OFFICE_ONLY); }
inline absl::Status PinNotLocked() { return BecauseOf(v1::PIN_NOT_LOCKED); }
inline absl::Status CertificateValidAlready() { return BecauseOf(v1::CERTIFICATE_VALID_ALREADY); }
inline absl::Status CertificateNotValid() { return BecauseOf(v1::CERTIFICATE_NOT_VALID); }
inline absl::Status NoSuchChange() { return BecauseOf(v1::NO_SUCH_CHANGE); }
inline absl::Status MoveInNotifiedTooLate() { return BecauseOf(v1::MOVE_IN_NOTIFIED_TOO_LATE); }
inline absl::Status ContinuationTooLate() { return BecauseOf(v1::CONTINUATION_TOO_LATE); }
inline absl::Status ContinuationNotNeeded() { return BecauseOf(v1::CONTINUATION_NOT_NEEDED); }
inline absl::Status PinNotEntered() { return BecauseOf(v1::PIN_NOT_ENTERED); }
inline absl::Status ExtensionUsedAlready() { return BecauseOf(v1::EXTENSION_USED_ALREADY); }
inline absl::Status ExtensionNotNeeded() { return BecauseOf(v1::EXTENSION_NOT_NEEDED); }
inline absl::Status TooManyCards() { return BecauseOf(v1::TOO_MANY_CARDS); }
inline absl::Status ResidentErased() { return BecauseOf(v1::RESIDENT_ERASED); }
inline absl::Status ProductionEndedOtherwise() { return BecauseOf(v1::PRODUCTION_ENDED_OTHERWISE); }

// PERMISSION_DENIED, NOT_FOUND, RESOURCE_EXHAUSTED, DATA_LOSS
inline absl::Status MunicipalityNotYours() { return BecauseOf(v1::MUNICIPALITY_NOT_YOURS); }
inline absl::Status HotlineOnly() { return BecauseOf(v1::HOTLINE_ONLY); }
inline absl::Status FactoryOnly() { return BecauseOf(v1::FACTORY_ONLY); }
inline absl::Status ApplicationSiteOnly() { return BecauseOf(v1::APPLICATION_SITE_ONLY); }
inline absl::Status MunicipalityOnly() { return BecauseOf(v1::MUNICIPALITY_ONLY); }
inline absl::Status TerminalOnly() { return BecauseOf(v1::TERMINAL_ONLY); }
inline absl::Status ApplicationIdUnknown() { return BecauseOf(v1::APPLICATION_ID_UNKNOWN); }
inline absl::Status CardSerialUnknown() { return BecauseOf(v1::CARD_SERIAL_UNKNOWN); }
inline absl::Status CardUnknown() { return BecauseOf(v1::CARD_UNKNOWN); }
inline absl::Status ApplicationUnknown() { return BecauseOf(v1::APPLICATION_UNKNOWN); }
inline absl::Status HolderUnknown() { return BecauseOf(v1::HOLDER_UNKNOWN); }
inline absl::Status LinkUnknown() { return BecauseOf(v1::LINK_UNKNOWN); }
inline absl::Status BirthDateWrong() { return BecauseOf(v1::BIRTH_DATE_WRONG); }
inline absl::Status TooManyWrongBirthDates() { return BecauseOf(v1::TOO_MANY_WRONG_BIRTH_DATES); }
inline absl::Status PhotoLost() { return BecauseOf(v1::PHOTO_LOST); }

}  // namespace refusals
}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_REFUSALS_H_
