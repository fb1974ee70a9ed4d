#include "services/card/domain/validate.h"

#include <set>

#include "absl/strings/numbers.h"
#include "libs/calendar/date.h"
#include "libs/identifiers/municipality_code.h"
#include "libs/identifiers/person_name.h"
#include "libs/identifiers/resource_name.h"
#include "libs/serving/text.h"
#include "services/card/domain/card.h"
#include "services/card/domain/refusals.h"

namespace mynumber::card {
namespace {

using eventsourcing::SubjectId;

constexpr std::string_view kResidents = "residents";
constexpr std::string_view kCards = "/cards/";
constexpr std::string_view kApplications = "/applications/";
constexpr int kNameCharactersMax = 200;
constexpr int kRelationCharactersMax = 50;

std::string Format(const NumberedName& name, std::string_view collection) {
  return FormatResidentName(name.resident).append(collection).append(std::to_string(name.number));
}

std::optional<NumberedName> Parse(std::string_view name, std::string_view collection) {
  const size_t at = name.find(collection);
  if (at == name.npos) return std::nullopt;
  const auto id = identifiers::ParseResourceName(kResidents, name.substr(0, at));
  const std::string number(name.substr(at + collection.size()));
  NumberedName found;
  const bool is_number =
      absl::SimpleAtoi(number, &found.number) && found.number > 0 && std::to_string(found.number) == number;
  if (!id || !is_number) return std::nullopt;
  found.resident = SubjectId{*id};
  return found;
}

}  // namespace

std::string FormatResidentName(const SubjectId& resident) {
  return identifiers::FormatResourceName(kResidents, resident.bytes);
}
std::string FormatCardName(const NumberedName& name) { return Format(name, kCards); }
std::string FormatApplicationName(const NumberedName& name) { return Format(name, kApplications); }

absl::StatusOr<NumberedName> ValidateCardName(std::string_view name, std::string_view field) {
  const auto found = Parse(name, kCards);
  if (!found) return refusals::CardNameMalformed(field);
  return *found;
}

absl::StatusOr<NumberedName> ValidateApplicationName(std::string_view name, std::string_view field) {
  const auto found = Parse(name, kApplications);
  if (!found) return refusals::ApplicationNameMalformed(field);
  return *found;
}

absl::StatusOr<SubjectId> ValidateResidentName(std::string_view name, std::string_view field) {
  const auto id = identifiers::ParseResourceName(kResidents, name);
  if (!id) return refusals::ResidentNameMalformed(field);
  return SubjectId{*id};
}

absl::StatusOr<identifiers::ApplicationId> ValidateApplicationId(std::string_view text, std::string_view field) {
  const auto verdict = identifiers::ApplicationId::Judge(text);
  if (verdict != identifiers::ApplicationIdVerdict::kValid) return refusals::ApplicationIdWrong(verdict, field);
  return identifiers::ApplicationId::Parse(text);
}

absl::StatusOr<identifiers::CardSerial> ValidateCardSerial(std::string_view text, std::string_view field) {
  const auto verdict = identifiers::CardSerial::Judge(text);
  if (verdict != identifiers::CardSerialVerdict::kValid) return refusals::CardSerialWrong(verdict, field);
  return identifiers::CardSerial::Parse(text);
}

absl::Status ValidateDate(const type::Date& date, std::string_view field) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) return refusals::DateMissing(field);
  return calendar::ToDay(date) ? absl::OkStatus() : refusals::DateImpossible(field);
}

absl::Status ValidateText(std::string_view text, std::string_view field, int characters_max) {
  return serving::ValidateText(kRefusals, text, field, characters_max);
}

absl::Status ValidateRepresentative(const events::v1::Representative& representative) {
  absl::Status status = ValidateText(representative.full_name(), "representative.full_name", kNameCharactersMax);
  return status.ok() ? ValidateText(representative.relation(), "representative.relation", kRelationCharactersMax)
                     : status;
}

absl::Status ValidateMunicipality(std::string_view code) {
  return identifiers::FindMunicipality(code) != nullptr ? absl::OkStatus()
                                                        : refusals::MunicipalityMalformed();
}

absl::Status ValidateSettings(const events::v1::MunicipalitySettings& settings) {
  const std::pair<uint32_t, const char*> months[] = {{settings.pick_up_months(), "settings.pick_up_months"},
                                                     {settings.reminder_months(), "settings.reminder_months"},
                                                     {settings.keep_months(), "settings.keep_months"}};
  for (const auto& [value, field] : months) {
    if (value > static_cast<uint32_t>(kSettingMonthsMax)) return refusals::SettingOutOfRange(field, kSettingMonthsMax);
  }
  std::set<int> seen;
  for (const int service : settings.store_services()) {
    const bool is_known = events::v1::StoreService_IsValid(service) && service != 0 && seen.insert(service).second;
    if (!is_known) return refusals::StoreServiceUnknown();
  }
  return absl::OkStatus();
}

absl::Status ValidateCodeWord(std::string_view code_word) {
  if (code_word.empty()) return absl::OkStatus();
  constexpr int kMin = 4, kMax = 40;
  const identifiers::NameCheck check = identifiers::CheckName(code_word, kMax);
  const bool has_length = check.verdict == identifiers::NameVerdict::kValid && check.characters >= kMin;
  return has_length ? absl::OkStatus() : refusals::CodeWordLength();
}

absl::Status ValidateDocuments(const google::protobuf::RepeatedField<int>& documents) {
  if (documents.empty()) return refusals::DocumentsMissing();
  for (const int document : documents) {
    if (!events::v1::Document_IsValid(document) || document == 0) return refusals::DocumentsMissing();
  }
  return absl::OkStatus();
}

absl::Status ValidatePins(const google::protobuf::RepeatedField<int>& pins) {
  for (const int pin : pins) {
    if (!events::v1::Pin_IsValid(pin) || pin == 0) return refusals::PinMissing("pins_set");
  }
  return absl::OkStatus();
}

absl::Status ValidateExpressGround(events::v1::ExpressGround ground) {
  return events::v1::ExpressGround_IsValid(ground) ? absl::OkStatus() : refusals::GroundMissing("express_ground");
}

absl::Status ValidateDefects(const google::protobuf::RepeatedField<int>& defects) {
  for (const int defect : defects) {
    if (!events::v1::PhotoDefect_IsValid(defect) || defect == 0) return refusals::DefectUnknown();
  }
  return absl::OkStatus();
}

}  // namespace mynumber::card
