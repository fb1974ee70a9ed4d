// What number issuance's events, and days that pass, mean here.

#include <utility>

#include "mynumber/issuance/events/v1/events.pb.h"
#include "services/notice/domain/notice.h"

namespace mynumber::notice {
namespace {

using issuance::events::v1::IssuanceEvent;
using Reactions = std::vector<eventsourcing::Reaction<Command>>;

// Kinds need three bits; a resident has at most 11 numbers, and so as many notices.
constexpr int kKindBits = 3;

events::v1::Addressee AddresseeOf(const issuance::events::v1::ResidentDetails& details) {
  events::v1::Addressee addressee;
  addressee.set_full_name(details.full_name());
  addressee.set_alias(details.alias());
  *addressee.mutable_birth_date() = details.birth_date();
  addressee.set_address(details.address());
  addressee.set_postal_code(details.postal_code());
  addressee.set_municipality_code(details.municipality_code());
  return addressee;
}

Command Registered(const issuance::events::v1::ResidentRegistered& event, int64_t time_micros) {
  return PrepareNotice{AddresseeOf(event.details()), event.individual_number(),
                       event.resident_record_code().substr(0, 10), time_micros};
}

}  // namespace

bool NoticeDomain::ReactsTo(std::string_view service, std::string_view type) const {
  if (service != "issuance") return false;
  return type == "resident_registered" || type == "number_replaced" || type == "resident_moved" ||
         type == "resident_corrected" || type == "resident_returned" || type == "resident_died" ||
         type == "resident_departed" || type == "registration_voided" || type == "resident_erased";
}

absl::StatusOr<Reactions> NoticeDomain::React(const eventsourcing::ForeignEvent& foreign) const {
  IssuanceEvent event;
  if (!event.ParseFromArray(foreign.payload.data(), static_cast<int>(foreign.payload.size()))) {
    return absl::DataLossError("an event of number issuance cannot be read");
  }
  const auto one = [&](Command command) { return Reactions{{foreign.subject, std::move(command)}}; };
  switch (event.event_case()) {
    case IssuanceEvent::kResidentRegistered:
      return one(Registered(event.resident_registered(), foreign.time_micros));
    case IssuanceEvent::kNumberReplaced:
      return one(PrepareNextNotice{event.number_replaced().individual_number(), foreign.time_micros});
    case IssuanceEvent::kResidentMoved:
      return one(MoveAddressee{event.resident_moved().address(), event.resident_moved().postal_code(),
                               event.resident_moved().municipality_code()});
    case IssuanceEvent::kResidentCorrected:
      return one(ChangeAddressee{AddresseeOf(event.resident_corrected().details())});
    case IssuanceEvent::kResidentReturned:
      return one(ChangeAddressee{AddresseeOf(event.resident_returned().details())});
    case IssuanceEvent::kResidentDied:
      return one(CancelNotice{events::v1::CANCELLATION_GROUND_DEATH});
    case IssuanceEvent::kResidentDeparted:
      return one(CancelNotice{events::v1::CANCELLATION_GROUND_DEPARTURE});
    case IssuanceEvent::kRegistrationVoided:
      return one(CancelNotice{events::v1::CANCELLATION_GROUND_REGISTRATION_VOIDED});
    case IssuanceEvent::kResidentErased:
      return one(EraseResident());
    default:
      return Reactions();
  }
}

char DeadlineMark(uint32_t notice, events::v1::DeadlineKind kind) {
  return static_cast<char>(notice << kKindBits | static_cast<uint32_t>(kind));
}

Command NoticeDomain::WhenDue(const eventsourcing::Deadline& deadline) const {
  const auto mark = static_cast<uint8_t>(deadline.what);
  const int kind = mark & ((1 << kKindBits) - 1);
  return MeetDeadline{uint32_t{mark} >> kKindBits, static_cast<events::v1::DeadlineKind>(kind)};
}

}  // namespace mynumber::notice
