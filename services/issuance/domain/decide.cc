#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/identifiers/number_permutation.h"
#include "libs/identifiers/resource_name.h"
#include "services/issuance/domain/decide.h"
#include "services/issuance/domain/refusals.h"
#include "services/issuance/domain/state_municipality.h"

namespace mynumber::issuance {
namespace {

using eventsourcing::DecideContext;
using events::v1::IssuanceEvent;
using events::v1::ResidentDetails;
using google::protobuf::util::MessageDifferencer;
using rows::v1::ResidentState;

std::string ResourceName(std::string_view id) {
  identifiers::OpaqueId opaque;
  std::copy_n(id.begin(), opaque.size(), opaque.begin());
  return identifiers::FormatResourceName("residents", opaque);
}

// Refuses what nobody may do with a resident who is unknown, voided, erased, or only a code that leads elsewhere.
absl::Status Known(const ResidentState& state) {
  switch (state.status()) {
    case ResidentState::STATUS_REGISTERED:
    case ResidentState::STATUS_DEPARTED:
    case ResidentState::STATUS_DECEASED:
      return absl::OkStatus();
    case ResidentState::STATUS_VOIDED:
      return refusals::RegistrationVoided();
    case ResidentState::STATUS_ERASED:
      return refusals::ResidentErased();
    default:
      return refusals::ResidentUnknown();
  }
}

// Likewise for what needs a resident who lives in Japan.
absl::Status LivesHere(const ResidentState& state) {
  absl::Status status = Known(state);
  if (!status.ok()) return status;
  if (state.status() == ResidentState::STATUS_DEPARTED) return refusals::ResidentDeparted();
  if (state.status() == ResidentState::STATUS_DECEASED) return refusals::ResidentDeceased();
  return absl::OkStatus();
}

absl::Status NotBeforeRecord(const ResidentState& state, const type::Date& date, std::string_view field) {
  if (DayNumber(date) < DayNumber(state.details().birth_date())) return refusals::DateBeforeBirth(field);
  if (DayNumber(date) < DayNumber(state.last_date())) return refusals::DateBeforeRecord(field);
  return absl::OkStatus();
}

struct Designated {
  identifiers::IndividualNumber number;
  uint32_t generation;
};

// The first number of this code, from `generation` on, that may be used.
std::optional<Designated> NextNumber(const Keyed& keyed, std::string_view record_code, uint32_t generation) {
  for (; generation < identifiers::NumberPermutation::kGenerations; ++generation) {
    const auto number = keyed.number_for(FreeDigits(record_code), static_cast<int>(generation));
    if (!identifiers::IsReserved(number)) return Designated{number, generation};
  }
  return std::nullopt;
}

bool WasDesignated(const ResidentState& state, uint32_t generation) {
  const auto& former = state.former_generations();
  return generation == state.generation() || std::find(former.begin(), former.end(), generation) != former.end();
}

std::vector<std::string> DifferingFields(const ResidentDetails& a, const ResidentDetails& b) {
  std::vector<std::string> fields;
  const auto compare = [&](const char* name, bool same) {
    if (!same) fields.emplace_back(name);
  };
  compare("full_name", a.full_name() == b.full_name());
  compare("alias", a.alias() == b.alias());
  compare("name_kana", a.name_kana() == b.name_kana());
  compare("birth_date", DayNumber(a.birth_date()) == DayNumber(b.birth_date()));
  compare("address", a.address() == b.address());
  compare("postal_code", a.postal_code() == b.postal_code());
  compare("municipality_code", a.municipality_code() == b.municipality_code());
  compare("residence_status", a.residence_status() == b.residence_status());
  compare("period_of_stay_end", DayNumber(a.period_of_stay_end()) == DayNumber(b.period_of_stay_end()));
  return fields;
}

// Fills in what looks a resident up: an event's keyed hashes.
template <class Event>
void SetHashes(const Keyed& keyed, const ResidentDetails& details, std::string_view record_code, Event* event) {
  event->set_name_hash(keyed.name_hash(details.full_name(), details.birth_date()));
  if (!details.name_kana().empty()) {
    event->set_kana_hash(keyed.name_hash(details.name_kana(), details.birth_date()));
  }
  event->set_digest(keyed.digest(record_code, details));
}

// The one who decides; one overload for each command.
struct Decider {
  const Keyed& keyed;
  const ResidentState& state;
  const DecideContext& context;

  Events operator()(const RegisterResident& command) const;
  Events Designate(const RegisterResident& command, std::string_view home_code, uint32_t generation) const;
  Events operator()(const RecordMove& command) const;
  Events operator()(const RecordDeparture& command) const;
  Events operator()(const RecordReturn& command) const;
  Events operator()(const RecordDeath& command) const;
  Events operator()(const CorrectResident& command) const;
  Events operator()(const RequestRecordCodeChange& command) const;
  Events operator()(const AliasRecordCode& command) const;
  Events operator()(const CompleteRecordCodeChange& command) const;
  Events operator()(const RefuseRecordCodeChange& command) const;
  Events operator()(const VoidRegistration& command) const;
  Events operator()(const DiscloseNumber& command) const;
  Events operator()(const ReplaceNumber& command) const;
  Events operator()(const RecordLookUp& command) const { return DecideAccess(command, context); }
  Events operator()(const RecordAttempts& command) const { return DecideAccess(command, context); }
  Events operator()(const EraseAccessRecord& command) const { return DecideAccess(state, command, context); }
  template <class Erasing>
  Events operator()(const Erasing& command) const {
    return DecideErasure(state, command, context);
  }
};

Events Decider::operator()(const RegisterResident& command) const {
  const std::string& code = command.resident_record_code;
  switch (state.status()) {
    case ResidentState::STATUS_UNSPECIFIED:
      return Designate(command, code, 0);
    case ResidentState::STATUS_VOIDED:
      // Perhaps under a later code that leads here: the number hangs on the first one's digits all the same.
      return Designate(command, FirstRecordCode(state), state.generation() + 1);
    case ResidentState::STATUS_ALIAS:
      return code == state.resident_record_code()
                 ? refusals::RecordCodeTaken(ResourceName(state.home()))
                 : refusals::RecordCodeKnownWithOtherCheckDigit(ResourceName(state.home()));
    case ResidentState::STATUS_ERASED:
      return refusals::ResidentErased();
    case ResidentState::STATUS_ACCESS_RECORD:
      return refusals::ResidentUnknown();
    default:
      break;
  }
  if (command.registration_hash == state.registration_hash()) return Already();
  const std::string name = ResourceName(context.subject.view());
  const std::string& first = FirstRecordCode(state);
  if (FreeDigits(code) == FreeDigits(first) && code != first && code != state.resident_record_code()) {
    return refusals::RecordCodeKnownWithOtherCheckDigit(name);
  }
  // Under a code that the resident got later the hash is another one, and only the details tell.
  const std::vector<std::string> fields = DifferingFields(command.details, FirstDetails(state));
  return fields.empty() ? Already() : Events(refusals::RegisteredWithOtherDetails(name, fields));
}

// `home_code`: the one whose ten free digits the number is made from.
Events Decider::Designate(const RegisterResident& command, std::string_view home_code, uint32_t generation) const {
  if (!command.look_alikes.empty() && !command.confirmed_distinct) {
    std::vector<std::string> names;
    for (const std::string& id : command.look_alikes) names.push_back(ResourceName(id));
    return refusals::PossibleSamePerson(names);
  }
  const auto designated = NextNumber(keyed, home_code, generation);
  if (!designated) return refusals::ReplacementsExhausted();
  std::vector<IssuanceEvent> events(1);
  auto* registered = events.front().mutable_resident_registered();
  *registered->mutable_details() = command.details;
  registered->set_resident_record_code(command.resident_record_code);
  const std::string_view digits = designated->number.digits();
  registered->set_individual_number(digits.data(), digits.size());
  registered->set_generation(designated->generation);
  registered->set_registration_hash(command.registration_hash);
  registered->set_request_key(command.request_key);
  SetHashes(keyed, command.details, command.resident_record_code, registered);
  for (const std::string& id : command.look_alikes) registered->add_confirmed_distinct_from(id);
  *registered->mutable_disclosed_to() = command.actor;
  return events;
}

Events Decider::operator()(const RecordMove& command) const {
  absl::Status status = LivesHere(state);
  if (!status.ok()) return status;
  const ResidentDetails& now = state.details();
  if (now.address() == command.address && now.postal_code() == command.postal_code &&
      now.municipality_code() == command.municipality_code) {
    return Already();
  }
  status = NotBeforeRecord(state, command.move_date, "move_date");
  if (!status.ok()) return status;
  ResidentDetails after = now;
  after.set_address(command.address);
  after.set_postal_code(command.postal_code);
  after.set_municipality_code(command.municipality_code);
  IssuanceEvent event;
  auto* moved = event.mutable_resident_moved();
  moved->set_address(command.address);
  moved->set_postal_code(command.postal_code);
  moved->set_municipality_code(command.municipality_code);
  *moved->mutable_move_date() = command.move_date;
  moved->set_digest(keyed.digest(state.resident_record_code(), after));
  return One(std::move(event));
}

Events Decider::operator()(const RecordDeparture& command) const {
  if (state.status() == ResidentState::STATUS_DEPARTED &&
      DayNumber(state.last_date()) == DayNumber(command.departure_date)) {
    return Already();
  }
  absl::Status status = LivesHere(state);
  if (status.ok()) status = NotBeforeRecord(state, command.departure_date, "departure_date");
  if (!status.ok()) return status;
  IssuanceEvent event;
  *event.mutable_resident_departed()->mutable_departure_date() = command.departure_date;
  event.mutable_resident_departed()->set_digest(state.digest());
  return One(std::move(event));
}

Events Decider::operator()(const RecordReturn& command) const {
  absl::Status status = Known(state);
  if (!status.ok()) return status;
  if (state.status() == ResidentState::STATUS_DECEASED) return refusals::ResidentDeceased();
  if (state.status() != ResidentState::STATUS_DEPARTED) {
    const bool same = DayNumber(state.last_date()) == DayNumber(command.return_date) &&
                      MessageDifferencer::Equals(state.details(), command.details);
    return same ? Already() : Events(refusals::ResidentNotDeparted());
  }
  if (DayNumber(command.return_date) < DayNumber(command.details.birth_date())) {
    return refusals::DateBeforeBirth("return_date");
  }
  status = NotBeforeRecord(state, command.return_date, "return_date");
  if (!status.ok()) return status;
  IssuanceEvent event;
  auto* returned = event.mutable_resident_returned();
  *returned->mutable_return_date() = command.return_date;
  *returned->mutable_details() = command.details;
  SetHashes(keyed, command.details, state.resident_record_code(), returned);
  return One(std::move(event));
}

Events Decider::operator()(const RecordDeath& command) const {
  absl::Status status = Known(state);
  if (!status.ok()) return status;
  if (state.status() == ResidentState::STATUS_DECEASED) {
    return DayNumber(state.last_date()) == DayNumber(command.death_date) ? Already()
                                                                         : Events(refusals::ResidentDeceased());
  }
  status = NotBeforeRecord(state, command.death_date, "death_date");
  if (!status.ok()) return status;
  IssuanceEvent event;
  *event.mutable_resident_died()->mutable_death_date() = command.death_date;
  event.mutable_resident_died()->set_digest(state.digest());
  return One(std::move(event));
}

Events Decider::operator()(const CorrectResident& command) const {
  absl::Status status = Known(state);
  if (!status.ok()) return status;
  if (MessageDifferencer::Equals(state.details(), command.details)) return Already();
  if (command.expected_version != 0 && command.expected_version != state.version()) {
    return refusals::VersionChanged(state.version());
  }
  IssuanceEvent event;
  auto* corrected = event.mutable_resident_corrected();
  *corrected->mutable_details() = command.details;
  corrected->set_reason(command.reason);
  SetHashes(keyed, command.details, state.resident_record_code(), corrected);
  return One(std::move(event));
}

Events Decider::operator()(const RequestRecordCodeChange& command) const {
  absl::Status status = Known(state);
  if (!status.ok()) return status;
  if (command.new_resident_record_code == state.resident_record_code()) return Already();
  if (!state.pending_resident_record_code().empty()) {
    return state.pending_resident_record_code() == command.new_resident_record_code
               ? Already()
               : Events(refusals::RecordCodeChangePending());
  }
  IssuanceEvent event;
  if (command.leads_home) {
    auto* changed = event.mutable_record_code_changed();
    changed->set_resident_record_code(command.new_resident_record_code);
    changed->set_digest(keyed.digest(command.new_resident_record_code, state.details()));
    return One(std::move(event));
  }
  auto* requested = event.mutable_record_code_change_requested();
  requested->set_new_resident_record_code(command.new_resident_record_code);
  requested->set_evidence(command.evidence);
  return One(std::move(event));
}

Events Decider::operator()(const AliasRecordCode& command) const {
  if (state.status() == ResidentState::STATUS_ALIAS) {
    if (state.home() != command.home) return refusals::RecordCodeTaken(ResourceName(state.home()));
    // Another check digit of the same code is noted, so that it is the one that is known from now on.
    if (state.resident_record_code() == command.resident_record_code) return Already();
  } else if (state.status() != ResidentState::STATUS_UNSPECIFIED) {
    return refusals::RecordCodeTaken(ResourceName(context.subject.view()));
  }
  IssuanceEvent event;
  event.mutable_record_code_aliased()->set_home(command.home);
  event.mutable_record_code_aliased()->set_resident_record_code(command.resident_record_code);
  return One(std::move(event));
}

Events Decider::operator()(const CompleteRecordCodeChange& command) const {
  if (state.pending_resident_record_code() != command.resident_record_code) return Already();
  IssuanceEvent event;
  auto* changed = event.mutable_record_code_changed();
  changed->set_resident_record_code(command.resident_record_code);
  changed->set_digest(keyed.digest(command.resident_record_code, state.details()));
  return One(std::move(event));
}

Events Decider::operator()(const RefuseRecordCodeChange& command) const {
  if (state.pending_resident_record_code() != command.resident_record_code) return Already();
  IssuanceEvent event;
  event.mutable_record_code_change_refused()->set_reason(command.reason);
  return One(std::move(event));
}

Events Decider::operator()(const VoidRegistration& command) const {
  if (state.status() == ResidentState::STATUS_VOIDED) return Already();
  absl::Status status = Known(state);
  if (!status.ok()) return status;
  IssuanceEvent event;
  event.mutable_registration_voided()->set_evidence(command.evidence);
  event.mutable_registration_voided()->set_reason(command.reason);
  return One(std::move(event));
}

Events Decider::operator()(const DiscloseNumber& command) const {
  if (state.status() == ResidentState::STATUS_ERASED) return refusals::ResidentErased();
  const bool searched = command.way == events::v1::NumberDisclosed::WAY_SEARCHED;
  const uint32_t generation = searched ? command.generation : state.generation();
  if (!WasDesignated(state, generation)) return refusals::NumberNotIssued();
  absl::Status status = Known(state);
  if (!status.ok()) return status;
  IssuanceEvent event;
  auto* disclosed = event.mutable_number_disclosed();
  disclosed->set_way(command.way);
  disclosed->set_purpose(command.purpose);
  disclosed->set_reference(command.reference);
  *disclosed->mutable_actor() = command.actor;
  disclosed->set_generation(generation);
  return One(std::move(event));
}

Events Decider::operator()(const ReplaceNumber& command) const {
  absl::Status status = Known(state);
  if (!status.ok()) return status;
  if (state.status() == ResidentState::STATUS_DECEASED) return refusals::ResidentDeceased();
  if (command.ground != v1::REPLACEMENT_GROUND_LEAK_WITH_RISK_OF_MISUSE) return refusals::ReplacementNeedsLeak();
  const auto designated = NextNumber(keyed, FirstRecordCode(state), state.generation() + 1);
  if (!designated) return refusals::ReplacementsExhausted();
  IssuanceEvent event;
  auto* replaced = event.mutable_number_replaced();
  replaced->set_individual_number(std::string(designated->number.digits()));
  replaced->set_generation(designated->generation);
  replaced->set_evidence(command.evidence);
  replaced->set_decision(command.decision);
  *replaced->mutable_disclosed_to() = command.actor;
  return One(std::move(event));
}

}  // namespace

absl::StatusOr<std::vector<eventsourcing::EventOf<IssuanceEvent>>> Issuance::Decide(const ResidentState& state,
                                                                                    const Command& command,
                                                                                    const Context& context) const {
  const absl::Status allowed = MayAsk(state, command, context.caller);
  if (!allowed.ok()) return allowed;
  Events events = std::visit(Decider{keyed, state, context}, command);
  if (!events.ok()) return events.status();
  std::vector<eventsourcing::EventOf<IssuanceEvent>> placed;
  placed.reserve(events->size());
  for (IssuanceEvent& event : *events) placed.push_back(Place(std::move(event), context));
  return placed;
}

}  // namespace mynumber::issuance
