#ifndef MYNUMBER_SERVICES_ISSUANCE_DOMAIN_COMMANDS_H_
#define MYNUMBER_SERVICES_ISSUANCE_DOMAIN_COMMANDS_H_

// What may be asked of one resident. Contents have been validated (validate.h); what is right only in a certain state
// is decided in decide.cc. Private to this service: may change any day.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "mynumber/issuance/events/v1/events.pb.h"
#include "mynumber/issuance/v1/issuance_service.pb.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::issuance {

struct RegisterResident {
  events::v1::ResidentDetails details;
  std::string resident_record_code;
  // Keyed hashes, made by the edge: of details and code, and of (caller, request id).
  std::string registration_hash;
  std::string request_key;
  type::Actor actor;
  bool confirmed_distinct = false;
  // Departed residents who look like this one, by 16-byte id.
  std::vector<std::string> look_alikes;
};

struct RecordMove {
  std::string address;
  std::string postal_code;
  std::string municipality_code;
  type::Date move_date;
};

struct RecordDeparture {
  type::Date departure_date;
};

struct RecordReturn {
  type::Date return_date;
  events::v1::ResidentDetails details;
};

struct RecordDeath {
  type::Date death_date;
};

struct CorrectResident {
  events::v1::ResidentDetails details;
  std::string reason;
  // 0: whatever it is.
  uint64_t expected_version = 0;
};

// In the resident's home partition; see events.proto for the course of a change.
struct RequestRecordCodeChange {
  std::string new_resident_record_code;
  std::string evidence;
  // The new code leads here by itself: no alias is needed.
  bool leads_home = false;
};
// In the partition of the new code; the subject is the new code's own id.
struct AliasRecordCode {
  std::string home;
  std::string resident_record_code;
};
// Back home, once the alias stands, or was refused.
struct CompleteRecordCodeChange {
  std::string resident_record_code;
};
struct RefuseRecordCodeChange {
  std::string resident_record_code;
  std::string reason;
};

struct VoidRegistration {
  std::string evidence;
  std::string reason;
};

struct DiscloseNumber {
  events::v1::NumberDisclosed::Way way = events::v1::NumberDisclosed::WAY_SHOWN;
  events::v1::Purpose purpose = events::v1::PURPOSE_UNSPECIFIED;
  std::string reference;
  type::Actor actor;
  // WAY_SEARCHED: which of the resident's numbers the caller had.
  uint32_t generation = 0;
};

struct ReplaceNumber {
  v1::ReplacementGround ground = v1::REPLACEMENT_GROUND_UNSPECIFIED;
  std::string evidence;
  events::v1::ReplacementDecision decision = events::v1::REPLACEMENT_DECISION_UNSPECIFIED;
  type::Actor actor;
};

// The course of an erasure: events.proto.
struct RequestErasure {
  events::v1::ErasureGround ground = events::v1::ERASURE_GROUND_UNSPECIFIED;
  std::string reference;
  type::Actor actor;
};
struct ApproveErasure {
  type::Actor actor;
};
struct WithdrawErasure {
  std::string reason;
  type::Actor actor;
};
// The waiting period has passed.
struct EraseResident {};
// It had been done, by `record`; this log is from before.
struct EraseAgain {
  events::v1::ResidentErased record;
};

// In the access record of the month; the subject is the authority's id.
struct RecordLookUp {
  events::v1::LookedUp looked_up;
};
struct RecordAttempts {
  events::v1::AttemptsRefused refused;
};
// Of an access record: its period has ended.
struct EraseAccessRecord {};

using Command = std::variant<RegisterResident, RecordMove, RecordDeparture, RecordReturn, RecordDeath, CorrectResident,
                             RequestRecordCodeChange, AliasRecordCode, CompleteRecordCodeChange,
                             RefuseRecordCodeChange, VoidRegistration, DiscloseNumber, ReplaceNumber,
                             RequestErasure, ApproveErasure, WithdrawErasure, EraseResident, EraseAgain,
                             RecordLookUp, RecordAttempts, EraseAccessRecord>;

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_DOMAIN_COMMANDS_H_
