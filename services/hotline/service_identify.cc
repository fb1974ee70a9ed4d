// Who calls: the card service knows, the case keeps what came of it. What the card service said is shown only once the
// case's log has taken it, so that nobody asks without being counted.

#include <memory>
#include <utility>

#include "services/hotline/service.h"
#include "services/hotline/service_answers.h"
#include "services/hotline/service_asked.h"
#include "services/hotline/domain/state_case.h"

namespace mynumber::hotline {
namespace {

using Reactor = HotlineService::Reactor;
using card::v1::ConfirmHolderResponse;
using card::v1::FindHoldersResponse;

constexpr int kCandidatesMax = 20;

// What is asked of the card service must leave time for the case's own log.
int64_t MillisFor(const ServiceContext& context, const Asked& asked) {
  const int64_t most = context.own.answer_millis;
  if (asked.deadline_micros == 0) return most;
  return std::max<int64_t>(std::min(most, (asked.deadline_micros - context.now()) / 1000), 1);
}

std::string_view FieldOf(events::v1::SearchKind kind) {
  switch (kind) {
    case events::v1::SEARCH_KIND_CARD_SERIAL:
      return "search.card_serial";
    case events::v1::SEARCH_KIND_APPLICATION_ID:
      return "search.application_id";
    default:
      return "search.name";
  }
}

// A typing error is no failure to be counted; whoever is not found is.
absl::Status RefusalOf(const absl::Status& status, std::string_view field) {
  if (status.ok() || (absl::IsNotFound(status) && IsForGood(status))) return absl::OkStatus();
  const auto problem = rpc::ProblemOf(status);
  if (absl::IsInvalidArgument(status) && problem) {
    return refusals::SearchMalformed(field, problem->reason, problem->sentence);
  }
  return refusals::CardServiceUnavailable();
}

// The card that was searched for, of all of its holder's: its last digits are shown.
bool IsOfSerial(const card::v1::CandidateCard& card, const std::string& serial) {
  constexpr size_t kShownDigits = 4;
  const std::string& masked = card.masked_serial();
  if (masked.size() < kShownDigits || serial.size() < kShownDigits) return false;
  return masked.substr(masked.size() - kShownDigits) == serial.substr(serial.size() - kShownDigits);
}

// Whoever found a card learns neither a name nor of other cards.
void FillCandidates(const Prepared& prepared, const FindHoldersResponse& found, const std::string& serial,
                    v1::IdentifyCallerResponse* response) {
  for (const auto& candidate : found.candidates()) {
    if (response->candidates_size() == kCandidatesMax) break;
    auto* shown = response->add_candidates();
    *shown = candidate;
    if (!HasCardInHand(prepared.state.opened().caller_kind())) continue;
    shown->clear_masked_name();
    shown->clear_municipality_code();
    shown->clear_cards();
    for (const auto& card : candidate.cards()) {
      if (IsOfSerial(card, serial)) *shown->add_cards() = card;
    }
  }
  response->set_more(found.more() || found.candidates_size() > kCandidatesMax);
}

void Ending(const UnaryCall& call, v1::IdentifyCallerResponse* response, const absl::Status& done) {
  if (!done.ok()) response->Clear();
  call.End(done);
}

void Search(ServiceContext* context, const UnaryCall& call, const AskedOfCase& asked,
            const v1::IdentifyCallerRequest& request, events::v1::SearchKind kind,
            v1::IdentifyCallerResponse* response) {
  card::v1::FindHoldersRequest find;
  *find.mutable_actor() = request.actor();
  find.set_card_serial(request.search().card_serial());
  find.set_application_id(request.search().application_id());
  find.set_name(request.search().name());
  if (kind == events::v1::SEARCH_KIND_NAME_AND_BIRTH_DATE) *find.mutable_birth_date() = request.search().birth_date();
  const auto then = [context, call, asked, kind, actor = request.actor(), serial = request.search().card_serial(),
                     response](const absl::Status& status, const FindHoldersResponse& found) {
    const absl::Status refusal = RefusalOf(status, FieldOf(kind));
    if (!refusal.ok()) return call.End(refusal);
    RecordSearch command{actor, kind, {}, {}};
    for (const auto& candidate : found.candidates()) {
      if (command.candidates.size() == kCandidatesMax) break;
      auto& kept = command.candidates.emplace_back();
      kept.set_resident(candidate.resident());
      for (const auto& card : candidate.cards()) {
        kept.add_cards(card.name());
        if (IsOfSerial(card, serial)) command.cards_in_hand.push_back(card.name());
      }
    }
    Send(
        context, asked.asked, asked.id, std::move(command),
        [id = asked.id, found, serial, response](const Prepared& prepared) {
          response->Clear();
          FillCase(prepared.state, id, &prepared.position, true, response->mutable_case_());
          FillCandidates(prepared, found, serial, response);
          response->set_failure(prepared.state.last_failure());
        },
        [call, response](const absl::Status& done) { Ending(call, response, done); });
  };
  context->own.cards->FindHolders(find, MillisFor(*context, asked.asked), then);
}

void Claim(ServiceContext* context, const UnaryCall& call, const AskedOfCase& asked,
           const v1::IdentifyCallerRequest& request, v1::IdentifyCallerResponse* response) {
  card::v1::ConfirmHolderRequest confirm;
  *confirm.mutable_actor() = request.actor();
  confirm.set_resident(request.claim().resident());
  *confirm.mutable_birth_date() = request.claim().birth_date();
  confirm.set_address(request.claim().address());
  confirm.set_code_word(request.claim().code_word());
  const auto then = [context, call, asked, actor = request.actor(), resident = request.claim().resident(), response](
                        const absl::Status& status, const ConfirmHolderResponse& said) {
    const absl::Status refusal = RefusalOf(status, "claim");
    if (!refusal.ok()) return call.End(refusal);
    Send(
        context, asked.asked, asked.id,
        RecordClaim{actor, resident, said.birth_date_matches(), said.address_matches(), said.has_code_word(),
                    said.code_word_matches()},
        [id = asked.id, resident, response](const Prepared& prepared) {
          response->Clear();
          FillCase(prepared.state, id, &prepared.position, true, response->mutable_case_());
          response->set_failure(prepared.state.last_failure());
          response->set_identified(prepared.state.last_failure() == events::v1::IDENTIFICATION_FAILURE_UNSPECIFIED &&
                                   prepared.state.identified().resident() == resident);
        },
        [call, response](const absl::Status& done) { Ending(call, response, done); });
  };
  context->own.cards->ConfirmHolder(confirm, MillisFor(*context, asked.asked), then);
}

}  // namespace

Reactor* HotlineService::IdentifyCaller(Context* rpc_call, const v1::IdentifyCallerRequest* request,
                                        v1::IdentifyCallerResponse* response) {
  const UnaryCall call(context_, rpc_call, "IdentifyCaller", *request);
  auto kind = request->has_search() ? ValidateSearch(request->search())
                                    : absl::StatusOr<events::v1::SearchKind>(refusals::SearchMissing());
  const absl::Status valid = request->has_claim() ? ValidateClaim(request->claim()) : kind.status();
  auto asked = CheckAskedOfCase(context_, *rpc_call, "IdentifyCaller", *request, valid);
  if (!asked.ok()) {
    call.End(asked.status());
  } else if (request->has_claim()) {
    Claim(context_, call, *asked, *request, response);
  } else {
    Search(context_, call, *asked, *request, *kind, response);
  }
  return call.reactor();
}

}  // namespace mynumber::hotline
