#include "services/issuance/domain/made_up.h"

#include <cstdlib>
#include <cstring>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/identifiers/resource_name.h"

namespace mynumber::issuance::made_up {
namespace {

using events::v1::IssuanceEvent;
using events::v1::ResidentDetails;

std::string Hash16(std::string_view label, std::string_view text) {
  std::string hash(16, '\0');
  for (int half = 0; half < 2; ++half) {
    const std::string salted = absl::StrCat(half, "|", std::string(label), "|", std::string(text));
    const uint64_t value = std::hash<std::string>()(salted);
    std::memcpy(&hash[8 * half], &value, 8);
  }
  return hash;
}

// What `event` says of how the resident is looked up and reconciled.
template <class Event>
void SetHashes(std::string_view record_code, const ResidentDetails& details, Event* event) {
  event->set_name_hash(NameHash(details.full_name(), details.birth_date()));
  if (!details.name_kana().empty()) event->set_kana_hash(NameHash(details.name_kana(), details.birth_date()));
  event->set_digest(Digest(record_code, details));
}

type::Date AfterRegistration(int days) {
  const absl::CivilDay day = absl::CivilDay(2026, 11, 24) + days;
  return Day(static_cast<int>(day.year()), day.month(), day.day());
}

}  // namespace

Issuance Service() {
  Keyed keyed;
  keyed.number_for = [](std::string_view ten_free_digits, int generation) {
    const uint64_t code = std::strtoull(std::string(ten_free_digits).c_str(), nullptr, 10);
    return identifiers::IndividualNumber::FromBody(code * 10 + static_cast<uint64_t>(generation));
  };
  keyed.name_hash = NameHash;
  keyed.digest = Digest;
  keyed.access_record = [](const eventsourcing::SubjectId&, absl::CivilMonth month) { return RecordIdOf(month); };
  return {keyed};
}

eventsourcing::SubjectId RecordIdOf(absl::CivilMonth month) {
  return eventsourcing::SubjectId::FromBytes(Hash16("access record", absl::FormatCivilTime(month)));
}

std::string RawIdOf(std::string_view record_code) { return Hash16("id", record_code.substr(0, 10)); }

eventsourcing::SubjectId IdOf(std::string_view record_code) {
  return eventsourcing::SubjectId::FromBytes(RawIdOf(record_code));
}

std::string NameOf(std::string_view record_code) {
  return identifiers::FormatResourceName("residents", IdOf(record_code).bytes);
}

std::string NumberOf(std::string_view record_code, int generation) {
  return std::string(Service().keyed.number_for(record_code.substr(0, 10), generation).digits());
}

type::Date Day(int year, int month, int day) {
  type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

int64_t MicrosOf(const type::Date& day, int64_t offset_micros) {
  const int64_t days = absl::CivilDay(day.year(), day.month(), day.day()) - absl::CivilDay(1970, 1, 1);
  constexpr int64_t kNineHours = int64_t{9} * 3600 * 1'000'000;
  return days * 86400 * 1'000'000 - kNineHours + offset_micros;
}

type::Date RegistrationDay() { return AfterRegistration(0); }
int64_t RegistrationMicros() { return MicrosOf(RegistrationDay()); }

int64_t EraseMicros() {
  const absl::CivilDay end = absl::CivilDay(absl::CivilMonth(2026, 12)) + kAccessRetentionDays;
  return MicrosOf(Day(static_cast<int>(end.year()), end.month(), end.day()), 0);
}

type::Actor Clerk() {
  type::Actor actor;
  actor.set_authority("municipality/131016");
  actor.set_clerk_id("clerk-7");
  return actor;
}

type::Actor Chief() {
  type::Actor actor = Clerk();
  actor.set_clerk_id("chief-1");
  return actor;
}

ResidentDetails Hanako() {
  ResidentDetails details;
  details.set_full_name("見本 花子");
  details.set_name_kana("ミホン ハナコ");
  *details.mutable_birth_date() = Day(1987, 5, 25);
  details.set_address("東京都千代田区架空町1丁目2番3号");
  details.set_postal_code("1000001");
  details.set_municipality_code("131016");
  return details;
}

ResidentDetails HanakoMoved() {
  ResidentDetails details = Hanako();
  details.set_address("北海道札幌市中央区架空条4丁目5番");
  details.set_postal_code("0600001");
  details.set_municipality_code("011002");
  return details;
}

ResidentDetails HanakoReturned() {
  ResidentDetails details = Hanako();
  details.set_full_name("例示 花子");
  details.set_name_kana("レイジ ハナコ");
  details.set_address("大阪府大阪市北区架空町6番");
  details.set_postal_code("5300001");
  details.set_municipality_code("271004");
  return details;
}

ResidentDetails HanakoCorrected() {
  ResidentDetails details = Hanako();
  details.set_full_name("見本 華子");
  return details;
}

ResidentDetails Jiro() {
  ResidentDetails details;
  details.set_full_name("Jiro Mockup");
  details.set_alias("模型 次郎");
  *details.mutable_birth_date() = Day(2001, 12, 31);
  details.set_address("神奈川県横浜市中区架空町7番");
  details.set_postal_code("2310001");
  details.set_municipality_code("141003");
  details.set_residence_status(events::v1::RESIDENCE_STATUS_MID_TO_LONG_TERM);
  *details.mutable_period_of_stay_end() = Day(2029, 3, 31);
  return details;
}

eventsourcing::SubjectId AuthorityId() {
  return eventsourcing::SubjectId::FromBytes(Hash16("authority", Clerk().authority()));
}

RecordLookUp LookingUp() {
  RecordLookUp command;
  *command.looked_up.mutable_actor() = Clerk();
  command.looked_up.set_method("FindResidents");
  command.looked_up.set_asked(1);
  command.looked_up.set_found(2);
  return command;
}

RecordAttempts Attempts() {
  RecordAttempts command;
  command.refused.set_authority(Clerk().authority());
  auto* attempts = command.refused.add_attempts();
  attempts->set_clerk_id(Clerk().clerk_id());
  attempts->set_service("card");
  attempts->set_method("GetCard");
  attempts->set_reason("MUNICIPALITY_NOT_YOURS");
  attempts->set_count(3);
  attempts->set_first_micros(RegistrationMicros() - 4'000'000);
  attempts->set_last_micros(RegistrationMicros() - 1'000'000);
  return command;
}

std::string NameHash(std::string_view name, const type::Date& birth_date) {
  return Hash16("name", absl::StrCat(std::string(name), "|", DayNumber(birth_date)));
}

std::string Digest(std::string_view record_code, const ResidentDetails& details) {
  return Hash16("digest", absl::StrCat(std::string(record_code), details.SerializeAsString()));
}

std::string RegistrationHash(std::string_view record_code, const ResidentDetails& details) {
  return Hash16("registration", absl::StrCat(std::string(record_code), details.SerializeAsString()));
}

RegisterResident Registration(std::string_view record_code, const ResidentDetails& details) {
  RegisterResident command;
  command.details = details;
  command.resident_record_code = std::string(record_code);
  command.registration_hash = RegistrationHash(record_code, details);
  command.request_key = Hash16("request", record_code);
  command.actor = Clerk();
  return command;
}

RecordMove Move() {
  const ResidentDetails moved = HanakoMoved();
  return {moved.address(), moved.postal_code(), moved.municipality_code(), AfterRegistration(7)};
}
RecordDeparture Departure() { return {AfterRegistration(30)}; }
RecordReturn Return() { return {AfterRegistration(60), HanakoReturned()}; }
RecordDeath Death() { return {AfterRegistration(90)}; }
CorrectResident Correction() { return {HanakoCorrected(), "typed wrongly", 0}; }
RequestRecordCodeChange CodeChange(std::string_view new_record_code) {
  return {std::string(new_record_code), "letter of 24 November", false};
}
VoidRegistration Voiding() { return {"report 12", "registered twice"}; }
DiscloseNumber Disclosure() {
  DiscloseNumber command;
  command.purpose = events::v1::PURPOSE_TAX;
  command.reference = "file 34";
  command.actor = Clerk();
  return command;
}
DiscloseNumber Search(uint32_t generation) {
  DiscloseNumber command = Disclosure();
  command.way = events::v1::NumberDisclosed::WAY_SEARCHED;
  command.generation = generation;
  return command;
}
ReplaceNumber Replacement() {
  return {v1::REPLACEMENT_GROUND_LEAK_WITH_RISK_OF_MISUSE, "police receipt 56",
          events::v1::REPLACEMENT_DECISION_MAYOR_ON_REQUEST, Clerk()};
}

IssuanceEvent Registered(const RegisterResident& command, int generation) {
  IssuanceEvent event;
  auto* registered = event.mutable_resident_registered();
  *registered->mutable_details() = command.details;
  registered->set_resident_record_code(command.resident_record_code);
  registered->set_individual_number(NumberOf(command.resident_record_code, generation));
  registered->set_generation(static_cast<uint32_t>(generation));
  registered->set_registration_hash(command.registration_hash);
  registered->set_request_key(command.request_key);
  SetHashes(command.resident_record_code, command.details, registered);
  for (const std::string& id : command.look_alikes) registered->add_confirmed_distinct_from(id);
  *registered->mutable_disclosed_to() = command.actor;
  return event;
}

IssuanceEvent Moved(std::string_view record_code) {
  const RecordMove command = Move();
  IssuanceEvent event;
  auto* moved = event.mutable_resident_moved();
  moved->set_address(command.address);
  moved->set_postal_code(command.postal_code);
  moved->set_municipality_code(command.municipality_code);
  *moved->mutable_move_date() = command.move_date;
  moved->set_digest(Digest(record_code, HanakoMoved()));
  return event;
}

IssuanceEvent Departed(const std::string& digest) {
  IssuanceEvent event;
  *event.mutable_resident_departed()->mutable_departure_date() = Departure().departure_date;
  event.mutable_resident_departed()->set_digest(digest);
  return event;
}

IssuanceEvent Returned(std::string_view record_code) {
  IssuanceEvent event;
  auto* returned = event.mutable_resident_returned();
  *returned->mutable_return_date() = Return().return_date;
  *returned->mutable_details() = HanakoReturned();
  SetHashes(record_code, HanakoReturned(), returned);
  return event;
}

IssuanceEvent Died(const std::string& digest) {
  IssuanceEvent event;
  *event.mutable_resident_died()->mutable_death_date() = Death().death_date;
  event.mutable_resident_died()->set_digest(digest);
  return event;
}

IssuanceEvent Corrected(std::string_view record_code) {
  IssuanceEvent event;
  auto* corrected = event.mutable_resident_corrected();
  *corrected->mutable_details() = HanakoCorrected();
  corrected->set_reason(Correction().reason);
  SetHashes(record_code, HanakoCorrected(), corrected);
  return event;
}

IssuanceEvent CodeChangeRequested(std::string_view new_record_code) {
  IssuanceEvent event;
  auto* requested = event.mutable_record_code_change_requested();
  requested->set_new_resident_record_code(std::string(new_record_code));
  requested->set_evidence(CodeChange().evidence);
  return event;
}

IssuanceEvent CodeAliased(std::string_view record_code, std::string_view home_code) {
  IssuanceEvent event;
  event.mutable_record_code_aliased()->set_home(RawIdOf(home_code));
  event.mutable_record_code_aliased()->set_resident_record_code(std::string(record_code));
  return event;
}

IssuanceEvent CodeChanged(std::string_view record_code, const ResidentDetails& details) {
  IssuanceEvent event;
  event.mutable_record_code_changed()->set_resident_record_code(std::string(record_code));
  event.mutable_record_code_changed()->set_digest(Digest(record_code, details));
  return event;
}

IssuanceEvent CodeChangeRefused() {
  IssuanceEvent event;
  event.mutable_record_code_change_refused()->set_reason("the code is another resident's");
  return event;
}

IssuanceEvent Voided() {
  IssuanceEvent event;
  event.mutable_registration_voided()->set_evidence(Voiding().evidence);
  event.mutable_registration_voided()->set_reason(Voiding().reason);
  return event;
}

IssuanceEvent Disclosed(uint32_t generation, std::string_view record_code) {
  IssuanceEvent event;
  auto* disclosed = event.mutable_number_disclosed();
  disclosed->set_resident(RawIdOf(record_code));
  disclosed->set_erase_micros(EraseMicros());
  disclosed->set_way(events::v1::NumberDisclosed::WAY_SHOWN);
  disclosed->set_purpose(Disclosure().purpose);
  disclosed->set_reference(Disclosure().reference);
  *disclosed->mutable_actor() = Clerk();
  disclosed->set_generation(generation);
  return event;
}

IssuanceEvent Searched(uint32_t generation, std::string_view record_code) {
  IssuanceEvent event = Disclosed(generation, record_code);
  event.mutable_number_disclosed()->set_way(events::v1::NumberDisclosed::WAY_SEARCHED);
  return event;
}

IssuanceEvent LookedUp() {
  IssuanceEvent event;
  *event.mutable_looked_up() = LookingUp().looked_up;
  event.mutable_looked_up()->set_authority_id(std::string(AuthorityId().view()));
  event.mutable_looked_up()->set_erase_micros(EraseMicros());
  return event;
}

IssuanceEvent Refused() {
  IssuanceEvent event;
  *event.mutable_attempts_refused() = Attempts().refused;
  event.mutable_attempts_refused()->set_authority_id(std::string(AuthorityId().view()));
  event.mutable_attempts_refused()->set_erase_micros(EraseMicros());
  return event;
}

IssuanceEvent RecordErased() {
  IssuanceEvent event;
  event.mutable_access_record_erased()->set_due_micros(EraseMicros());
  return event;
}

IssuanceEvent Replaced(std::string_view record_code, int generation) {
  IssuanceEvent event;
  auto* replaced = event.mutable_number_replaced();
  replaced->set_individual_number(NumberOf(record_code, generation));
  replaced->set_generation(static_cast<uint32_t>(generation));
  replaced->set_evidence(Replacement().evidence);
  replaced->set_decision(Replacement().decision);
  *replaced->mutable_disclosed_to() = Clerk();
  return event;
}

}  // namespace mynumber::issuance::made_up
