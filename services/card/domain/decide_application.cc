// Applications, from the first click or the form to the approval (the leaflet's four ways; domain.md C.1, C.6).

#include <algorithm>

#include "libs/calendar/birthday.h"
#include "libs/calendar/date.h"
#include "libs/calendar/limit_day.h"
#include "services/card/domain/decide.h"
#include "services/card/domain/refusals.h"
#include "services/card/domain/state_standing.h"
#include "services/card/domain/state_validity.h"

namespace mynumber::card {
namespace {

using calendar::Day;
using events::v1::ApplicationSubmitted;
using events::v1::CardEvent;
using rows::v1::Application;
using rows::v1::Card;
using rows::v1::Form;

bool IsOnline(events::v1::ApplicationWay way) {
  return way == events::v1::APPLICATION_WAY_SMARTPHONE || way == events::v1::APPLICATION_WAY_COMPUTER ||
         way == events::v1::APPLICATION_WAY_PHOTO_BOOTH;
}

// Whether what stands on the form is still so.
bool IsTrue(const Form& form, const events::v1::Person& person) {
  return form.printed().full_name() == person.full_name() && form.printed().address() == person.address() &&
         calendar::DayNumber(form.printed().period_of_stay_end()) == calendar::DayNumber(person.period_of_stay_end());
}

absl::Status CheckForm(const Matter& matter, uint32_t number, events::v1::ApplicationWay way) {
  const Form* form = FindForm(matter.file, number);
  if (form == nullptr) return refusals::ApplicationIdUnknown();
  const auto& forms = matter.file.forms();
  const bool is_newest = std::all_of(forms.begin() + number, forms.end(),
                                     [](const Form& later) { return !later.has_printed(); });
  if (!is_newest) return refusals::FormSuperseded();
  if (IsTrue(*form, matter.file.person())) return absl::OkStatus();
  return IsOnline(way) && matter.Settings().outdated_form_valid_online() ? absl::OkStatus() : refusals::FormOutdated();
}

// Whose period of stay is over, or nearly, renews that first (the leaflet).
absl::Status CheckStay(const Matter& matter) {
  const auto end = PeriodOfStayEnd(matter.file.person());
  if (!end) return absl::OkStatus();
  if (*end < matter.Today()) return refusals::ResidenceCardExpired();
  const bool is_near = *end <= calendar::LimitDayAfterMonths(matter.Today(), 1);
  return is_near ? refusals::ResidenceCardExpiresWithinAMonth() : absl::OkStatus();
}

absl::Status CheckNothingUnderWay(const Matter& matter) {
  const auto& all = matter.file.applications();
  return std::any_of(all.begin(), all.end(), IsUnderWay) ? refusals::ApplicationUnderWay() : absl::OkStatus();
}

// Whether another card may be had at all. `replaced`: the card whose place it takes; 0: none.
absl::Status CheckEligible(const Matter& matter, uint32_t form, events::v1::ApplicationWay way, uint32_t replaced) {
  if (matter.file.departure() != events::v1::DEPARTURE_UNSPECIFIED) return refusals::HolderGone();
  absl::Status status = form == 0 ? absl::OkStatus() : CheckForm(matter, form, way);
  if (status.ok()) status = CheckNothingUnderWay(matter);
  if (!status.ok()) return status;
  for (const Card& card : matter.file.cards()) {
    if (!IsFinal(card) && card.ordered().card() != replaced) return refusals::CardValidAlready();
  }
  const Application* before = form == 0 ? nullptr : ApplicationOfForm(matter.file, form);
  if (before != nullptr && before->card() != 0) return refusals::ApplicationIdUsed();
  return CheckStay(matter);
}

absl::Status CheckPaperPhoto(const ApplicationSubmitted& submitted, Day received) {
  const auto taken = calendar::ToDay(submitted.paper_photo_taken_date());
  if (!taken) return submitted.has_photo() ? absl::OkStatus() : refusals::PhotoMissing();
  return received <= calendar::LimitDayAfterMonths(*taken, kPhotoMonths) ? absl::OkStatus()
                                                                         : refusals::PhotoOfMailedTooOld();
}

// Who is on it, and who signs for whom.
absl::Status CheckApplicant(const Matter& matter, const ApplicationSubmitted& submitted) {
  const Day received = calendar::ToDay(submitted.received_date()).value_or(matter.Today());
  const int age = calendar::AgeOn(*calendar::ToDay(matter.file.person().birth_date()), received);
  if (age < kRepresentedUnderAge && submitted.representative().full_name().empty()) {
    return refusals::RepresentativeMissing();
  }
  if (age >= kPhotoFromAge) return CheckPaperPhoto(submitted, received);
  const bool has_photo = submitted.has_photo() || submitted.has_paper_photo_taken_date();
  return has_photo ? refusals::NoPhotoUnderOneYear() : absl::OkStatus();
}

bool MayBeExpress(const Matter& matter, const ApplicationSubmitted& submitted,
                  const std::optional<type::Date>& ground_date) {
  const Day today = matter.Today();
  if (submitted.way() != events::v1::APPLICATION_WAY_COUNTER) return false;
  if (submitted.express_ground() == events::v1::EXPRESS_GROUND_UNDER_ONE_YEAR) {
    return calendar::AgeOn(*calendar::ToDay(matter.file.person().birth_date()), today) < 1;
  }
  const auto day = ground_date ? calendar::ToDay(*ground_date) : std::nullopt;
  return day && *day <= today && today <= calendar::LimitDay(*day, kExpressDays);
}

// The application that a form or a link goes on with; null: a new one.
const Application* OpenApplication(const Matter& matter, const SubmitApplication& command) {
  if (command.application != 0) return FindApplication(matter.file, command.application);
  if (command.submitted.form() == 0) return nullptr;
  const Application* before = ApplicationOfForm(matter.file, command.submitted.form());
  return before != nullptr && before->stage() != rows::v1::APPLICATION_STAGE_WITHDRAWN ? before : nullptr;
}

absl::Status CheckStage(const Application& application) {
  switch (application.stage()) {
    case rows::v1::APPLICATION_STAGE_CONFIRMED:
    case rows::v1::APPLICATION_STAGE_DEFECT:
      return absl::OkStatus();
    case rows::v1::APPLICATION_STAGE_STARTED:
      return refusals::EmailNotConfirmed();
    case rows::v1::APPLICATION_STAGE_WITHDRAWN:
      return refusals::ApplicationWithdrawn();
    default:
      return refusals::ApplicationReceivedAlready();
  }
}

// All that makes an application whole; `replaced` as above.
Outcome Submit(const Matter& matter, const SubmitApplication& command, uint32_t replaced) {
  const Application* open = OpenApplication(matter, command);
  const bool is_linked = command.application != 0;
  if (is_linked && open == nullptr) return refusals::ApplicationUnknown();
  absl::Status status = is_linked ? CheckStage(*open) : absl::OkStatus();
  CardEvent event;
  ApplicationSubmitted* submitted = event.mutable_application_submitted();
  *submitted = command.submitted;
  if (is_linked) {
    submitted->set_way(open->way());
    submitted->set_form(open->form());
  }
  submitted->set_application(open == nullptr ? matter.file.last_application() + 1 : open->number());
  if (!submitted->has_received_date()) *submitted->mutable_received_date() = calendar::ToDate(matter.Today());
  if (status.ok()) status = CheckEligible(matter, submitted->form(), submitted->way(), replaced);
  if (status.ok()) status = CheckApplicant(matter, *submitted);
  const bool is_express = submitted->express_ground() != events::v1::EXPRESS_GROUND_UNSPECIFIED;
  if (status.ok() && is_express && !MayBeExpress(matter, *submitted, command.ground_date)) {
    status = refusals::ExpressNotAllowed();
  }
  if (!status.ok()) return status;
  return matter.One(std::move(event));
}

}  // namespace

Outcome DecideOf(const Matter& matter, const StartApplication& command) {
  absl::Status status = CheckEligible(matter, command.form, command.way, 0);
  if (!status.ok()) return status;
  const Application* before = ApplicationOfForm(matter.file, command.form);
  const bool goes_on = before != nullptr && before->stage() != rows::v1::APPLICATION_STAGE_WITHDRAWN;
  const uint32_t number = goes_on ? before->number() : matter.file.last_application() + 1;
  events::v1::Link link;
  link.set_number(goes_on ? before->link().number() + 1 : 1);
  link.set_token_hash(matter.given.token_hash_for(matter.context.subject, number, link.number()));
  link.set_expires_micros(matter.context.time_micros + kLinkMicros);
  CardEvent event;
  if (goes_on) {
    event.mutable_link_renewed()->set_application(number);
    event.mutable_link_renewed()->set_email(command.email);
    *event.mutable_link_renewed()->mutable_link() = link;
  } else {
    auto* started = event.mutable_application_started();
    started->set_application(number);
    started->set_form(command.form);
    started->set_way(command.way);
    started->set_email(command.email);
    *started->mutable_link() = link;
  }
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const ConfirmEmail& command) {
  const Application* application = FindApplication(matter.file, command.application);
  const bool is_known = application != nullptr && application->link().number() == command.link &&
                        application->link().token_hash() == command.token_hash;
  if (!is_known) return refusals::LinkUnknown();
  if (application->stage() == rows::v1::APPLICATION_STAGE_WITHDRAWN) return refusals::ApplicationWithdrawn();
  if (application->stage() != rows::v1::APPLICATION_STAGE_STARTED) return refusals::LinkUsed();
  if (matter.context.time_micros >= application->link().expires_micros()) return refusals::LinkExpired();
  CardEvent event;
  event.mutable_email_confirmed()->set_application(command.application);
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const SubmitApplication& command) {
  const bool is_office = command.submitted.way() == events::v1::APPLICATION_WAY_MAIL ||
                         command.submitted.way() == events::v1::APPLICATION_WAY_COUNTER;
  absl::Status status = is_office ? CheckOffice(matter, command.submitted.actor()) : absl::OkStatus();
  return status.ok() ? Submit(matter, command, 0) : Outcome(status);
}

Outcome DecideOf(const Matter& matter, const WithdrawApplication& command) {
  const Application* application = FindApplication(matter.file, command.application);
  if (application == nullptr) return refusals::ApplicationUnknown();
  const bool is_online = ChannelOf(command.actor.authority()) == events::v1::CHANNEL_ONLINE;
  absl::Status status = is_online ? absl::OkStatus() : CheckOffice(matter, command.actor);
  if (!status.ok()) return status;
  if (application->stage() == rows::v1::APPLICATION_STAGE_WITHDRAWN) return DecidedEvents();
  if (application->card() != 0) return refusals::ApplicationInProduction();
  CardEvent event;
  event.mutable_application_withdrawn()->set_application(command.application);
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const StartReview& command) {
  const Application* application = FindApplication(matter.file, command.application);
  if (application == nullptr) return refusals::ApplicationUnknown();
  absl::Status status = CheckOffice(matter, command.actor);
  if (!status.ok()) return status;
  if (application->stage() == rows::v1::APPLICATION_STAGE_UNDER_REVIEW) return DecidedEvents();
  if (application->stage() < rows::v1::APPLICATION_STAGE_RECEIVED) return refusals::ApplicationNotReceived();
  if (application->stage() != rows::v1::APPLICATION_STAGE_RECEIVED) return refusals::ApplicationNotUnderReview();
  CardEvent event;
  event.mutable_review_started()->set_application(command.application);
  *event.mutable_review_started()->mutable_actor() = command.actor;
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const ReviewPhoto& command) {
  const Application* application = FindApplication(matter.file, command.application);
  if (application == nullptr) return refusals::ApplicationUnknown();
  absl::Status status = CheckOffice(matter, command.actor);
  if (!status.ok()) return status;
  if (application->stage() != rows::v1::APPLICATION_STAGE_UNDER_REVIEW) return refusals::ApplicationNotUnderReview();
  CardEvent event;
  if (command.defects.empty()) {
    event.mutable_application_approved()->set_application(command.application);
    *event.mutable_application_approved()->mutable_actor() = command.actor;
  } else {
    auto* found = event.mutable_photo_found_defective();
    found->set_application(command.application);
    for (const auto defect : command.defects) found->add_defects(defect);
    *found->mutable_actor() = command.actor;
  }
  return matter.One(std::move(event));
}

Outcome DecideOf(const Matter& matter, const AskStatus& command) {
  const Form* form = FindForm(matter.file, command.form);
  if (form == nullptr) return refusals::ApplicationIdUnknown();
  const bool is_today = calendar::DayNumber(form->missed_date()) == calendar::DayNumber(matter.Today());
  if (is_today && form->missed_times() >= kMissedMax) return refusals::TooManyWrongBirthDates();
  const int32_t born = calendar::DayNumber(matter.file.person().birth_date());
  if (born == calendar::DayNumber(command.birth_date)) return DecidedEvents();
  CardEvent event;
  event.mutable_birth_date_missed()->set_form(command.form);
  return matter.One(std::move(event));
}

// Only what is still to be sent: two senders send the same mail, and note it once.
Outcome DecideOf(const Matter& matter, const NoteMailSent& command) {
  const Application* application = FindApplication(matter.file, command.sent.application());
  if (application == nullptr) return DecidedEvents();
  for (const auto& mail : application->mails()) {
    if (mail.kind() != command.sent.kind() || mail.number() != command.sent.number()) continue;
    CardEvent event;
    *event.mutable_mail_sent() = command.sent;
    return matter.One(std::move(event));
  }
  return DecidedEvents();
}

Outcome DecideOf(const Matter& matter, const Renew& command) {
  auto card = CheckCard(matter, CardCommand::kRenew, command.card, command.actor);
  if (!card.ok()) return card.status();
  const Day until = *calendar::ToDay((*card)->valid_until());
  if (matter.Today() < RenewableFrom(until)) return refusals::RenewalTooEarly();
  SubmitApplication submission = command.application;
  submission.submitted.set_replaces_card(command.card);
  submission.submitted.set_purpose(events::v1::APPLICATION_PURPOSE_RENEWAL);
  return Submit(matter, submission, command.card);
}

namespace {

bool Fits(events::v1::ReissueGround ground, v1::Card::State state) {
  switch (ground) {
    case events::v1::REISSUE_GROUND_LOST:
      return state == v1::Card::STATE_SUSPENDED;
    case events::v1::REISSUE_GROUND_EXPIRED:
      return state == v1::Card::STATE_EXPIRED;
    case events::v1::REISSUE_GROUND_NUMBER_CHANGED:
    case events::v1::REISSUE_GROUND_REVOKED:
      return state == v1::Card::STATE_REVOKED || state == v1::Card::STATE_RETURNED ||
             state == v1::Card::STATE_DESTROYED;
    default:
      return state == v1::Card::STATE_IN_USE;
  }
}

// Lost or damaged by the holder, or left to lapse: the holder pays (domain.md C.6).
bool CostsAFee(events::v1::ReissueGround ground) {
  return ground == events::v1::REISSUE_GROUND_LOST || ground == events::v1::REISSUE_GROUND_DAMAGED ||
         ground == events::v1::REISSUE_GROUND_EXPIRED || ground == events::v1::REISSUE_GROUND_REVOKED;
}

events::v1::RevocationGround EndOf(events::v1::ReissueGround ground) {
  if (ground == events::v1::REISSUE_GROUND_LOST) return events::v1::REVOCATION_GROUND_LOST;
  if (ground == events::v1::REISSUE_GROUND_FAULTY) return events::v1::REVOCATION_GROUND_FAULTY;
  return events::v1::REVOCATION_GROUND_REPLACED_BY_ANOTHER;
}

}  // namespace

Outcome DecideOf(const Matter& matter, const Reissue& command) {
  auto card = CheckCard(matter, CardCommand::kReissue, command.card, command.actor);
  if (!card.ok()) return card.status();
  SubmitApplication submission = command.application;
  ApplicationSubmitted& submitted = submission.submitted;
  const events::v1::ReissueGround ground = submitted.reissue_ground();
  if (!Fits(ground, StateOf(**card))) return refusals::ReissueNotNeeded();
  const bool has_receipt = !submitted.police_receipt().empty() || !(*card)->police_receipt().empty();
  if (ground == events::v1::REISSUE_GROUND_LOST && !has_receipt && !command.lost_at_home) {
    return refusals::PoliceReceiptMissing();
  }
  if (CostsAFee(ground)) {
    if (submitted.fee_receipt().empty()) return refusals::FeeReceiptMissing();
    const bool is_express = submitted.express_ground() != events::v1::EXPRESS_GROUND_UNSPECIFIED;
    submitted.set_fee_yen(is_express ? kExpressReissueFeeYen : kReissueFeeYen);
  }
  submitted.set_replaces_card(command.card);
  submitted.set_purpose(events::v1::APPLICATION_PURPOSE_REISSUE);
  Outcome outcome = Submit(matter, submission, command.card);
  if (outcome.ok() && !IsFinal(**card)) matter.Add(Revoked(command.card, EndOf(ground), command.actor), &*outcome);
  return outcome;
}

}  // namespace mynumber::card
