#ifndef MYNUMBER_SERVICES_CARD_SERVICE_FORMS_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_FORMS_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/card/domain/refusals.h"
#include "services/card/domain/validate.h"
#include "services/card/service_keys.h"

namespace mynumber::card {

// The form with this ID. One that was never given out is refused here, before any look-up.
inline absl::StatusOr<OfResident> FormWithId(const ServiceKeys& keys, const std::string& application_id) {
  const auto id = ValidateApplicationId(application_id);
  if (!id.ok()) return id.status();
  const auto form = keys.FormOf(*id);
  if (!form) return refusals::ApplicationIdUnknown();
  return *form;
}

// The card with this serial, likewise.
inline absl::StatusOr<OfResident> CardWithSerial(const ServiceKeys& keys, const std::string& serial,
                                                   std::string_view field) {
  const auto valid = ValidateCardSerial(serial, field);
  if (!valid.ok()) return valid.status();
  const auto card = keys.CardOf(*valid);
  if (!card) return refusals::CardSerialUnknown();
  return *card;
}

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_FORMS_H_
