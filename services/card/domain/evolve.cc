#include "services/card/domain/evolve.h"

#include <algorithm>

#include "libs/calendar/date.h"
#include "services/card/domain/state_standing.h"

namespace mynumber::card {
namespace {

using events::v1::CardEvent;
using eventsourcing::EventMeta;
using rows::v1::Application;
using rows::v1::ApplicationStage;
using rows::v1::Card;
using rows::v1::CardState;
using rows::v1::HolderFile;

// ---- Whom it is about

void TakeStay(const events::v1::Person& person, rows::v1::Form* form) {
  if (form->has_printed() && person.has_period_of_stay_end()) {
    *form->mutable_printed()->mutable_period_of_stay_end() = person.period_of_stay_end();
  }
}

void Registered(const events::v1::HolderRegistered& event, HolderFile* file) {
  *file->mutable_person() = event.person();
  file->set_ten_free_digits(event.ten_free_digits());
  file->set_name_hash(event.name_hash());
  file->set_kana_hash(event.kana_hash());
  // The notice service's word of a form may be met first, and does not know of residence cards.
  for (rows::v1::Form& form : *file->mutable_forms()) TakeStay(event.person(), &form);
}

void Changed(const events::v1::HolderChanged& event, int64_t time_micros, HolderFile* file) {
  EvolveCardsOfChange(event, file->person(), time_micros, file);
  *file->mutable_person() = event.person();
  if (!event.name_hash().empty()) file->set_name_hash(event.name_hash());
  if (!event.kana_hash().empty()) file->set_kana_hash(event.kana_hash());
  if (event.change() == events::v1::HOLDER_CHANGE_RETURNED) file->set_departure(events::v1::DEPARTURE_UNSPECIFIED);
  if (event.change() == events::v1::HOLDER_CHANGE_MOVED) *file->mutable_moved_date() = event.day();
}

rows::v1::Form* FormOf(uint32_t number, HolderFile* file) {
  while (file->forms_size() < static_cast<int>(number)) file->add_forms();
  return file->mutable_forms(static_cast<int>(number) - 1);
}

void Missed(const events::v1::BirthDateMissed& event, int64_t time_micros, HolderFile* file) {
  rows::v1::Form* form = FormOf(event.form(), file);
  const type::Date today = calendar::DateInTokyo(time_micros);
  if (calendar::DayNumber(form->missed_date()) != calendar::DayNumber(today)) form->set_missed_times(0);
  *form->mutable_missed_date() = today;
  form->set_missed_times(form->missed_times() + 1);
}

// ---- Applications

bool HasEnded(const Application& application) {
  return application.stage() == rows::v1::APPLICATION_STAGE_WITHDRAWN || application.card() != 0;
}

// Rows do not grow for ever: the oldest that has ended goes.
void MakeRoom(HolderFile* file) {
  auto* all = file->mutable_applications();
  if (all->size() < kApplicationsMax) return;
  const auto ended = std::find_if(all->begin(), all->end(), HasEnded);
  all->erase(ended == all->end() ? all->begin() : ended);
}

Application* ApplicationOf(uint32_t number, HolderFile* file) {
  for (Application& one : *file->mutable_applications()) {
    if (one.number() == number) return &one;
  }
  MakeRoom(file);
  Application* one = file->add_applications();
  one->set_number(number);
  file->set_last_application(std::max(file->last_application(), number));
  return one;
}

void Stand(ApplicationStage stage, int64_t time_micros, Application* application) {
  application->set_stage(stage);
  application->set_stage_micros(time_micros);
}

void Enqueue(events::v1::MailKind kind, uint32_t number, Application* application) {
  if (application->email().empty()) return;
  auto* mail = application->add_mails();
  mail->set_application(application->number());
  mail->set_kind(kind);
  mail->set_number(number);
}

void TakeLink(const events::v1::Link& link, const std::string& email, int64_t time_micros, Application* application) {
  Stand(rows::v1::APPLICATION_STAGE_STARTED, time_micros, application);
  application->set_email(email);
  *application->mutable_link() = link;
  // Of several links the last one opens: nobody need get the others.
  auto* mails = application->mutable_mails();
  mails->erase(std::remove_if(mails->begin(), mails->end(),
                              [](const auto& mail) { return mail.kind() == events::v1::MAIL_KIND_LINK; }),
               mails->end());
  Enqueue(events::v1::MAIL_KIND_LINK, link.number(), application);
}

void Started(const events::v1::ApplicationStarted& event, int64_t time_micros, HolderFile* file) {
  Application* application = ApplicationOf(event.application(), file);
  application->set_form(event.form());
  application->set_way(event.way());
  TakeLink(event.link(), event.email(), time_micros, application);
}

void Submitted(const events::v1::ApplicationSubmitted& event, int64_t time_micros, HolderFile* file) {
  Application* application = ApplicationOf(event.application(), file);
  application->set_form(event.form());
  application->set_way(event.way());
  *application->mutable_submitted() = event;
  application->clear_defects();
  application->set_submissions(application->submissions() + 1);
  if (application->received_micros() == 0) application->set_received_micros(time_micros);
  Stand(rows::v1::APPLICATION_STAGE_RECEIVED, time_micros, application);
  Enqueue(events::v1::MAIL_KIND_RECEIVED, application->submissions(), application);
}

void FoundDefective(const events::v1::PhotoFoundDefective& event, int64_t time_micros, HolderFile* file) {
  Application* application = ApplicationOf(event.application(), file);
  Stand(rows::v1::APPLICATION_STAGE_DEFECT, time_micros, application);
  *application->mutable_defects() = event.defects();
  Enqueue(events::v1::MAIL_KIND_DEFECT, application->submissions(), application);
}

void Sent(const events::v1::MailSent& event, HolderFile* file) {
  auto* mails = ApplicationOf(event.application(), file)->mutable_mails();
  mails->erase(std::remove_if(mails->begin(), mails->end(),
                              [&](const auto& mail) {
                                return mail.kind() == event.kind() && mail.number() == event.number();
                              }),
               mails->end());
}

void Gone(const events::v1::HolderGone& event, int64_t time_micros, HolderFile* file) {
  file->set_departure(event.departure());
  for (Application& application : *file->mutable_applications()) {
    if (!HasEnded(application)) Stand(rows::v1::APPLICATION_STAGE_WITHDRAWN, time_micros, &application);
    application.clear_mails();
  }
}

// ---- Cards

void Ordered(const events::v1::ProductionOrdered& event, int64_t time_micros, HolderFile* file) {
  Application* application = ApplicationOf(event.application(), file);
  Stand(rows::v1::APPLICATION_STAGE_IN_PRODUCTION, time_micros, application);
  application->set_card(event.card());
  Card* card = file->add_cards();
  *card->mutable_ordered() = event;
  card->set_stage(rows::v1::CARD_STAGE_IN_PRODUCTION);
  card->set_stage_micros(time_micros);
  *card->mutable_valid_until() = event.valid_until();
  card->set_limit(event.limit());
  card->set_municipality_code(event.person().municipality_code());
  *card->mutable_made_date() = event.made_date();
  *card->mutable_received_date() = application->submitted().received_date();
}

// The application goes the card's way for as long as the public is told (domain.md C.1).
void MoveApplication(const CardEvent& event, const Card& card, int64_t time_micros, HolderFile* file) {
  for (Application& application : *file->mutable_applications()) {
    if (application.number() != card.ordered().application()) continue;
    if (event.has_card_shipped()) Stand(rows::v1::APPLICATION_STAGE_SHIPPED, time_micros, &application);
    if (event.has_production_failed()) {
      application.set_card(0);
      Stand(rows::v1::APPLICATION_STAGE_APPROVED, time_micros, &application);
    }
  }
}

// The number of the card that the event is of.
uint32_t CardOf(const CardEvent& event) {
  const auto* field = event.GetDescriptor()->FindFieldByNumber(event.event_case());
  if (field == nullptr) return 0;
  const auto& message = event.GetReflection()->GetMessage(event, field);
  const auto* number = message.GetDescriptor()->FindFieldByName("card");
  return number == nullptr ? 0 : message.GetReflection()->GetUInt32(message, number);
}

void OfCard(const CardEvent& event, const EventMeta& meta, HolderFile* file) {
  const uint32_t number = CardOf(event);
  if (number == 0 || number > static_cast<uint32_t>(file->cards_size())) return;
  Card* card = file->mutable_cards(static_cast<int>(number) - 1);
  EvolveCard(event, meta, card);
  MoveApplication(event, *card, meta.time_micros, file);
}

}  // namespace

void CardDomain::Evolve(const Event& event, const EventMeta& meta, State* state) const {
  const int64_t time = meta.time_micros;
  switch (event.event_case()) {
    case Event::kHolderRegistered:
      return Registered(event.holder_registered(), state->mutable_file());
    case Event::kHolderChanged:
      return Changed(event.holder_changed(), time, state->mutable_file());
    case Event::kHolderGone:
      return Gone(event.holder_gone(), time, state->mutable_file());
    case Event::kResidentErased:
      return state->mutable_erased()->set_erased_micros(time);
    case Event::kFormPrinted:
      *FormOf(event.form_printed().form(), state->mutable_file())->mutable_printed() = event.form_printed().printed();
      return;
    case Event::kFormReprinted:
      *FormOf(event.form_reprinted().form(), state->mutable_file())->mutable_printed() =
          event.form_reprinted().printed();
      return;
    case Event::kFormPosted:
      return FormOf(event.form_posted().form(), state->mutable_file())->set_is_posted(true);
    case Event::kCodeWordSet:
      return state->mutable_file()->set_code_word_hash(event.code_word_set().code_word_hash());
    case Event::kApplicationStarted:
      return Started(event.application_started(), time, state->mutable_file());
    case Event::kLinkRenewed: {
      Application* application = ApplicationOf(event.link_renewed().application(), state->mutable_file());
      return TakeLink(event.link_renewed().link(), event.link_renewed().email(), time, application);
    }
    case Event::kMailSent:
      return Sent(event.mail_sent(), state->mutable_file());
    case Event::kEmailConfirmed:
      return Stand(rows::v1::APPLICATION_STAGE_CONFIRMED, time,
                   ApplicationOf(event.email_confirmed().application(), state->mutable_file()));
    case Event::kApplicationSubmitted:
      return Submitted(event.application_submitted(), time, state->mutable_file());
    case Event::kApplicationWithdrawn:
      return Stand(rows::v1::APPLICATION_STAGE_WITHDRAWN, time,
                   ApplicationOf(event.application_withdrawn().application(), state->mutable_file()));
    case Event::kReviewStarted:
      return Stand(rows::v1::APPLICATION_STAGE_UNDER_REVIEW, time,
                   ApplicationOf(event.review_started().application(), state->mutable_file()));
    case Event::kPhotoFoundDefective:
      return FoundDefective(event.photo_found_defective(), time, state->mutable_file());
    case Event::kApplicationApproved:
      return Stand(rows::v1::APPLICATION_STAGE_APPROVED, time,
                   ApplicationOf(event.application_approved().application(), state->mutable_file()));
    case Event::kBirthDateMissed:
      return Missed(event.birth_date_missed(), time, state->mutable_file());
    case Event::kProductionOrdered:
      return Ordered(event.production_ordered(), time, state->mutable_file());
    case Event::kProductionFailed:
    case Event::kCardShipped:
    case Event::kCardArrived:
    case Event::kCardSetUp:
    case Event::kIssueNoticeSent:
    case Event::kPickUpReminded:
    case Event::kCardDestroyed:
    case Event::kCardIssued:
    case Event::kCardSuspended:
    case Event::kSuspensionLifted:
    case Event::kCardRevoked:
    case Event::kCardExpired:
    case Event::kCardReturned:
    case Event::kCardChangeRecorded:
    case Event::kUseContinued:
    case Event::kValidityExtended:
    case Event::kHealthInsuranceRegistered:
    case Event::kPinLocked:
    case Event::kPinUnlocked:
    case Event::kCertificateIssued:
    case Event::kCertificateRevoked:
    case Event::kLossReported:
    case Event::kCardFound:
    case Event::kDeadlinePassed:
      return OfCard(event, meta, state->mutable_file());
    case Event::kMunicipalitySet:
      *state->mutable_municipality() = event.municipality_set();
      return;
    case Event::EVENT_NOT_SET:
      return;
  }
}

std::string_view CardDomain::EventType(const Event& event) {
  const auto* field = Event::descriptor()->FindFieldByNumber(event.event_case());
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}

}  // namespace mynumber::card
