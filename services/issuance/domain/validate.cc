#include "services/issuance/domain/validate.h"

#include "libs/calendar/date.h"
#include "libs/identifiers/individual_number.h"
#include "libs/identifiers/municipality_code.h"
#include "libs/identifiers/person_name.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/resident.h"

namespace mynumber::issuance {
namespace {

using events::v1::ResidentDetails;

// What stands where a text in another encoding was taken for UTF-8 on its way.
constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

absl::Status FromVerdict(identifiers::NameVerdict verdict, std::string_view text, std::string_view field,
                         const absl::Status& empty, const absl::Status& too_long) {
  switch (verdict) {
    case identifiers::NameVerdict::kValid:
      return absl::OkStatus();
    case identifiers::NameVerdict::kNotUtf8:
      return refusals::TextNotUtf8(field);
    case identifiers::NameVerdict::kControlCharacter:
      return text.find(kReplacementCharacter) == text.npos ? refusals::TextHasControlCharacters(field)
                                                           : refusals::TextNotUtf8(field);
    case identifiers::NameVerdict::kEmpty:
      return empty;
    case identifiers::NameVerdict::kTooLong:
      return too_long;
  }
  return absl::OkStatus();
}

absl::Status ValidateName(std::string_view name, std::string_view field) {
  const auto verdict = identifiers::CheckName(name).verdict;
  if (verdict == identifiers::NameVerdict::kValid) return absl::OkStatus();
  return FromVerdict(verdict, name, field, refusals::NameEmpty(field), refusals::NameTooLong(field));
}

absl::Status ValidateOptionalName(std::string_view name, std::string_view field) {
  return name.empty() ? absl::OkStatus() : ValidateName(name, field);
}

bool IsMissing(const type::Date& date) { return date.year() == 0 && date.month() == 0 && date.day() == 0; }

bool Exists(const type::Date& date) { return calendar::ToDay(date).has_value(); }

absl::Status ValidateStay(const ResidentDetails& details, const type::Date& today) {
  constexpr std::string_view kField = "details.period_of_stay_end";
  if (!events::v1::ResidenceStatus_IsValid(details.residence_status())) {
    return refusals::ResidenceStatusUnknown("details.residence_status");
  }
  const bool limited = details.residence_status() >= events::v1::RESIDENCE_STATUS_MID_TO_LONG_TERM;
  if (!details.has_period_of_stay_end()) {
    return limited ? refusals::PeriodOfStayMissing(kField) : absl::OkStatus();
  }
  if (!limited) return refusals::PeriodOfStayNotAllowed(kField);
  if (!Exists(details.period_of_stay_end())) return refusals::DateImpossible(kField);
  if (DayNumber(details.period_of_stay_end()) < DayNumber(today)) return refusals::PeriodOfStayOver(kField);
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateRecordCode(std::string_view code, identifiers::CheckDigitRule rule, std::string_view field) {
  switch (identifiers::ResidentRecordCode::Judge(code, rule)) {
    case identifiers::RecordCodeVerdict::kValid:
      return absl::OkStatus();
    case identifiers::RecordCodeVerdict::kWrongLength:
      return refusals::RecordCodeWrongLength(field);
    case identifiers::RecordCodeVerdict::kNotDigits:
      return refusals::RecordCodeNotDigits(field);
    case identifiers::RecordCodeVerdict::kWrongCheckDigit:
      return refusals::RecordCodeWrongCheckDigit(field);
  }
  return absl::OkStatus();
}

absl::Status ValidateMunicipality(std::string_view code, std::string_view field) {
  switch (identifiers::JudgeMunicipalityCode(code)) {
    case identifiers::MunicipalityCodeVerdict::kKnown:
      return absl::OkStatus();
    case identifiers::MunicipalityCodeVerdict::kWrongLength:
    case identifiers::MunicipalityCodeVerdict::kNotDigits:
      return refusals::MunicipalityCodeMalformed(field);
    case identifiers::MunicipalityCodeVerdict::kWrongCheckDigit:
      return refusals::MunicipalityCodeWrongCheckDigit(field);
    case identifiers::MunicipalityCodeVerdict::kUnknown:
      return refusals::MunicipalityUnknown(field);
  }
  return absl::OkStatus();
}

absl::Status ValidateAddress(std::string_view address, std::string_view postal_code, std::string_view prefix) {
  const auto verdict = identifiers::CheckName(address, kAddressCharactersMax).verdict;
  if (verdict != identifiers::NameVerdict::kValid) {
    const std::string field = std::string(prefix) + "address";
    return FromVerdict(verdict, address, field, refusals::AddressEmpty(field), refusals::AddressTooLong(field));
  }
  bool digits = postal_code.size() == 7;
  for (char c : postal_code) digits = digits && c >= '0' && c <= '9';
  if (!digits) return refusals::PostalCodeMalformed(std::string(prefix) + "postal_code");
  return absl::OkStatus();
}

absl::Status ValidatePastDay(const type::Date& date, const type::Date& today, std::string_view field) {
  if (IsMissing(date)) return refusals::DateMissing(field);
  if (!Exists(date)) return refusals::DateImpossible(field);
  if (DayNumber(date) > DayNumber(today)) return refusals::DateInTheFuture(field);
  return absl::OkStatus();
}

absl::Status ValidateDetails(const ResidentDetails& details, const type::Date& today) {
  absl::Status status = ValidateName(details.full_name(), "details.full_name");
  if (status.ok()) status = ValidateOptionalName(details.alias(), "details.alias");
  if (status.ok()) status = ValidateOptionalName(details.name_kana(), "details.name_kana");
  if (!status.ok()) return status;
  if (IsMissing(details.birth_date())) return refusals::BirthDateMissing();
  status = ValidatePastDay(details.birth_date(), today, "details.birth_date");
  if (status.ok()) status = ValidateAddress(details.address(), details.postal_code(), "details.");
  if (status.ok()) status = ValidateMunicipality(details.municipality_code(), "details.municipality_code");
  if (status.ok()) status = ValidateStay(details, today);
  return status;
}

absl::StatusOr<identifiers::OpaqueId> ValidateResidentName(std::string_view name, std::string_view field) {
  auto id = identifiers::ParseResourceName("residents", name);
  if (!id) return refusals::ResidentNameMalformed(field);
  return *id;
}

absl::Status ValidateText(std::string_view text, std::string_view field, const absl::Status& missing) {
  if (text.empty()) return missing;
  return FromVerdict(identifiers::CheckName(text, kTextCharactersMax).verdict, text, field, missing,
                     refusals::TextTooLong(field, kTextCharactersMax));
}

absl::Status ValidateNumber(std::string_view number, std::string_view field) {
  switch (identifiers::IndividualNumber::Judge(number)) {
    case identifiers::NumberVerdict::kValid:
      return absl::OkStatus();
    case identifiers::NumberVerdict::kWrongLength:
      return refusals::NumberWrongLength(field);
    case identifiers::NumberVerdict::kNotDigits:
      return refusals::NumberNotDigits(field);
    case identifiers::NumberVerdict::kWrongCheckDigit:
      return refusals::NumberWrongCheckDigit(field);
    case identifiers::NumberVerdict::kReserved:
      return refusals::NumberNotIssued();
  }
  return absl::OkStatus();
}

absl::Status ValidateErasure(events::v1::ErasureGround ground, std::string_view reference) {
  if (ground == events::v1::ERASURE_GROUND_UNSPECIFIED || !events::v1::ErasureGround_IsValid(ground)) {
    return refusals::ErasureGroundMissing();
  }
  return ValidateText(reference, "reference", refusals::ReferenceMissing());
}
absl::Status ValidatePurpose(events::v1::Purpose purpose, std::string_view reference, bool identity_confirmed) {
  if (purpose == events::v1::PURPOSE_UNSPECIFIED || !events::v1::Purpose_IsValid(purpose)) {
    return refusals::PurposeMissing();
  }
  absl::Status status = ValidateText(reference, "reference", refusals::ReferenceMissing());
  if (!status.ok()) return status;
  if (purpose == events::v1::PURPOSE_RESIDENT_REQUEST && !identity_confirmed) return refusals::IdentityNotConfirmed();
  return absl::OkStatus();
}

}  // namespace mynumber::issuance
