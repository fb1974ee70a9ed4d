#include "services/issuance/service_answers.h"

#include <google/protobuf/util/time_util.h>

#include "libs/identifiers/resource_name.h"
#include "services/issuance/domain/resident.h"

namespace mynumber::issuance {
namespace {

using eventsourcing::Position;
using eventsourcing::SubjectId;
using google::protobuf::util::TimeUtil;
using rows::v1::ResidentState;

v1::Resident::State PublicState(const ResidentState& state) {
  switch (state.status()) {
    case ResidentState::STATUS_REGISTERED:
      return v1::Resident::STATE_REGISTERED;
    case ResidentState::STATUS_DEPARTED:
      return v1::Resident::STATE_DEPARTED;
    case ResidentState::STATUS_DECEASED:
      return v1::Resident::STATE_DECEASED;
    case ResidentState::STATUS_VOIDED:
      return v1::Resident::STATE_VOIDED;
    case ResidentState::STATUS_ERASED:
      return v1::Resident::STATE_ERASED;
    default:
      return v1::Resident::STATE_UNSPECIFIED;
  }
}

// The first character and a star for each further one.
std::string MaskText(std::string_view text) {
  std::string masked;
  size_t characters = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts) ++characters;
    if (characters == 1) masked.push_back(text[i]);
    if (starts && characters > 1) masked.push_back('*');
  }
  return masked;
}

}  // namespace

void FillErasure(const ResidentState::Erasure& state, v1::Erasure* erasure) {
  erasure->set_ground(state.ground());
  erasure->set_reference(state.reference());
  *erasure->mutable_requested_by() = state.requested_by();
  *erasure->mutable_request_time() = TimeUtil::MicrosecondsToTimestamp(state.requested_micros());
  if (state.has_approved_by()) {
    *erasure->mutable_approved_by() = state.approved_by();
    *erasure->mutable_approve_time() = TimeUtil::MicrosecondsToTimestamp(state.approved_micros());
  }
  if (state.due_micros() != 0) *erasure->mutable_due_time() = TimeUtil::MicrosecondsToTimestamp(state.due_micros());
}

std::string ResidentName(const SubjectId& id) { return identifiers::FormatResourceName("residents", id.bytes); }

std::string MaskNumber(std::string_view number) {
  if (number.size() != 12) return "";
  return "********" + std::string(number.substr(8));
}

void FillResident(const ResidentState& state, const SubjectId& id, const Position* position, v1::Resident* resident) {
  resident->set_name(ResidentName(id));
  resident->set_state(PublicState(state));
  resident->set_version(state.version());
  if (state.has_erasure()) FillErasure(state.erasure(), resident->mutable_erasure());
  if (state.status() != ResidentState::STATUS_ERASED) {
    *resident->mutable_details() = state.details();
    resident->set_masked_individual_number(MaskNumber(state.individual_number()));
    *resident->mutable_register_time() = TimeUtil::MicrosecondsToTimestamp(state.registered_micros());
  }
  *resident->mutable_update_time() = TimeUtil::MicrosecondsToTimestamp(state.updated_micros());
  if (position != nullptr) resident->set_position(eventsourcing::FormatPosition(*position));
}

ResidentState FirstAnswer(const ServiceKeys& keys, const ResidentState& state, std::string_view request_key) {
  ResidentState first = AsRegistered(state, request_key);
  const auto number = keys.NumberFor(FreeDigits(FirstRecordCode(state)), static_cast<int>(first.generation()));
  first.set_individual_number(std::string(number.digits()));
  return first;
}

void FillCandidate(const ResidentState& state, const SubjectId& id, v1::ResidentCandidate* candidate) {
  candidate->set_name(ResidentName(id));
  candidate->set_masked_full_name(MaskText(state.details().full_name()));
  candidate->set_masked_address(MaskText(state.details().address()));
  candidate->set_state(PublicState(state));
}

}  // namespace mynumber::issuance
