#include <algorithm>

#include "services/issuance/domain/resident.h"

namespace mynumber::issuance {
namespace {

using eventsourcing::EventMeta;
using events::v1::IssuanceEvent;
using events::v1::ResidentDetails;
using rows::v1::ResidentState;

// Before details or code change for the first time, the first registration is put aside.
void KeepFirst(ResidentState* state) {
  if (state->has_first_details()) return;
  *state->mutable_first_details() = state->details();
  state->set_first_resident_record_code(FirstRecordCode(*state));
}

// Registered anew after a mistake: what was kept of the first registration goes, except what its answer said, and the
// digits that its numbers hang on where another code leads here by now.
void PutVoidedAside(const std::string& record_code, ResidentState* state) {
  state->add_former_generations(state->generation());
  auto* voided = state->add_voided_registrations();
  *voided->mutable_details() = FirstDetails(*state);
  voided->set_generation(state->registered_generation());
  voided->set_version(state->registered_version());
  voided->set_request_key(state->request_key());
  voided->set_registered_micros(state->registered_micros());
  state->clear_first_details();
  const std::string first = FirstRecordCode(*state);
  if (FreeDigits(record_code) == FreeDigits(first)) {
    state->clear_first_resident_record_code();
  } else {
    state->set_first_resident_record_code(first);
  }
}

void Registered(const events::v1::ResidentRegistered& event, const EventMeta& meta, ResidentState* state) {
  if (state->status() == ResidentState::STATUS_VOIDED) PutVoidedAside(event.resident_record_code(), state);
  // Somebody is there after all.
  state->clear_erasure();
  state->set_status(ResidentState::STATUS_REGISTERED);
  *state->mutable_details() = event.details();
  state->set_resident_record_code(event.resident_record_code());
  state->set_individual_number(event.individual_number());
  state->set_generation(event.generation());
  state->set_registration_hash(event.registration_hash());
  state->set_request_key(event.request_key());
  state->set_registered_micros(meta.time_micros);
  state->set_registered_generation(event.generation());
  state->set_registered_version(meta.version);
  state->set_name_hash(event.name_hash());
  state->set_kana_hash(event.kana_hash());
  state->set_digest(event.digest());
  *state->mutable_last_date() = calendar::DateInTokyo(meta.time_micros);
  if (meta.version == 1) *state->mutable_designated_to() = event.disclosed_to();
}

void Moved(const events::v1::ResidentMoved& event, ResidentState* state) {
  KeepFirst(state);
  ResidentDetails* details = state->mutable_details();
  details->set_address(event.address());
  details->set_postal_code(event.postal_code());
  details->set_municipality_code(event.municipality_code());
  *state->mutable_last_date() = event.move_date();
  state->set_digest(event.digest());
}

void TakeDetails(const ResidentDetails& details, const std::string& name_hash, const std::string& kana_hash,
                 const std::string& digest, ResidentState* state) {
  KeepFirst(state);
  *state->mutable_details() = details;
  state->set_name_hash(name_hash);
  state->set_kana_hash(kana_hash);
  state->set_digest(digest);
}

void ErasureRequested(const events::v1::ErasureRequested& event, const EventMeta& meta, ResidentState* state) {
  auto* erasure = state->mutable_erasure();
  erasure->set_ground(event.ground());
  erasure->set_reference(event.reference());
  *erasure->mutable_requested_by() = event.requested_by();
  erasure->set_requested_micros(meta.time_micros);
}

void ErasureApproved(const events::v1::ErasureApproved& event, const EventMeta& meta, ResidentState* state) {
  *state->mutable_erasure()->mutable_approved_by() = event.approved_by();
  state->mutable_erasure()->set_approved_micros(meta.time_micros);
  state->mutable_erasure()->set_due_micros(event.due_micros());
}

// Of the event alone: whoever comes to it without the resident's former key knows nothing else.
void Erased(const events::v1::ResidentErased& event, const EventMeta& meta, ResidentState* state) {
  state->Clear();
  state->set_status(ResidentState::STATUS_ERASED);
  state->set_updated_micros(meta.time_micros);
  auto* erasure = state->mutable_erasure();
  erasure->set_ground(event.ground());
  erasure->set_reference(event.reference());
  *erasure->mutable_requested_by() = event.requested_by();
  *erasure->mutable_approved_by() = event.approved_by();
  erasure->set_requested_micros(event.requested_micros());
  erasure->set_approved_micros(event.approved_micros());
}

// The record stays for as long as the longest-kept of what stands in it.
void Noted(int64_t erase_micros, ResidentState* state) {
  state->set_status(ResidentState::STATUS_ACCESS_RECORD);
  auto* record = state->mutable_access_record();
  record->set_erase_micros(std::max(record->erase_micros(), erase_micros));
}

void RecordErased(const EventMeta& meta, ResidentState* state) {
  state->Clear();
  state->set_status(ResidentState::STATUS_ACCESS_RECORD);
  state->set_updated_micros(meta.time_micros);
}

void Replaced(const events::v1::NumberReplaced& event, ResidentState* state) {
  state->add_former_generations(state->generation());
  state->set_individual_number(event.individual_number());
  state->set_generation(event.generation());
}

}  // namespace

void Issuance::Evolve(const IssuanceEvent& event, const EventMeta& meta, ResidentState* state) const {
  state->set_updated_micros(meta.time_micros);
  switch (event.event_case()) {
    case IssuanceEvent::kResidentRegistered:
      return Registered(event.resident_registered(), meta, state);
    case IssuanceEvent::kResidentMoved:
      return Moved(event.resident_moved(), state);
    case IssuanceEvent::kResidentDeparted:
      state->set_status(ResidentState::STATUS_DEPARTED);
      *state->mutable_last_date() = event.resident_departed().departure_date();
      return;
    case IssuanceEvent::kResidentReturned: {
      const auto& returned = event.resident_returned();
      TakeDetails(returned.details(), returned.name_hash(), returned.kana_hash(), returned.digest(), state);
      state->set_status(ResidentState::STATUS_REGISTERED);
      *state->mutable_last_date() = returned.return_date();
      if (state->erasure().ground() == events::v1::ERASURE_GROUND_RETENTION_ENDED) state->clear_erasure();
      return;
    }
    case IssuanceEvent::kResidentDied:
      state->set_status(ResidentState::STATUS_DECEASED);
      *state->mutable_last_date() = event.resident_died().death_date();
      return;
    case IssuanceEvent::kResidentCorrected: {
      const auto& corrected = event.resident_corrected();
      return TakeDetails(corrected.details(), corrected.name_hash(), corrected.kana_hash(), corrected.digest(), state);
    }
    case IssuanceEvent::kRecordCodeChangeRequested:
      state->set_pending_resident_record_code(event.record_code_change_requested().new_resident_record_code());
      return;
    case IssuanceEvent::kRecordCodeAliased:
      state->set_status(ResidentState::STATUS_ALIAS);
      state->set_home(event.record_code_aliased().home());
      state->set_resident_record_code(event.record_code_aliased().resident_record_code());
      return;
    case IssuanceEvent::kRecordCodeChanged:
      KeepFirst(state);
      state->set_resident_record_code(event.record_code_changed().resident_record_code());
      state->clear_pending_resident_record_code();
      state->set_digest(event.record_code_changed().digest());
      return;
    case IssuanceEvent::kRecordCodeChangeRefused:
      state->clear_pending_resident_record_code();
      return;
    case IssuanceEvent::kRegistrationVoided:
      state->set_status(ResidentState::STATUS_VOIDED);
      state->clear_pending_resident_record_code();
      return;
    case IssuanceEvent::kNumberDisclosed:
      if (!event.number_disclosed().resident().empty()) Noted(event.number_disclosed().erase_micros(), state);
      return;
    case IssuanceEvent::kLookedUp:
      return Noted(event.looked_up().erase_micros(), state);
    case IssuanceEvent::kAttemptsRefused:
      return Noted(event.attempts_refused().erase_micros(), state);
    case IssuanceEvent::kAccessRecordErased:
      return RecordErased(meta, state);
    case IssuanceEvent::kNumberReplaced:
      return Replaced(event.number_replaced(), state);
    case IssuanceEvent::kErasureRequested:
      return ErasureRequested(event.erasure_requested(), meta, state);
    case IssuanceEvent::kErasureApproved:
      return ErasureApproved(event.erasure_approved(), meta, state);
    case IssuanceEvent::kErasureWithdrawn:
      state->clear_erasure();
      return;
    case IssuanceEvent::kResidentErased:
      return Erased(event.resident_erased(), meta, state);
    case IssuanceEvent::EVENT_NOT_SET:
      // The engine stops the partition before it hands such an event over.
      return;
  }
}

std::string_view Issuance::EventType(const IssuanceEvent& event) {
  switch (event.event_case()) {
    case IssuanceEvent::kResidentRegistered:
      return "resident_registered";
    case IssuanceEvent::kResidentMoved:
      return "resident_moved";
    case IssuanceEvent::kResidentDeparted:
      return "resident_departed";
    case IssuanceEvent::kResidentReturned:
      return "resident_returned";
    case IssuanceEvent::kResidentDied:
      return "resident_died";
    case IssuanceEvent::kResidentCorrected:
      return "resident_corrected";
    case IssuanceEvent::kRecordCodeChangeRequested:
      return "record_code_change_requested";
    case IssuanceEvent::kRecordCodeAliased:
      return "record_code_aliased";
    case IssuanceEvent::kRecordCodeChanged:
      return "record_code_changed";
    case IssuanceEvent::kRecordCodeChangeRefused:
      return "record_code_change_refused";
    case IssuanceEvent::kRegistrationVoided:
      return "registration_voided";
    case IssuanceEvent::kNumberDisclosed:
      return "number_disclosed";
    case IssuanceEvent::kLookedUp:
      return "looked_up";
    case IssuanceEvent::kAttemptsRefused:
      return "attempts_refused";
    case IssuanceEvent::kAccessRecordErased:
      return "access_record_erased";
    case IssuanceEvent::kNumberReplaced:
      return "number_replaced";
    case IssuanceEvent::kErasureRequested:
      return "erasure_requested";
    case IssuanceEvent::kErasureApproved:
      return "erasure_approved";
    case IssuanceEvent::kErasureWithdrawn:
      return "erasure_withdrawn";
    case IssuanceEvent::kResidentErased:
      return "resident_erased";
    case IssuanceEvent::EVENT_NOT_SET:
      return "";
  }
  return "";
}

const ResidentDetails& FirstDetails(const ResidentState& state) {
  return state.has_first_details() ? state.first_details() : state.details();
}

const std::string& FirstRecordCode(const ResidentState& state) {
  return state.first_resident_record_code().empty() ? state.resident_record_code()
                                                    : state.first_resident_record_code();
}

ResidentState AsRegistered(const ResidentState& state, std::string_view request_key) {
  ResidentState registered;
  registered.set_status(ResidentState::STATUS_REGISTERED);
  *registered.mutable_details() = FirstDetails(state);
  registered.set_generation(state.registered_generation());
  registered.set_version(state.registered_version());
  registered.set_request_key(state.request_key());
  registered.set_registered_micros(state.registered_micros());
  for (const auto& voided : state.voided_registrations()) {
    if (state.request_key() == request_key || voided.request_key() != request_key) continue;
    *registered.mutable_details() = voided.details();
    registered.set_generation(voided.generation());
    registered.set_version(voided.version());
    registered.set_request_key(voided.request_key());
    registered.set_registered_micros(voided.registered_micros());
  }
  registered.set_updated_micros(registered.registered_micros());
  return registered;
}

int64_t FirstDesignationMicros(const ResidentState& state) {
  return state.voided_registrations().empty() ? state.registered_micros()
                                              : state.voided_registrations(0).registered_micros();
}

}  // namespace mynumber::issuance
