#include "services/card/domain/state_transitions.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/card/domain/refusals.h"

namespace mynumber::card {
namespace {

using State = v1::Card;
using events::v1::Channel;

// What a command finds where it has no row of its own in the table.
enum class Usual {
  // It is about a card on its way to the counter.
  kBeforeHandOver,
  // It is about a card in the holder's hands.
  kInUse,
};

struct Row {
  const char* name;
  std::vector<Channel> channels;
  v1::ErrorReason other_channels;
  Usual usual;
  std::map<State::State, Step> steps;
};

Step To(State::State to) { return {{to}, v1::ERROR_REASON_UNSPECIFIED}; }
Step No(v1::ErrorReason reason) { return {{}, reason}; }

Step UsualStep(Usual usual, State::State state) {
  switch (state) {
    case State::STATE_IN_PRODUCTION:
      return No(usual == Usual::kInUse ? v1::CARD_NOT_IN_USE : v1::CARD_IN_PRODUCTION);
    case State::STATE_SHIPPED:
      return No(usual == Usual::kInUse ? v1::CARD_NOT_IN_USE : v1::CARD_NOT_ARRIVED);
    case State::STATE_ARRIVED:
      return No(usual == Usual::kInUse ? v1::CARD_NOT_IN_USE : v1::CARD_NOT_SET_UP);
    case State::STATE_SET_UP:
      return No(usual == Usual::kInUse ? v1::CARD_NOT_IN_USE : v1::ISSUE_NOTICE_NOT_SENT);
    case State::STATE_NOTICE_SENT:
      return No(usual == Usual::kInUse ? v1::CARD_NOT_IN_USE : v1::ISSUE_NOTICE_SENT_ALREADY);
    case State::STATE_REMINDED:
      return No(usual == Usual::kInUse ? v1::CARD_NOT_IN_USE : v1::REMINDED_ALREADY);
    case State::STATE_IN_USE:
      return No(v1::CARD_IN_USE);
    case State::STATE_SUSPENDED:
      return No(v1::CARD_SUSPENDED);
    case State::STATE_HELD:
      return No(v1::CARD_HELD);
    case State::STATE_FAILED:
      return No(v1::CARD_FAILED);
    case State::STATE_DESTROYED:
      return No(v1::CARD_DESTROYED);
    case State::STATE_REVOKED:
      return No(v1::CARD_REVOKED);
    case State::STATE_EXPIRED:
      return No(v1::CARD_EXPIRED);
    case State::STATE_RETURNED:
      return No(v1::CARD_RETURNED);
    default:
      return No(v1::CARD_UNKNOWN);
  }
}

constexpr State::State kStates[] = {
    State::STATE_IN_PRODUCTION, State::STATE_SHIPPED,  State::STATE_ARRIVED,   State::STATE_SET_UP,
    State::STATE_NOTICE_SENT,   State::STATE_REMINDED, State::STATE_IN_USE,    State::STATE_SUSPENDED,
    State::STATE_HELD,          State::STATE_FAILED,   State::STATE_DESTROYED, State::STATE_REVOKED,
    State::STATE_EXPIRED,       State::STATE_RETURNED};
constexpr State::State kBeforeHandOver[] = {State::STATE_IN_PRODUCTION, State::STATE_SHIPPED,
                                            State::STATE_ARRIVED,       State::STATE_SET_UP,
                                            State::STATE_NOTICE_SENT,   State::STATE_REMINDED};

// The same step in every state before the hand-over.
std::map<State::State, Step> Before(const Step& step, std::map<State::State, Step> others) {
  for (State::State state : kBeforeHandOver) others.insert({state, step});
  return others;
}

// Commands whose only place is a card in use, which stays so.
Row InUse(const char* name, std::vector<Channel> channels = {events::v1::CHANNEL_COUNTER},
          v1::ErrorReason other_channels = v1::OFFICE_ONLY) {
  return {name, std::move(channels), other_channels, Usual::kInUse,
          {{State::STATE_IN_USE, To(State::STATE_IN_USE)}}};
}

Row OnTheWay(const char* name, Channel channel, v1::ErrorReason other_channels, std::map<State::State, Step> steps) {
  return {name, {channel}, other_channels, Usual::kBeforeHandOver, std::move(steps)};
}

// A card that is held goes on its way all the same: it is handed over by nobody.
std::vector<Row> RowsOfTheWay() {
  using events::v1::CHANNEL_COUNTER;
  using events::v1::CHANNEL_FACTORY;
  const Step held = To(State::STATE_HELD);
  const Step arrived_already = No(v1::CARD_ARRIVED_ALREADY), set_up_already = No(v1::CARD_SET_UP_ALREADY);
  const Step ended_otherwise = No(v1::PRODUCTION_ENDED_OTHERWISE);
  const Step destroyed = To(State::STATE_DESTROYED), in_use = To(State::STATE_IN_USE);
  return {
      OnTheWay("RecordShipment", CHANNEL_FACTORY, v1::FACTORY_ONLY,
               Before(ended_otherwise, {{State::STATE_IN_PRODUCTION, To(State::STATE_SHIPPED)},
                                        {State::STATE_HELD, held}})),
      OnTheWay("RecordDelivery", CHANNEL_FACTORY, v1::FACTORY_ONLY,
               Before(ended_otherwise, {{State::STATE_IN_PRODUCTION, No(v1::CARD_IN_PRODUCTION)},
                                        {State::STATE_SHIPPED, in_use}})),
      OnTheWay("RecordFailure", CHANNEL_FACTORY, v1::FACTORY_ONLY,
               Before(ended_otherwise, {{State::STATE_IN_PRODUCTION, To(State::STATE_FAILED)},
                                        {State::STATE_HELD, To(State::STATE_FAILED)}})),
      OnTheWay("RecordArrival", CHANNEL_COUNTER, v1::OFFICE_ONLY,
               Before(arrived_already, {{State::STATE_IN_PRODUCTION, No(v1::CARD_IN_PRODUCTION)},
                                        {State::STATE_SHIPPED, To(State::STATE_ARRIVED)},
                                        {State::STATE_HELD, held}})),
      OnTheWay("SetUpCard", CHANNEL_COUNTER, v1::OFFICE_ONLY,
               {{State::STATE_ARRIVED, To(State::STATE_SET_UP)},
                {State::STATE_SET_UP, set_up_already},
                {State::STATE_NOTICE_SENT, set_up_already},
                {State::STATE_REMINDED, set_up_already}}),
      OnTheWay("SendIssueNotice", CHANNEL_COUNTER, v1::OFFICE_ONLY,
               {{State::STATE_SET_UP, To(State::STATE_NOTICE_SENT)},
                {State::STATE_REMINDED, No(v1::ISSUE_NOTICE_SENT_ALREADY)}}),
      OnTheWay("RemindOfPickUp", CHANNEL_COUNTER, v1::OFFICE_ONLY,
               {{State::STATE_NOTICE_SENT, To(State::STATE_REMINDED)}}),
      OnTheWay("DestroyCard", CHANNEL_COUNTER, v1::OFFICE_ONLY,
               {{State::STATE_ARRIVED, destroyed},
                {State::STATE_SET_UP, destroyed},
                {State::STATE_NOTICE_SENT, destroyed},
                {State::STATE_REMINDED, destroyed},
                {State::STATE_HELD, destroyed}}),
      OnTheWay("IssueCard", CHANNEL_COUNTER, v1::OFFICE_ONLY,
               {{State::STATE_SET_UP, in_use}, {State::STATE_NOTICE_SENT, in_use}, {State::STATE_REMINDED, in_use}}),
  };
}

std::vector<Row> RowsOfUse() {
  using events::v1::CHANNEL_COUNTER;
  using events::v1::CHANNEL_ONLINE;
  using events::v1::CHANNEL_TERMINAL;
  const Step revoked = To(State::STATE_REVOKED);
  std::vector<Row> rows = {
      InUse("RecordChange"),
      InUse("ContinueUse"),
      InUse("ExtendValidity"),
      InUse("RegisterHealthInsurance", {CHANNEL_COUNTER, CHANNEL_ONLINE}),
      InUse("LockPin", {CHANNEL_TERMINAL}, v1::TERMINAL_ONLY),
      InUse("UnlockPin"),
      InUse("IssueCertificate"),
      InUse("RevokeCertificate"),
      InUse("Renew"),
      // The card that is gone ends with it; one that has ended stays as it is, and one that failed is
      // made again unasked.
      InUse("Reissue"),
  };
  rows.back().steps = {{State::STATE_IN_USE, revoked},
                       {State::STATE_SUSPENDED, revoked},
                       {State::STATE_DESTROYED, To(State::STATE_DESTROYED)},
                       {State::STATE_REVOKED, revoked},
                       {State::STATE_EXPIRED, To(State::STATE_EXPIRED)},
                       {State::STATE_RETURNED, To(State::STATE_RETURNED)}};
  return rows;
}

std::vector<Row> RowsOfLossAndEnd() {
  using events::v1::CHANNEL_CLOCK;
  using events::v1::CHANNEL_COUNTER;
  using events::v1::CHANNEL_HOTLINE;
  const Step held = To(State::STATE_HELD), suspended = To(State::STATE_SUSPENDED);
  const Step revoked = To(State::STATE_REVOKED), returned = To(State::STATE_RETURNED);
  const Step expired = To(State::STATE_EXPIRED), not_suspended = No(v1::CARD_NOT_SUSPENDED);
  const std::map<State::State, Step> suspends =
      Before(held, {{State::STATE_HELD, held}, {State::STATE_IN_USE, suspended}, {State::STATE_SUSPENDED, suspended}});
  const Step back = {{std::begin(kBeforeHandOver), std::end(kBeforeHandOver)}, v1::ERROR_REASON_UNSPECIFIED};
  return {
      {"SuspendCard", {CHANNEL_COUNTER, CHANNEL_HOTLINE}, v1::HOTLINE_ONLY, Usual::kInUse, suspends},
      {"ReportLoss", {CHANNEL_COUNTER}, v1::OFFICE_ONLY, Usual::kInUse, suspends},
      {"ReportFound",
       {CHANNEL_COUNTER, CHANNEL_HOTLINE},
       v1::HOTLINE_ONLY,
       Usual::kInUse,
       Before(not_suspended,
              {{State::STATE_HELD, held}, {State::STATE_SUSPENDED, suspended}, {State::STATE_IN_USE, not_suspended}})},
      {"LiftSuspension",
       {CHANNEL_COUNTER},
       v1::OFFICE_ONLY,
       Usual::kInUse,
       Before(not_suspended, {{State::STATE_HELD, back},
                              {State::STATE_SUSPENDED, To(State::STATE_IN_USE)},
                              {State::STATE_IN_USE, not_suspended}})},
      {"RevokeCard",
       {CHANNEL_COUNTER},
       v1::OFFICE_ONLY,
       Usual::kInUse,
       Before(revoked,
              {{State::STATE_HELD, revoked}, {State::STATE_SUSPENDED, revoked}, {State::STATE_IN_USE, revoked}})},
      {"ReturnCard",
       {CHANNEL_COUNTER},
       v1::OFFICE_ONLY,
       Usual::kInUse,
       {{State::STATE_IN_USE, returned},
        {State::STATE_SUSPENDED, returned},
        {State::STATE_REVOKED, returned},
        {State::STATE_EXPIRED, returned}}},
      {"ExpireCard",
       {CHANNEL_CLOCK},
       v1::OFFICE_ONLY,
       Usual::kInUse,
       Before(expired,
              {{State::STATE_HELD, expired}, {State::STATE_SUSPENDED, expired}, {State::STATE_IN_USE, expired}})},
  };
}

// In the order of CardCommand, every state filled in.
std::vector<Row> MakeTable() {
  std::vector<Row> table = RowsOfTheWay();
  for (Row& row : RowsOfUse()) table.push_back(std::move(row));
  for (Row& row : RowsOfLossAndEnd()) table.push_back(std::move(row));
  for (Row& row : table) {
    for (State::State state : kStates) row.steps.insert({state, UsualStep(row.usual, state)});
  }
  return table;
}

const Row& RowOf(CardCommand command) {
  static const auto* const kTable = new std::vector<Row>(MakeTable());
  return kTable->at(static_cast<size_t>(command));
}

}  // namespace

absl::Span<const CardCommand> AllCardCommands() {
  static const auto* const kAll = [] {
    auto* all = new std::vector<CardCommand>();
    for (int i = 0; i <= static_cast<int>(CardCommand::kExpireCard); ++i) all->push_back(static_cast<CardCommand>(i));
    return all;
  }();
  return *kAll;
}

std::string_view NameOf(CardCommand command) { return RowOf(command).name; }

const Step& StepOf(CardCommand command, v1::Card::State state) { return RowOf(command).steps.at(state); }

const std::vector<Channel>& ChannelsOf(CardCommand command) { return RowOf(command).channels; }

v1::ErrorReason ReasonForOtherChannels(CardCommand command) { return RowOf(command).other_channels; }

absl::Status CheckStep(CardCommand command, v1::Card::State state, Channel channel) {
  const auto& channels = ChannelsOf(command);
  if (std::find(channels.begin(), channels.end(), channel) == channels.end()) {
    return refusals::BecauseOf(ReasonForOtherChannels(command));
  }
  const Step& step = StepOf(command, state);
  return step.to.empty() ? refusals::BecauseOf(step.refused) : absl::OkStatus();
}

Channel ChannelOf(std::string_view authority) {
  if (authority.substr(0, 13) == "municipality/") return events::v1::CHANNEL_COUNTER;
  if (authority == "hotline" || authority == "service/hotline") return events::v1::CHANNEL_HOTLINE;
  if (authority == "application-site" || authority == "photo-booth") return events::v1::CHANNEL_ONLINE;
  if (authority == "terminal") return events::v1::CHANNEL_TERMINAL;
  if (authority == "factory") return events::v1::CHANNEL_FACTORY;
  return events::v1::CHANNEL_UNSPECIFIED;
}

v1::GetTransitionsResponse Transitions() {
  v1::GetTransitionsResponse response;
  for (CardCommand command : AllCardCommands()) {
    for (State::State state : kStates) {
      auto* transition = response.add_transitions();
      transition->set_state(state);
      transition->set_command(std::string(NameOf(command)));
      for (Channel channel : ChannelsOf(command)) transition->add_channels(channel);
      const Step& step = StepOf(command, state);
      for (State::State to : step.to) transition->add_to(to);
      if (step.to.empty()) transition->set_refused_reason(v1::ErrorReason_Name(step.refused));
    }
  }
  return response;
}

}  // namespace mynumber::card
