#ifndef MYNUMBER_SERVICES_ISSUANCE_DOMAIN_VALIDATE_H_
#define MYNUMBER_SERVICES_ISSUANCE_DOMAIN_VALIDATE_H_

// What can be said of a request without knowing the resident. The first thing that is wrong, as a refusal.

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/identifiers/resident_record_code.h"
#include "libs/identifiers/resource_name.h"
#include "mynumber/issuance/events/v1/events.pb.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::issuance {

inline constexpr int kAddressCharactersMax = 300;
inline constexpr int kTextCharactersMax = 500;

absl::Status ValidateRecordCode(std::string_view code, identifiers::CheckDigitRule rule, std::string_view field);
absl::Status ValidateMunicipality(std::string_view code, std::string_view field);
absl::Status ValidateAddress(std::string_view address, std::string_view postal_code, std::string_view prefix);
// A day that exists and is not after `today`.
absl::Status ValidatePastDay(const type::Date& date, const type::Date& today, std::string_view field);
// Complete details of a resident as of `today`.
absl::Status ValidateDetails(const events::v1::ResidentDetails& details, const type::Date& today);
absl::StatusOr<identifiers::OpaqueId> ValidateResidentName(std::string_view name, std::string_view field);
// Evidence, reasons and references: 1 to 500 characters; `missing` says what if empty.
absl::Status ValidateText(std::string_view text, std::string_view field, const absl::Status& missing);
absl::Status ValidateNumber(std::string_view number, std::string_view field);
absl::Status ValidateErasure(events::v1::ErasureGround ground, std::string_view reference);
absl::Status ValidatePurpose(events::v1::Purpose purpose, std::string_view reference, bool identity_confirmed);

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_DOMAIN_VALIDATE_H_
