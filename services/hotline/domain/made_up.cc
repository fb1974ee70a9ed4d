#include "services/hotline/domain/made_up.h"

#include "absl/strings/str_cat.h"
#include "libs/identifiers/resource_name.h"

namespace mynumber::hotline::made_up {

using eventsourcing::SubjectId;

SubjectId CaseId(char letter) { return SubjectId::FromBytes(std::string(16, letter)); }

type::Actor Operator(const std::string& id) {
  type::Actor actor;
  actor.set_authority("hotline");
  actor.set_clerk_id(id);
  return actor;
}

std::string Resident(char letter) { return identifiers::FormatResourceName("residents", CaseId(letter).bytes); }
std::string Card(char letter, int number) { return absl::StrCat(Resident(letter), "/cards/", number); }

OpenCase Opening(events::v1::CallerKind kind) {
  OpenCase command;
  *command.opened.mutable_actor() = Operator();
  command.opened.set_language("ja");
  command.opened.set_caller_kind(kind);
  return command;
}

RecordSearch Found(char letter, events::v1::SearchKind search) {
  RecordSearch command{Operator(), search, {}, {}};
  auto& candidate = command.candidates.emplace_back();
  candidate.set_resident(Resident(letter));
  candidate.add_cards(Card(letter));
  if (search == events::v1::SEARCH_KIND_CARD_SERIAL) command.cards_in_hand.push_back(Card(letter));
  return command;
}
RecordSearch FoundNobody(events::v1::SearchKind search) { return {Operator(), search, {}, {}}; }

RecordClaim RightClaim(char letter) { return {Operator(), Resident(letter), true, true, false, false}; }

RequestSuspension Suspending(const std::string& card) {
  RequestSuspension command;
  *command.requested.mutable_actor() = Operator();
  command.requested.set_card(card);
  command.requested.set_reason(card::events::v1::SUSPENSION_REASON_LOST);
  command.requested.set_card_request_id("3f2b8c1e-0d54-4c0e-9a55-7b1f6a2d9c10");
  return command;
}

RecordEffect Effect(const std::string& card) {
  RecordEffect command;
  command.took_effect.set_card(card);
  command.took_effect.set_effect_micros(1'794'600'000'000'000);
  command.took_effect.set_effect_position("0@7.1");
  return command;
}

RecordRefusal Refusal(const std::string& card) {
  RecordRefusal command;
  command.refused.set_card(card);
  command.refused.set_reason("CARD_REVOKED");
  command.refused.set_sentence("The card was revoked.");
  return command;
}

}  // namespace mynumber::hotline::made_up
