// Which function decides which command, and what several of them ask.

#include "services/card/domain/decide.h"

#include <algorithm>

#include "services/card/domain/refusals.h"
#include "services/card/domain/state_standing.h"
#include "services/card/domain/state_validity.h"

namespace mynumber::card {
namespace {

using rows::v1::Card;
using rows::v1::CardState;

constexpr std::string_view kMunicipality = "municipality/";

// These may come before anybody is registered: the notice service's log is read beside number issuance's.
template <class Command>
constexpr bool kMayComeFirst =
    std::is_same_v<Command, RegisterHolder> || std::is_same_v<Command, EraseResident> ||
    std::is_same_v<Command, PrintForm> || std::is_same_v<Command, ReprintForm> || std::is_same_v<Command, PostForm>;

// Other services' words, days that pass, and what follows from rows: nobody waits to be told of one who is erased.
template <class Command>
constexpr bool kIsNobodysCall =
    kMayComeFirst<Command> || std::is_same_v<Command, ChangeHolder> || std::is_same_v<Command, EndHolder> ||
    std::is_same_v<Command, EndCards> || std::is_same_v<Command, MeetDeadline> ||
    std::is_same_v<Command, NoteMailSent> || std::is_same_v<Command, OrderProduction>;

template <class Command>
Outcome DecideErased() {
  if (kIsNobodysCall<Command>) return DecidedEvents();
  // To the public such an ID is as unknown as one that was never given out.
  return std::is_same_v<Command, AskStatus> ? refusals::ApplicationIdUnknown() : refusals::ResidentErased();
}

Outcome DecideSettings(const CardState& state, const SetMunicipality& command, const CardDomain::Context& context) {
  const bool is_same = state.municipality().municipality_code() == command.municipality_code &&
                       state.municipality().settings().SerializeAsString() == command.settings.SerializeAsString();
  if (is_same) return DecidedEvents();
  events::v1::CardEvent event;
  auto* set = event.mutable_municipality_set();
  set->set_municipality_code(command.municipality_code);
  *set->mutable_settings() = command.settings;
  *set->mutable_actor() = command.actor;
  DecidedEvents events;
  events.push_back({context.subject, std::move(event)});
  return events;
}

bool HasPhoto(events::v1::Document document) {
  switch (document) {
    case events::v1::DOCUMENT_PASSPORT:
    case events::v1::DOCUMENT_RESIDENCE_CARD:
    case events::v1::DOCUMENT_DRIVING_LICENCE:
    case events::v1::DOCUMENT_INDIVIDUAL_NUMBER_CARD:
    case events::v1::DOCUMENT_OTHER_PHOTO_ID:
      return true;
    default:
      return false;
  }
}

bool ProvesBesideAnother(events::v1::Document document) {
  return document == events::v1::DOCUMENT_HEALTH_INSURANCE || document == events::v1::DOCUMENT_PENSION_HANDBOOK ||
         document == events::v1::DOCUMENT_ISSUE_NOTICE || document == events::v1::DOCUMENT_INDIVIDUAL_NUMBER_NOTICE;
}

}  // namespace

Outcome CardDomain::Decide(const State& state, const Command& command, const Context& context) const {
  return std::visit(
      [&](const auto& one) -> Outcome {
        using One = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<One, SetMunicipality>) {
          return DecideSettings(state, one, context);
        } else {
          if (state.has_erased()) return DecideErased<One>();
          if (std::is_same_v<One, EraseResident> && !state.has_file()) return DecidedEvents();
          if (!kMayComeFirst<One> && !state.file().has_person()) return refusals::HolderUnknown();
          return DecideOf(Matter{given, state.file(), context}, one);
        }
      },
      command);
}

events::v1::MunicipalitySettings Matter::Settings() const {
  const auto& state = context.other(SettingsSubject(file.person().municipality_code(), Partition()));
  return WithDefaults(state.municipality().settings());
}

absl::Status CheckOffice(const Matter& matter, const type::Actor& actor, const std::string& also) {
  const std::string_view authority = actor.authority();
  if (authority.substr(0, kMunicipality.size()) != kMunicipality) return refusals::MunicipalityOnly();
  const std::string_view code = authority.substr(kMunicipality.size());
  const bool is_theirs = code == matter.file.person().municipality_code() || (!also.empty() && code == also);
  return is_theirs ? absl::OkStatus() : refusals::MunicipalityNotYours();
}

absl::StatusOr<const Card*> CheckCard(const Matter& matter, CardCommand command, uint32_t number,
                                      const type::Actor& actor) {
  const Card* card = FindCard(matter.file, number);
  if (card == nullptr) return refusals::CardUnknown();
  const events::v1::Channel channel = ChannelOf(actor.authority());
  absl::Status status;
  if (channel == events::v1::CHANNEL_COUNTER) status = CheckOffice(matter, actor, card->municipality_code());
  if (status.ok()) status = CheckStep(command, StateOf(*card), channel);
  if (!status.ok()) return status;
  return card;
}

absl::Status CheckIdentity(const Matter& matter, const std::vector<events::v1::Document>& documents, bool is_agent) {
  const bool has_photo = std::any_of(documents.begin(), documents.end(), HasPhoto);
  const auto others = std::count_if(documents.begin(), documents.end(), ProvesBesideAnother);
  const bool has_power = std::count(documents.begin(), documents.end(), events::v1::DOCUMENT_POWER_OF_ATTORNEY) > 0;
  if (is_agent && !has_power) return refusals::AgentNeedsPowerOfAttorney();
  if (has_photo) return absl::OkStatus();
  if (IsForeignResident(matter.file.person())) return refusals::PhotoDocumentNeeded();
  return others >= 2 ? absl::OkStatus() : refusals::IdentityNotProven();
}

events::v1::CardEvent Revoked(uint32_t card, events::v1::RevocationGround ground, const type::Actor& actor) {
  events::v1::CardEvent event;
  event.mutable_card_revoked()->set_card(card);
  event.mutable_card_revoked()->set_ground(ground);
  if (!actor.authority().empty()) *event.mutable_card_revoked()->mutable_actor() = actor;
  return event;
}

events::v1::CardEvent CertificateEnded(uint32_t card, events::v1::Certificate certificate, const type::Actor& actor) {
  events::v1::CardEvent event;
  event.mutable_certificate_revoked()->set_card(card);
  event.mutable_certificate_revoked()->set_certificate(certificate);
  if (!actor.authority().empty()) *event.mutable_certificate_revoked()->mutable_actor() = actor;
  return event;
}

void RevokeAll(const Matter& matter, events::v1::RevocationGround ground, DecidedEvents* events) {
  for (const Card& card : matter.file.cards()) {
    if (!IsFinal(card)) matter.Add(Revoked(card.ordered().card(), ground, type::Actor()), events);
  }
}

}  // namespace mynumber::card
