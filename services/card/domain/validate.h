#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_VALIDATE_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_VALIDATE_H_

// Whether what was sent makes sense at all, whatever the state. Pure.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "libs/eventsourcing/subject.h"
#include "libs/identifiers/application_id.h"
#include "libs/identifiers/card_serial.h"
#include "mynumber/card/events/v1/events.pb.h"

namespace mynumber::card {

// "residents/{32 hex digits}/cards/3", ".../applications/3".
struct NumberedName {
  eventsourcing::SubjectId resident;
  uint32_t number = 0;
};
std::string FormatCardName(const NumberedName& name);
std::string FormatApplicationName(const NumberedName& name);
std::string FormatResidentName(const eventsourcing::SubjectId& resident);
absl::StatusOr<NumberedName> ValidateCardName(std::string_view name, std::string_view field = "name");
absl::StatusOr<NumberedName> ValidateApplicationName(std::string_view name, std::string_view field = "name");
absl::StatusOr<eventsourcing::SubjectId> ValidateResidentName(std::string_view name, std::string_view field);

absl::StatusOr<identifiers::ApplicationId> ValidateApplicationId(std::string_view text,
                                                                 std::string_view field = "application_id");
absl::StatusOr<identifiers::CardSerial> ValidateCardSerial(std::string_view text, std::string_view field);

absl::Status ValidateDate(const type::Date& date, std::string_view field);
// May be empty.
absl::Status ValidateText(std::string_view text, std::string_view field, int characters_max);
absl::Status ValidateRepresentative(const events::v1::Representative& representative);
absl::Status ValidateMunicipality(std::string_view code);
absl::Status ValidateSettings(const events::v1::MunicipalitySettings& settings);
absl::Status ValidateCodeWord(std::string_view code_word);
// One at least, all known.
absl::Status ValidateDocuments(const google::protobuf::RepeatedField<int>& documents);
// `pins_set` of a hand-over: each known; none is right, too.
absl::Status ValidatePins(const google::protobuf::RepeatedField<int>& pins);
// Known; none is right, too.
absl::Status ValidateExpressGround(events::v1::ExpressGround ground);
// Each known; none is right, too.
absl::Status ValidateDefects(const google::protobuf::RepeatedField<int>& defects);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_VALIDATE_H_
