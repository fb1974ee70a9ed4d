// What number issuance's and the notice service's events, and days that pass, mean here.

#include <utility>

#include "mynumber/issuance/events/v1/events.pb.h"
#include "mynumber/notice/events/v1/events.pb.h"
#include "services/card/domain/card.h"

namespace mynumber::card {
namespace {

using issuance::events::v1::IssuanceEvent;
using notice::events::v1::NoticeEvent;
using Reactions = std::vector<eventsourcing::Reaction<Command>>;

// Kinds need three bits, which leaves five for a card's number (kCardsMax).
constexpr int kKindBits = 3;

constexpr std::string_view kIssuanceTypes[] = {
    "resident_registered", "resident_moved",     "resident_corrected",  "resident_returned",   "resident_died",
    "resident_departed",   "registration_voided", "record_code_changed", "number_replaced",     "resident_erased"};
constexpr std::string_view kNoticeTypes[] = {"notice_prepared", "addressee_changed", "notice_posted"};

events::v1::Person PersonOf(const issuance::events::v1::ResidentDetails& details) {
  events::v1::Person person;
  person.set_full_name(details.full_name());
  person.set_alias(details.alias());
  person.set_name_kana(details.name_kana());
  *person.mutable_birth_date() = details.birth_date();
  person.set_address(details.address());
  person.set_postal_code(details.postal_code());
  person.set_municipality_code(details.municipality_code());
  person.set_residence_status(details.residence_status());
  if (details.has_period_of_stay_end()) *person.mutable_period_of_stay_end() = details.period_of_stay_end();
  return person;
}

Command Moved(const issuance::events::v1::ResidentMoved& event) {
  ChangeHolder change;
  change.change = events::v1::HOLDER_CHANGE_MOVED;
  change.person.set_address(event.address());
  change.person.set_postal_code(event.postal_code());
  change.person.set_municipality_code(event.municipality_code());
  change.day = event.move_date();
  return change;
}

Command Returned(const issuance::events::v1::ResidentReturned& event) {
  return ChangeHolder{events::v1::HOLDER_CHANGE_RETURNED, PersonOf(event.details()), event.return_date(),
                      event.name_hash(), event.kana_hash()};
}

Command Corrected(const issuance::events::v1::ResidentCorrected& event) {
  return ChangeHolder{events::v1::HOLDER_CHANGE_CORRECTED, PersonOf(event.details()), std::nullopt, event.name_hash(),
                      event.kana_hash()};
}

Command Registered(const issuance::events::v1::ResidentRegistered& event) {
  return RegisterHolder{PersonOf(event.details()), event.resident_record_code().substr(0, 10), event.name_hash(),
                        event.kana_hash()};
}

std::vector<Command> OfIssuance(const IssuanceEvent& event) {
  switch (event.event_case()) {
    case IssuanceEvent::kResidentRegistered:
      return {Registered(event.resident_registered())};
    case IssuanceEvent::kResidentMoved:
      return {Moved(event.resident_moved())};
    case IssuanceEvent::kResidentCorrected:
      return {Corrected(event.resident_corrected())};
    case IssuanceEvent::kResidentReturned:
      return {Returned(event.resident_returned())};
    case IssuanceEvent::kResidentDied:
      return {EndHolder{events::v1::DEPARTURE_DEATH}};
    case IssuanceEvent::kResidentDeparted:
      return {EndHolder{events::v1::DEPARTURE_LEFT_JAPAN}};
    case IssuanceEvent::kRegistrationVoided:
      return {EndHolder{events::v1::DEPARTURE_REGISTRATION_VOIDED}};
    case IssuanceEvent::kRecordCodeChanged:
      return {EndCards{events::v1::REVOCATION_GROUND_RECORD_CODE_CHANGED}};
    case IssuanceEvent::kNumberReplaced:
      return {EndCards{events::v1::REVOCATION_GROUND_NUMBER_REPLACED}};
    case IssuanceEvent::kResidentErased:
      return {EraseResident{}};
    default:
      return {};
  }
}

events::v1::PrintedPerson Printed(const notice::events::v1::Addressee& addressee) {
  events::v1::PrintedPerson printed;
  printed.set_full_name(addressee.full_name());
  printed.set_address(addressee.address());
  return printed;
}

std::vector<Command> OfNotice(const NoticeEvent& event) {
  switch (event.event_case()) {
    case NoticeEvent::kNoticePrepared:
      return {PrintForm{event.notice_prepared().notice(), Printed(event.notice_prepared().addressee())}};
    case NoticeEvent::kAddresseeChanged:
      return {ReprintForm{Printed(event.addressee_changed().addressee())}};
    case NoticeEvent::kNoticePosted:
      return {PostForm{event.notice_posted().notice()}};
    default:
      return {};
  }
}

template <class Event, class Meaning>
absl::StatusOr<Reactions> Read(const eventsourcing::ForeignEvent& foreign, const Meaning& meaning) {
  Event event;
  if (!event.ParseFromArray(foreign.payload.data(), static_cast<int>(foreign.payload.size()))) {
    return absl::DataLossError("an event of another service cannot be read");
  }
  Reactions reactions;
  for (Command& command : meaning(event)) reactions.push_back({foreign.subject, std::move(command)});
  return reactions;
}

}  // namespace

bool CardDomain::ReactsTo(std::string_view service, std::string_view type) const {
  const auto has = [&](const auto& types) {
    for (std::string_view one : types) {
      if (one == type) return true;
    }
    return false;
  };
  if (service == "issuance") return has(kIssuanceTypes);
  return service == "notice" && has(kNoticeTypes);
}

absl::StatusOr<Reactions> CardDomain::React(const eventsourcing::ForeignEvent& foreign) const {
  return foreign.service == "notice" ? Read<NoticeEvent>(foreign, OfNotice) : Read<IssuanceEvent>(foreign, OfIssuance);
}

char DeadlineMark(uint32_t card, events::v1::DeadlineKind kind) {
  return static_cast<char>(card << kKindBits | static_cast<uint32_t>(kind));
}

Command CardDomain::WhenDue(const eventsourcing::Deadline& deadline) const {
  const auto mark = static_cast<uint8_t>(deadline.what);
  const int kind = mark & ((1 << kKindBits) - 1);
  return MeetDeadline{uint32_t{mark} >> kKindBits, static_cast<events::v1::DeadlineKind>(kind)};
}

}  // namespace mynumber::card
