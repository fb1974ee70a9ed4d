#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_DECIDE_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_DECIDE_H_

// What all decisions about a resident share; private to decide*.cc.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/calendar/day.h"
#include "services/card/domain/card.h"
#include "services/card/domain/state_transitions.h"

namespace mynumber::card {

using DecidedEvents = std::vector<eventsourcing::EventOf<events::v1::CardEvent>>;
using Outcome = absl::StatusOr<DecidedEvents>;

// One resident's matter, as it is decided now.
struct Matter {
  const Given& given;
  const rows::v1::HolderFile& file;
  const CardDomain::Context& context;

  calendar::Day Today() const { return calendar::DayInTokyo(context.time_micros); }
  // Of the municipality where the resident lives, with the defaults filled in.
  events::v1::MunicipalitySettings Settings() const;
  uint32_t Partition() const { return context.subject.PartitionOf(given.partition_count); }
  void Add(events::v1::CardEvent event, DecidedEvents* events) const {
    events->push_back({context.subject, std::move(event)});
  }
  DecidedEvents One(events::v1::CardEvent event) const {
    DecidedEvents events;
    Add(std::move(event), &events);
    return events;
  }
};

// OK if the actor is the municipality where the resident lives, or `also`, where a card lies.
absl::Status CheckOffice(const Matter& matter, const type::Actor& actor, const std::string& also = {});
// Finds the card and asks the table; a counter must be the right one.
absl::StatusOr<const rows::v1::Card*> CheckCard(const Matter& matter, CardCommand command, uint32_t card,
                                                const type::Actor& actor);
// Whether the documents prove who stands there (domain.md C.2).
absl::Status CheckIdentity(const Matter& matter, const std::vector<events::v1::Document>& documents, bool is_agent);
// Every card that is not final ends.
void RevokeAll(const Matter& matter, events::v1::RevocationGround ground, DecidedEvents* events);
events::v1::CardEvent Revoked(uint32_t card, events::v1::RevocationGround ground, const type::Actor& actor);
events::v1::CardEvent CertificateEnded(uint32_t card, events::v1::Certificate certificate, const type::Actor& actor);

// decide_application.cc
Outcome DecideOf(const Matter& matter, const StartApplication& command);
Outcome DecideOf(const Matter& matter, const ConfirmEmail& command);
Outcome DecideOf(const Matter& matter, const SubmitApplication& command);
Outcome DecideOf(const Matter& matter, const WithdrawApplication& command);
Outcome DecideOf(const Matter& matter, const StartReview& command);
Outcome DecideOf(const Matter& matter, const ReviewPhoto& command);
Outcome DecideOf(const Matter& matter, const AskStatus& command);
Outcome DecideOf(const Matter& matter, const NoteMailSent& command);
Outcome DecideOf(const Matter& matter, const Renew& command);
Outcome DecideOf(const Matter& matter, const Reissue& command);

// decide_production.cc
Outcome DecideOf(const Matter& matter, const OrderProduction& command);
Outcome DecideOf(const Matter& matter, const RecordShipment& command);
Outcome DecideOf(const Matter& matter, const RecordDelivery& command);
Outcome DecideOf(const Matter& matter, const RecordFailure& command);
Outcome DecideOf(const Matter& matter, const RecordArrival& command);
Outcome DecideOf(const Matter& matter, const SetUpCard& command);
Outcome DecideOf(const Matter& matter, const SendIssueNotice& command);
Outcome DecideOf(const Matter& matter, const RemindOfPickUp& command);
Outcome DecideOf(const Matter& matter, const DestroyCard& command);
Outcome DecideOf(const Matter& matter, const IssueCard& command);

// decide_use.cc
Outcome DecideOf(const Matter& matter, const RecordChange& command);
Outcome DecideOf(const Matter& matter, const ContinueUse& command);
Outcome DecideOf(const Matter& matter, const ExtendValidity& command);
Outcome DecideOf(const Matter& matter, const RegisterHealthInsurance& command);
Outcome DecideOf(const Matter& matter, const LockPin& command);
Outcome DecideOf(const Matter& matter, const UnlockPin& command);
Outcome DecideOf(const Matter& matter, const IssueCertificate& command);
Outcome DecideOf(const Matter& matter, const RevokeCertificate& command);
Outcome DecideOf(const Matter& matter, const SetCodeWord& command);

// decide_loss.cc
Outcome DecideOf(const Matter& matter, const SuspendCard& command);
Outcome DecideOf(const Matter& matter, const ReportLoss& command);
Outcome DecideOf(const Matter& matter, const ReportFound& command);
Outcome DecideOf(const Matter& matter, const LiftSuspension& command);
Outcome DecideOf(const Matter& matter, const RevokeCard& command);
Outcome DecideOf(const Matter& matter, const ReturnCard& command);

// decide_register.cc
Outcome DecideOf(const Matter& matter, const RegisterHolder& command);
Outcome DecideOf(const Matter& matter, const ChangeHolder& command);
Outcome DecideOf(const Matter& matter, const EndHolder& command);
Outcome DecideOf(const Matter& matter, const EndCards& command);
Outcome DecideOf(const Matter& matter, const EraseResident& command);
Outcome DecideOf(const Matter& matter, const PrintForm& command);
Outcome DecideOf(const Matter& matter, const ReprintForm& command);
Outcome DecideOf(const Matter& matter, const PostForm& command);
Outcome DecideOf(const Matter& matter, const MeetDeadline& command);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_DECIDE_H_
