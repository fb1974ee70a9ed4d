// The whole table: every state, every command, every channel either moves or is refused by name.

#include "services/card/domain/state_transitions.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "libs/testing/matchers.h"
#include "services/card/domain/made_up.h"
#include "services/card/domain/refusals.h"

namespace mynumber::card {
namespace {

using events::v1::Channel;
using made_up::Office;
using State = v1::Card;
using Command = card::Command;

constexpr State::State kStates[] = {
    State::STATE_IN_PRODUCTION, State::STATE_SHIPPED,  State::STATE_ARRIVED,   State::STATE_SET_UP,
    State::STATE_NOTICE_SENT,   State::STATE_REMINDED, State::STATE_IN_USE,    State::STATE_SUSPENDED,
    State::STATE_HELD,          State::STATE_FAILED,   State::STATE_DESTROYED, State::STATE_REVOKED,
    State::STATE_EXPIRED,       State::STATE_RETURNED};
constexpr Channel kChannels[] = {events::v1::CHANNEL_COUNTER, events::v1::CHANNEL_HOTLINE, events::v1::CHANNEL_ONLINE,
                                 events::v1::CHANNEL_TERMINAL, events::v1::CHANNEL_FACTORY};

type::Actor ActorOf(Channel channel) {
  switch (channel) {
    case events::v1::CHANNEL_COUNTER:
      return made_up::Clerk();
    case events::v1::CHANNEL_HOTLINE:
      return made_up::Operator();
    case events::v1::CHANNEL_ONLINE:
      return made_up::Actor("application-site");
    case events::v1::CHANNEL_TERMINAL:
      return made_up::Actor("terminal");
    default:
      return made_up::Factory();
  }
}

SubmitApplication AtTheCounter() { return made_up::Submission(events::v1::APPLICATION_WAY_COUNTER); }

Reissue ReissueFor(State::State state, const type::Actor& actor) {
  Reissue reissue{1, AtTheCounter(), false, actor};
  auto& submitted = reissue.application.submitted;
  submitted.set_fee_receipt("fee-1");
  submitted.set_police_receipt("police-1");
  switch (state) {
    case State::STATE_SUSPENDED:
      submitted.set_reissue_ground(events::v1::REISSUE_GROUND_LOST);
      break;
    case State::STATE_EXPIRED:
      submitted.set_reissue_ground(events::v1::REISSUE_GROUND_EXPIRED);
      break;
    case State::STATE_IN_USE:
      submitted.set_reissue_ground(events::v1::REISSUE_GROUND_DAMAGED);
      break;
    default:
      submitted.set_reissue_ground(events::v1::REISSUE_GROUND_REVOKED);
  }
  return reissue;
}

// The command with everything right but, maybe, state and channel.
Command CommandOf(CardCommand command, State::State state, const type::Actor& actor) {
  using made_up::Date;
  switch (command) {
    case CardCommand::kRecordShipment:
      return RecordShipment{1, Date(2026, 12, 24), actor};
    case CardCommand::kRecordDelivery:
      return RecordDelivery{1, Date(2026, 12, 24), actor};
    case CardCommand::kRecordFailure:
      return RecordFailure{1, "another reason", actor};
    case CardCommand::kRecordArrival:
      return RecordArrival{1, actor};
    case CardCommand::kSetUpCard:
      return SetUpCard{1, actor};
    case CardCommand::kSendIssueNotice:
      return SendIssueNotice{1, actor};
    case CardCommand::kRemindOfPickUp:
      return RemindOfPickUp{1, actor};
    case CardCommand::kDestroyCard:
      return DestroyCard{1, events::v1::DESTRUCTION_GROUND_FAULTY, "廃棄簿", actor};
    case CardCommand::kIssueCard: {
      IssueCard issue = made_up::HandOver();
      issue.actor = actor;
      return issue;
    }
    case CardCommand::kRecordChange:
      return RecordChange{1, events::v1::CARD_CHANGE_ADDRESS, Date(2026, 11, 20), actor};
    case CardCommand::kContinueUse:
      return ContinueUse{1, Date(2026, 11, 20), Date(2026, 11, 20), Date(2026, 11, 27), true, actor};
    case CardCommand::kExtendValidity:
      return ExtendValidity{1, std::nullopt, actor};
    case CardCommand::kRegisterHealthInsurance:
      return RegisterHealthInsurance{1, actor};
    case CardCommand::kLockPin:
      return LockPin{1, events::v1::PIN_SIGNATURE, actor};
    case CardCommand::kUnlockPin:
      return UnlockPin{1, events::v1::PIN_AUTHENTICATION, {events::v1::DOCUMENT_PASSPORT}, actor};
    case CardCommand::kIssueCertificate:
      return IssueCertificate{1, events::v1::CERTIFICATE_SIGNATURE, actor};
    case CardCommand::kRevokeCertificate:
      return RevokeCertificate{1, events::v1::CERTIFICATE_AUTHENTICATION, actor};
    case CardCommand::kRenew:
      return Renew{1, AtTheCounter(), actor};
    case CardCommand::kReissue:
      return ReissueFor(state, actor);
    case CardCommand::kSuspendCard: {
      SuspendCard suspend = made_up::Suspension();
      suspend.actor = actor;
      return suspend;
    }
    case CardCommand::kReportLoss:
      return ReportLoss{1, "police-1", false, actor};
    case CardCommand::kReportFound:
      return ReportFound{1, actor};
    case CardCommand::kLiftSuspension: {
      LiftSuspension lift = made_up::Lift();
      lift.actor = actor;
      return lift;
    }
    case CardCommand::kRevokeCard:
      return RevokeCard{1, events::v1::REVOCATION_GROUND_REQUESTED, actor};
    case CardCommand::kReturnCard:
      return ReturnCard{1, actor};
    case CardCommand::kExpireCard:
      return MeetDeadline{1, events::v1::DEADLINE_KIND_EXPIRY};
  }
  return {};
}

// A card by express, with the factory.
void MakeExpress(Office* office) {
  office->Register('a');
  SubmitApplication submission = AtTheCounter();
  submission.submitted.set_express_ground(events::v1::EXPRESS_GROUND_NEWLY_REGISTERED);
  submission.ground_date = made_up::Date(2026, 11, 20);
  office->Must(submission);
  office->Approve(1);
  office->Must(OrderProduction{1});
  office->Must(RecordShipment{1, made_up::Date(2026, 11, 27), made_up::Factory()});
}

void Hold(CardCommand command, Office* office) {
  if (command == CardCommand::kRecordShipment || command == CardCommand::kRecordFailure) {
    office->BringTo(State::STATE_IN_PRODUCTION);
  } else if (command == CardCommand::kRecordArrival) {
    office->BringTo(State::STATE_SHIPPED);
  } else {
    office->BringTo(State::STATE_NOTICE_SENT);
  }
  office->Must(made_up::Suspension());
}

// What a command on a card in use finds to do.
void Prepare(CardCommand command, Office* office) {
  if (command == CardCommand::kRecordChange || command == CardCommand::kContinueUse) {
    ChangeHolder move;
    move.change = events::v1::HOLDER_CHANGE_MOVED;
    move.person.set_address("別の町9");
    move.person.set_municipality_code(made_up::kOtherMunicipality);
    move.day = made_up::Date(2026, 11, 20);
    office->Must(move);
  }
  if (command == CardCommand::kUnlockPin) {
    office->Must(LockPin{1, events::v1::PIN_AUTHENTICATION, made_up::Actor("terminal")});
  }
  if (command == CardCommand::kIssueCertificate) {
    office->Must(RevokeCertificate{1, events::v1::CERTIFICATE_SIGNATURE, made_up::Clerk()});
  }
  if (command == CardCommand::kRenew) office->PassTo(made_up::Moment(2027, 5, 1));
}

Office OfficeWith(CardCommand command, State::State state) {
  Office office;
  if (command == CardCommand::kRecordDelivery && state == State::STATE_SHIPPED) {
    MakeExpress(&office);
    return office;
  }
  // Whose residence card has expired cannot have another card.
  const bool outlives = command == CardCommand::kReissue && state == State::STATE_EXPIRED;
  office.Register('a', outlives ? made_up::Hanako() : made_up::Foreigner(made_up::Date(2027, 6, 30)));
  state == State::STATE_HELD ? Hold(command, &office) : office.BringTo(state);
  if (state == State::STATE_IN_USE) Prepare(command, &office);
  if (command == CardCommand::kRemindOfPickUp && state == State::STATE_NOTICE_SENT) {
    office.PassTo(made_up::Moment(2027, 3, 1));
  }
  // Its day has come; the deadline has not been met.
  if (command == CardCommand::kExpireCard) office.now_micros = made_up::Moment(2028, 1, 1);
  return office;
}

std::string Told(CardCommand command, State::State state) {
  return std::string(NameOf(command)) + " in " + State::State_Name(state);
}

TEST(TransitionsTest, EveryStateAndCommandDoesWhatTheTableSays) {
  for (CardCommand command : AllCardCommands()) {
    for (State::State state : kStates) {
      Office office = OfficeWith(command, state);
      ASSERT_EQ(office.StateOf(), state) << Told(command, state);
      const Step& step = StepOf(command, state);
      const Channel channel = ChannelsOf(command).front();
      const absl::Status status = office.Do(CommandOf(command, state, ActorOf(channel)));
      if (command == CardCommand::kExpireCard && step.to.empty()) {
        // The clock does not ask: nothing of it is due any more.
        EXPECT_TRUE(status.ok() && office.last.empty()) << Told(command, state) << status;
        continue;
      }
      if (step.to.empty()) {
        EXPECT_EQ(testing::ReasonOf(status), v1::ErrorReason_Name(step.refused)) << Told(command, state);
        EXPECT_EQ(office.StateOf(), state) << Told(command, state);
      } else {
        EXPECT_TRUE(status.ok()) << Told(command, state) << ": " << status;
        EXPECT_EQ(std::count(step.to.begin(), step.to.end(), office.StateOf()), 1)
            << Told(command, state) << " led to " << State::State_Name(office.StateOf());
      }
    }
  }
}

TEST(TransitionsTest, EveryOtherChannelIsRefusedByNameInEveryState) {
  for (CardCommand command : AllCardCommands()) {
    if (command == CardCommand::kExpireCard) continue;
    const auto& channels = ChannelsOf(command);
    for (State::State state : kStates) {
      for (Channel channel : kChannels) {
        if (std::count(channels.begin(), channels.end(), channel) > 0) continue;
        Office office = OfficeWith(command, state);
        const absl::Status status = office.Do(CommandOf(command, state, ActorOf(channel)));
        EXPECT_EQ(testing::ReasonOf(status), v1::ErrorReason_Name(ReasonForOtherChannels(command)))
            << Told(command, state) << " by " << events::v1::Channel_Name(channel);
        EXPECT_TRUE(office.last.empty());
      }
    }
  }
}

TEST(TransitionsTest, AllChannelsOfACommandAreTaken) {
  for (CardCommand command : AllCardCommands()) {
    if (command == CardCommand::kExpireCard) continue;
    for (Channel channel : ChannelsOf(command)) {
      for (State::State state : kStates) {
        if (StepOf(command, state).to.empty()) continue;
        Office office = OfficeWith(command, state);
        EXPECT_TRUE(office.Do(CommandOf(command, state, ActorOf(channel))).ok()) << Told(command, state);
      }
    }
  }
}

TEST(TransitionsTest, TheTableIsServedWhole) {
  const v1::GetTransitionsResponse served = Transitions();
  EXPECT_EQ(served.transitions_size(), static_cast<int>(AllCardCommands().size() * std::size(kStates)));
  for (const auto& one : served.transitions()) {
    EXPECT_NE(one.to().empty(), one.refused_reason().empty()) << one.ShortDebugString();
    EXPECT_FALSE(one.channels().empty());
  }
}

// P5: in every state that is not final, by the hotline too.
TEST(TransitionsTest, ASuspensionIsTakenInEveryStateThatIsNotFinal) {
  for (State::State state : kStates) {
    EXPECT_EQ(StepOf(CardCommand::kSuspendCard, state).to.empty(), IsFinal(state)) << State::State_Name(state);
  }
}

TEST(TransitionsTest, EveryReasonHasASentence) {
  const auto* reasons = v1::ErrorReason_descriptor();
  const std::vector<std::string> own_words = {"ERROR_REASON_UNSPECIFIED", "TEXT_TOO_LONG",   "TEXT_NOT_UTF8",
                                              "SETTING_OUT_OF_RANGE",     "CURSOR_MALFORMED", "BATCH_DATE_NOT_KEPT",
                                              "HAND_OVER_PERIOD_OPEN"};
  for (int i = 0; i < reasons->value_count(); ++i) {
    const std::string& name = reasons->value(i)->name();
    const bool is_shared = std::count(std::begin(serving::kSharedReasons), std::end(serving::kSharedReasons), name) > 0;
    const bool is_verdict = name.rfind("APPLICATION_ID_WRONG", 0) == 0 || name.rfind("CARD_SERIAL_WRONG", 0) == 0 ||
                            name == "APPLICATION_ID_NOT_DIGITS" || name == "CARD_SERIAL_NOT_DIGITS";
    if (is_shared || is_verdict || std::count(own_words.begin(), own_words.end(), name) > 0) continue;
    const absl::Status status = refusals::BecauseOf(static_cast<v1::ErrorReason>(reasons->value(i)->number()));
    EXPECT_EQ(testing::ReasonOf(status), name) << status;
  }
}

}  // namespace
}  // namespace mynumber::card
