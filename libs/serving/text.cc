#include "libs/serving/text.h"

#include "libs/identifiers/person_name.h"

namespace mynumber::serving {

absl::Status ValidateText(const Refusals& refusals, std::string_view text, std::string_view field,
                          int characters_max) {
  switch (identifiers::CheckName(text, characters_max).verdict) {
    case identifiers::NameVerdict::kValid:
    case identifiers::NameVerdict::kEmpty:
      return absl::OkStatus();
    case identifiers::NameVerdict::kTooLong:
      return refusals.TextTooLong(field, characters_max);
    case identifiers::NameVerdict::kNotUtf8:
    case identifiers::NameVerdict::kControlCharacter:
      return refusals.TextNotUtf8(field);
  }
  return absl::OkStatus();
}

}  // namespace mynumber::serving
