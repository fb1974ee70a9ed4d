#include "tests/simulation/traced_issuance.h"

#include <cstdio>
#include <cstdlib>

#include "tests/simulation/plain_vault.h"

namespace mynumber::simulation {
namespace {

using issuance::events::v1::ResidentDetails;

std::string Hash16(std::string_view text) {
  const std::string hash = PlainChain("", text);
  return hash.substr(0, 16);
}

type::Date Day(int year) {
  type::Date date;
  date.set_year(year);
  date.set_month(4);
  date.set_day(1);
  return date;
}

ResidentDetails Details(uint64_t resident, uint64_t variant) {
  static const char* const kMunicipalities[] = {"131016", "131024", "131032"};
  ResidentDetails details;
  details.set_full_name("試験 花子" + std::to_string(resident));
  details.set_name_kana("シケン ハナコ");
  *details.mutable_birth_date() = Day(1990);
  details.set_address("架空町 " + std::to_string(variant));
  details.set_postal_code("1000001");
  details.set_municipality_code(kMunicipalities[variant % 3]);
  return details;
}

type::Actor Clerk() {
  type::Actor actor;
  actor.set_authority("municipality/131016");
  actor.set_clerk_id("clerk-1");
  return actor;
}

issuance::RegisterResident Register(uint64_t resident, Dice* dice) {
  issuance::RegisterResident command;
  // Nearly always the same details, so that a repetition is recognised.
  const uint64_t variant = dice->Chance(0.1) ? 1 + dice->Below(2) : 0;
  command.details = Details(resident, variant);
  command.resident_record_code = RecordCodeOf(resident);
  command.registration_hash = Hash16(command.details.SerializeAsString() + command.resident_record_code);
  command.request_key = Hash16("request");
  command.actor = Clerk();
  return command;
}

issuance::RecordMove Move(uint64_t resident, Dice* dice) {
  const ResidentDetails details = Details(resident, dice->Below(6));
  return {details.address(), details.postal_code(), details.municipality_code(), Day(2030)};
}

issuance::DiscloseNumber Disclose() {
  issuance::DiscloseNumber command;
  command.purpose = issuance::events::v1::PURPOSE_TAX;
  command.reference = "file 1";
  command.actor = Clerk();
  return command;
}

issuance::ReplaceNumber Replace(Dice* dice) {
  issuance::ReplaceNumber command;
  // A resident's wish alone is refused.
  if (!dice->Chance(0.2)) command.ground = issuance::v1::REPLACEMENT_GROUND_LEAK_WITH_RISK_OF_MISUSE;
  command.evidence = "police report";
  command.decision = issuance::events::v1::REPLACEMENT_DECISION_MAYOR_EX_OFFICIO;
  command.actor = Clerk();
  return command;
}

std::vector<eventsourcing::EventOf<TracedIssuance::Event>> EraseAtOnce(const TracedIssuance::State& state,
                                                                       const eventsourcing::SubjectId& subject) {
  const bool is_there = state.status() != TracedIssuance::State::STATUS_UNSPECIFIED &&
                        state.status() != TracedIssuance::State::STATUS_ERASED;
  if (!is_there) return {};
  TracedIssuance::Event event;
  event.mutable_resident_erased()->set_ground(issuance::events::v1::ERASURE_GROUND_ORDERED);
  return {{subject, event}};
}

}  // namespace

absl::StatusOr<std::vector<eventsourcing::EventOf<TracedIssuance::Event>>> TracedIssuance::Decide(
    const State& state, const Command& command, const eventsourcing::ReachContext<State>& context) const {
  const bool erases = std::holds_alternative<issuance::EraseResident>(command.inner);
  auto events = erases ? EraseAtOnce(state, context.subject) : issuance.Decide(state, command.inner, context);
  command.decision->version = state.version();
  command.decision->status = events.status();
  if (!events.ok() && command.decision->refused) command.decision->refused();
  return events;
}

TracedIssuance MakeTracedIssuance() {
  TracedIssuance service;
  service.issuance.keyed.number_for = [](std::string_view ten_free_digits, int generation) {
    const uint64_t code = std::strtoull(std::string(ten_free_digits).c_str(), nullptr, 10);
    return identifiers::IndividualNumber::FromBody(code * 10 + static_cast<uint64_t>(generation));
  };
  service.issuance.keyed.name_hash = [](std::string_view name, const type::Date& birth_date) {
    return Hash16(std::string(name) + std::to_string(birth_date.year()));
  };
  service.issuance.keyed.access_record = [](const eventsourcing::SubjectId&, absl::CivilMonth month) {
    return eventsourcing::SubjectId::FromBytes(Hash16("access record " + absl::FormatCivilTime(month)));
  };
  service.issuance.keyed.digest = [](std::string_view record_code, const ResidentDetails& details) {
    return Hash16(std::string(record_code) + details.address());
  };
  return service;
}

std::string RecordCodeOf(uint64_t resident) {
  char text[12];
  std::snprintf(text, sizeof(text), "%010u0", static_cast<unsigned>(1000 + resident));
  return text;
}

issuance::Command RandomCommand(uint64_t resident, Dice* dice, std::string* method) {
  static constexpr struct {
    uint64_t below;
    const char* method;
  } kShares[] = {{34, "RegisterResident"}, {58, "RecordMove"},      {68, "CorrectResident"},
                 {80, "DiscloseNumber"},   {88, "ReplaceNumber"},   {92, "RecordDeparture"},
                 {96, "RecordReturn"},     {97, "RecordDeath"},     {99, "VoidRegistration"},
                 {100, "EraseResident"}};
  const uint64_t share = dice->Below(100);
  size_t i = 0;
  while (share >= kShares[i].below) ++i;
  *method = kShares[i].method;
  switch (i) {
    case 0:
      return Register(resident, dice);
    case 1:
      return Move(resident, dice);
    case 2:
      return issuance::CorrectResident{Details(resident, dice->Below(9)), "typed wrongly"};
    case 3:
      return Disclose();
    case 4:
      return Replace(dice);
    case 5:
      return issuance::RecordDeparture{Day(2030)};
    case 6:
      return issuance::RecordReturn{Day(2030), Details(resident, 1)};
    case 7:
      return issuance::RecordDeath{Day(2030)};
    case 8:
      return issuance::VoidRegistration{"letter", "made twice"};
    default:
      return issuance::EraseResident{};
  }
}

}  // namespace mynumber::simulation
