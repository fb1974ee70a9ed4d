#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_STATE_TRANSITIONS_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_STATE_TRANSITIONS_H_

// Which command does what in which state of a card, by which channel: the first thing that every command on a card is
// asked, and what GetTransitions serves. What depends on more than the state is decided after it (decide_*.cc).

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "mynumber/card/v1/card_service.pb.h"
#include "mynumber/card/v1/error_reason.pb.h"

namespace mynumber::card {

// Every command on a card.
enum class CardCommand {
  kRecordShipment,
  kRecordDelivery,
  kRecordFailure,
  kRecordArrival,
  kSetUpCard,
  kSendIssueNotice,
  kRemindOfPickUp,
  kDestroyCard,
  kIssueCard,
  kRecordChange,
  kContinueUse,
  kExtendValidity,
  kRegisterHealthInsurance,
  kLockPin,
  kUnlockPin,
  kIssueCertificate,
  kRevokeCertificate,
  kRenew,
  kReissue,
  kSuspendCard,
  kReportLoss,
  kReportFound,
  kLiftSuspension,
  kRevokeCard,
  kReturnCard,
  kExpireCard,
};
absl::Span<const CardCommand> AllCardCommands();
// As the call is named: "SuspendCard".
std::string_view NameOf(CardCommand command);

// Where a command leads, by a channel that may give it, or why not.
struct Step {
  // None: refused.
  std::vector<v1::Card::State> to;
  v1::ErrorReason refused = v1::ERROR_REASON_UNSPECIFIED;
};
const Step& StepOf(CardCommand command, v1::Card::State state);

const std::vector<events::v1::Channel>& ChannelsOf(CardCommand command);
// What a channel that may not give the command is told.
v1::ErrorReason ReasonForOtherChannels(CardCommand command);

// OK, or the refusal by channel and state: the channel first.
absl::Status CheckStep(CardCommand command, v1::Card::State state, events::v1::Channel channel);

// Of an authority ("municipality/131016", "hotline", ...).
events::v1::Channel ChannelOf(std::string_view authority);

// The whole table.
v1::GetTransitionsResponse Transitions();

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_STATE_TRANSITIONS_H_
