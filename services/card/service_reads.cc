// Reads of cards: current ones after an append that was sent later, stale ones at once. Longer ones run on workers.

#include <utility>

#include "libs/calendar/date.h"
#include "libs/serving/positions.h"
#include "services/card/projections/tables.h"
#include "services/card/service.h"
#include "services/card/service_asked.h"
#include "services/card/service_forms.h"

namespace mynumber::card {
namespace {

using Reactor = CardService::Reactor;

constexpr int kDeadlineDays = 60;

// What is the same for every list: who asks, for which municipality, from where on.
template <class Asked>
absl::StatusOr<serving::List> CheckList(const ServiceContext& context, const Asked& request, size_t last_bytes) {
  absl::Status status = ValidateActor(kRefusals, request.actor(), false);
  if (status.ok()) status = ValidateMunicipality(request.municipality_code());
  if (!status.ok()) return status;
  if (!MaySee(request.actor(), request.municipality_code())) return refusals::MunicipalityNotYours();
  return serving::CheckPage(context, request, last_bytes);
}

// A list by state: of `table`, which has the state behind the municipality. `add(key)` adds an entry.
template <class Asked, class IsValid, class Answer, class Add>
absl::Status ReadByState(const ServiceContext& context, const Asked& request, char table, IsValid is_valid,
                         Answer* response, const Add& add) {
  auto list = CheckList(context, request, kNumberedBytes);
  absl::Status status = list.ok() ? Known(is_valid, request.state(), refusals::StateMissing()) : list.status();
  if (!status.ok()) return status;
  list->prefix = TableOf(table, request.municipality_code()) + static_cast<char>(request.state());
  auto token = serving::ReadPage(context, *std::move(list), [&](std::string_view key, std::string_view) {
    return add(NumberedOfKey(key));
  });
  if (!token.ok()) return token.status();
  response->set_next_page_token(*token);
  return absl::OkStatus();
}

absl::Status AddCard(const ServiceContext& context, const NumberedKey& of, v1::ListCardsResponse* response) {
  rows::v1::CardState state;
  auto found = context.Read(of.resident, &state);
  if (!found.ok()) return found.status();
  const rows::v1::Card* card = FindCard(state.file(), of.number);
  if (card != nullptr) FillCard(state, of.resident, *card, context.now(), nullptr, response->add_cards());
  return absl::OkStatus();
}

absl::Status AddApplication(const ServiceContext& context, const NumberedKey& of,
                            v1::ListApplicationsResponse* response) {
  rows::v1::CardState state;
  auto found = context.Read(of.resident, &state);
  if (!found.ok()) return found.status();
  const auto* application = FindApplication(state.file(), of.number);
  if (application != nullptr) {
    FillApplication(state, of.resident, *application, nullptr, response->add_applications());
  }
  return absl::OkStatus();
}

absl::Status ReadDeadlines(const ServiceContext& context, const v1::ListDeadlinesRequest& request,
                           v1::ListDeadlinesResponse* response) {
  auto list = CheckList(context, request, 4 + 1 + kNumberedBytes);
  if (!list.ok()) return list.status();
  type::Date until = calendar::ToDate(calendar::DayInTokyo(context.now()) + kDeadlineDays);
  if (request.has_until()) {
    absl::Status status = ValidateDate(request.until(), "until");
    if (!status.ok()) return status;
    until = request.until();
  }
  list->prefix = TableOf(kDueTable, request.municipality_code());
  list->until = list->prefix + EncodeDay(calendar::DayNumber(until) + 1);
  const size_t day_at = list->prefix.size();
  auto token = serving::ReadPage(context, *std::move(list), [&](std::string_view key, std::string_view) {
    const NumberedKey of = NumberedOfKey(key);
    const int32_t day = DecodeDay(key.substr(day_at));
    auto* deadline = response->add_deadlines();
    deadline->set_card(FormatCardName({of.resident, of.number}));
    deadline->set_kind(static_cast<events::v1::DeadlineKind>(key[day_at + 4]));
    *deadline->mutable_day() = calendar::ToDate(calendar::Day(day / 10'000, day / 100 % 100, day % 100));
    return absl::OkStatus();
  });
  if (!token.ok()) return token.status();
  response->set_next_page_token(*token);
  return absl::OkStatus();
}

// ---- Status

absl::StatusOr<NumberedName> CardAskedFor(const ServiceKeys& keys, const v1::GetCardStatusRequest& request) {
  if (request.serial().empty()) return ValidateCardName(request.name());
  const auto card = CardWithSerial(keys, request.serial(), "serial");
  if (!card.ok()) return card.status();
  return NumberedName{card->resident, card->number};
}

// Terminals and validators check anybody's card.
bool MayCheck(const type::Actor& actor, const rows::v1::HolderFile& file, const rows::v1::Card& card) {
  return ChannelOf(actor.authority()) == events::v1::CHANNEL_TERMINAL || MaySee(actor, file, card);
}

absl::Status ReadStatus(const ServiceContext& context, const NumberedName& name, const type::Actor& actor,
                        const rows::v1::CardState& state, v1::CardStatus* response) {
  const rows::v1::Card* card = FindCard(state.file(), name.number);
  if (card == nullptr && !state.has_erased()) return refusals::CardUnknown();
  if (card != nullptr && !MayCheck(actor, state.file(), *card)) return refusals::MunicipalityNotYours();
  const auto position = serving::PositionNow(context, context.PartitionOf(name.resident));
  if (!position.ok()) return position.status();
  if (card == nullptr) {
    FillErasedStatus(name, state.erased(), &*position, response);
    return absl::OkStatus();
  }
  FillStatus(name.resident, *card, context.now(), &*position, response);
  return absl::OkStatus();
}

}  // namespace

Reactor* CardService::GetCard(Context* call, const v1::GetCardRequest* request, v1::Card* response) {
  const auto name = ValidateCardName(request->name());
  return serving::ReadCurrent(
      context_, call, "GetCard", request->actor(), ResidentOf(name),
      [context = context_, name, request, response](const rows::v1::CardState& state) -> absl::Status {
        if (state.has_erased()) return refusals::ResidentErased();
        const rows::v1::Card* card = FindCard(state.file(), name->number);
        if (card == nullptr) return refusals::CardUnknown();
        if (!MaySee(request->actor(), state.file(), *card)) return refusals::MunicipalityNotYours();
        const auto position = serving::PositionNow(*context, context->PartitionOf(name->resident));
        if (!position.ok()) return position.status();
        FillCard(state, name->resident, *card, context->now(), &*position, response);
        return absl::OkStatus();
      });
}

Reactor* CardService::GetCardStatus(Context* rpc_call, const v1::GetCardStatusRequest* request,
                                    v1::CardStatus* response) {
  const auto name = CardAskedFor(*context_->own.keys, *request);
  return serving::ReadCurrent(
      context_, rpc_call, "GetCardStatus", request->actor(), ResidentOf(name),
      [=, context = context_](const rows::v1::CardState& state) {
        return ReadStatus(*context, *name, request->actor(), state, response);
      },
      request->stale() ? serving::ReadKind::kStale : serving::ReadKind::kCurrent);
}

Reactor* CardService::ListCards(Context* rpc_call, const v1::ListCardsRequest* request,
                                v1::ListCardsResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListCards", *request);
  OnWorker(context_, call, [=, context = context_] {
    return ReadByState(*context, *request, kCardTable, v1::Card::State_IsValid, response,
                       [&](const NumberedKey& of) { return AddCard(*context, of, response); });
  });
  return call.reactor();
}

Reactor* CardService::ListApplications(Context* rpc_call, const v1::ListApplicationsRequest* request,
                                       v1::ListApplicationsResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListApplications", *request);
  OnWorker(context_, call, [=, context = context_] {
    return ReadByState(*context, *request, kApplicationTable, v1::Application::State_IsValid, response,
                       [&](const NumberedKey& of) { return AddApplication(*context, of, response); });
  });
  return call.reactor();
}

Reactor* CardService::ListDeadlines(Context* rpc_call, const v1::ListDeadlinesRequest* request,
                                    v1::ListDeadlinesResponse* response) {
  const UnaryCall call(context_, rpc_call, "ListDeadlines", *request);
  OnWorker(context_, call, [=, context = context_] { return ReadDeadlines(*context, *request, response); });
  return call.reactor();
}

}  // namespace mynumber::card
