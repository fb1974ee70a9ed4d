#ifndef MYNUMBER_SERVICES_HOTLINE_DOMAIN_COMMANDS_H_
#define MYNUMBER_SERVICES_HOTLINE_DOMAIN_COMMANDS_H_

// What may be asked. Contents have been validated (validate.h); what is right only in a certain state is decided.
// Private to this service: may change any day. The subject is the case.

#include <string>
#include <variant>
#include <vector>

#include "mynumber/hotline/events/v1/events.pb.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::hotline {

struct OpenCase {
  events::v1::CaseOpened opened;
};
// What the card service found.
struct RecordSearch {
  type::Actor actor;
  events::v1::SearchKind search = events::v1::SEARCH_KIND_UNSPECIFIED;
  std::vector<events::v1::Candidate> candidates;
  // Of a search by serial: the card that has it.
  std::vector<std::string> cards_in_hand = {};
};
// What the card service said of the caller's words.
struct RecordClaim {
  type::Actor actor;
  std::string resident;
  bool birth_date_matches = false;
  bool address_matches = false;
  bool has_code_word = false;
  bool code_word_matches = false;
};
struct RequestSuspension {
  events::v1::SuspensionRequested requested;
};
// What the card service answered.
struct RecordEffect {
  events::v1::SuspensionTookEffect took_effect;
};
struct RecordRefusal {
  events::v1::SuspensionRefused refused;
};
struct RecordPoliceReport {
  type::Actor actor;
  std::string receipt_number;
};
struct AddNote {
  type::Actor actor;
  std::string text;
};
struct CloseCase {
  type::Actor actor;
};
// The retention period is over.
struct EraseCase {};

using Command = std::variant<OpenCase, RecordSearch, RecordClaim, RequestSuspension, RecordEffect, RecordRefusal,
                             RecordPoliceReport, AddNote, CloseCase, EraseCase>;

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_DOMAIN_COMMANDS_H_
