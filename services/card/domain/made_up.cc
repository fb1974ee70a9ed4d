#include "services/card/domain/made_up.h"

#include <cstdio>
#include <cstdlib>

#include "libs/calendar/date.h"
#include "mynumber/issuance/events/v1/events.pb.h"

namespace mynumber::card::made_up {
namespace {

Given GivenOf() {
  Given given;
  given.serial_for = [](std::string_view ten_free_digits, int card) {
    return std::string(ten_free_digits) + "0000000" + std::to_string(100 + card);
  };
  given.token_hash_for = [](const eventsourcing::SubjectId&, uint32_t application, uint32_t link) {
    return TokenHash(application, link);
  };
  return given;
}

}  // namespace

eventsourcing::SubjectId Resident(char letter) {
  return eventsourcing::SubjectId::FromBytes(std::string(16, letter));
}

events::v1::Person Hanako() {
  events::v1::Person person;
  person.set_full_name("見本 花子");
  person.set_name_kana("ミホン ハナコ");
  *person.mutable_birth_date() = Date(1990, 4, 1);
  person.set_address("架空町1-2-3");
  person.set_postal_code("1000001");
  person.set_municipality_code(kMunicipality);
  return person;
}

events::v1::Person Foreigner(const type::Date& period_of_stay_end) {
  events::v1::Person person = Hanako();
  person.set_full_name("EXAMPLE PERSON");
  person.set_residence_status(issuance::events::v1::RESIDENCE_STATUS_MID_TO_LONG_TERM);
  *person.mutable_period_of_stay_end() = period_of_stay_end;
  return person;
}

type::Actor Actor(const std::string& authority) {
  type::Actor actor;
  actor.set_authority(authority);
  actor.set_clerk_id("clerk-1");
  return actor;
}
type::Actor Clerk() { return Actor(std::string("municipality/") + kMunicipality); }
type::Actor OtherTownsClerk() { return Actor(std::string("municipality/") + kOtherMunicipality); }
type::Actor Operator() { return Actor("hotline"); }
type::Actor Factory() { return Actor("factory"); }

type::Date Date(int year, int month, int day) { return calendar::ToDate(calendar::Day(year, month, day)); }

int64_t Moment(int year, int month, int day, int hour, int minute) {
  return calendar::StartOfDayMicros(calendar::Day(year, month, day)) + (hour * 60 + minute) * int64_t{60'000'000};
}

RegisterHolder Registration(const events::v1::Person& person) {
  return {person, "5000000000", std::string(16, 'n'), std::string(16, 'k')};
}

PrintForm Form(const events::v1::Person& person, uint32_t form) {
  PrintForm print;
  print.form = form;
  print.printed.set_full_name(person.full_name());
  print.printed.set_address(person.address());
  return print;
}

SubmitApplication Submission(events::v1::ApplicationWay way, uint32_t application) {
  SubmitApplication submission;
  submission.application = application;
  auto& submitted = submission.submitted;
  submitted.set_way(way);
  submitted.set_purpose(events::v1::APPLICATION_PURPOSE_FIRST);
  if (way != events::v1::APPLICATION_WAY_COUNTER) submitted.set_form(1);
  submitted.mutable_photo()->set_digest(std::string(32, 'p'));
  if (way == events::v1::APPLICATION_WAY_PHOTO_BOOTH) submitted.set_payment_reference("booth-1");
  if (way == events::v1::APPLICATION_WAY_MAIL || way == events::v1::APPLICATION_WAY_COUNTER) {
    *submitted.mutable_actor() = Clerk();
    submitted.add_documents(events::v1::DOCUMENT_APPLICATION_FORM);
    submitted.set_return_envelope(true);
  }
  return submission;
}

IssueCard HandOver(uint32_t card) {
  return {card,
          {events::v1::DOCUMENT_PASSPORT},
          false,
          {events::v1::PIN_SIGNATURE, events::v1::PIN_AUTHENTICATION, events::v1::PIN_RESIDENT_REGISTER,
           events::v1::PIN_SURFACE_INPUT},
          false,
          Clerk()};
}

LiftSuspension Lift(uint32_t card) {
  return {card, true, {events::v1::DOCUMENT_PASSPORT}, "police-77", false, Clerk()};
}

SuspendCard Suspension(uint32_t card) {
  return {card, events::v1::SUSPENSION_REASON_LOST, "cases/1", Operator()};
}

std::string TokenHash(uint32_t application, uint32_t link) {
  return "token-" + std::to_string(application) + "-" + std::to_string(link);
}

Office::Office() : OnePartition(CardDomain{GivenOf()}, Moment(2026, 11, 27)) {}

void Office::Must(const Command& command, char letter) {
  const absl::Status status = Do(command, letter);
  if (status.ok()) return;
  std::fprintf(stderr, "what a test starts from was refused: %s\n", status.ToString().c_str());
  std::abort();
}

void Office::Register(char letter, const events::v1::Person& person) {
  Must(Registration(person), letter);
  Must(Form(person), letter);
  Must(PostForm{1}, letter);
}

void Office::Apply(char letter) {
  Must(StartApplication{1, events::v1::APPLICATION_WAY_SMARTPHONE, "hanako@example.jp"}, letter);
  const auto& application = *FileOf(letter).applications().rbegin();
  const uint32_t number = application.number();
  Must(ConfirmEmail{number, application.link().number(), application.link().token_hash()}, letter);
  Must(Submission(events::v1::APPLICATION_WAY_SMARTPHONE, number), letter);
}

void Office::Approve(uint32_t application, char letter) {
  Must(StartReview{application, Clerk()}, letter);
  Must(ReviewPhoto{application, {}, Clerk()}, letter);
}

void Office::Make(char letter) {
  if (states.count(std::string(16, letter)) == 0) Register(letter);
  Apply(letter);
  Approve(FileOf(letter).last_application(), letter);
  Must(OrderProduction{FileOf(letter).last_application()}, letter);
}

void Office::BringTo(v1::Card::State state, char letter) {
  using Card = v1::Card;
  Make(letter);
  if (state == Card::STATE_FAILED) return Must(RecordFailure{1, "chip", Factory()}, letter);
  if (state == Card::STATE_IN_PRODUCTION) return;
  Must(RecordShipment{1, calendar::DateInTokyo(now_micros), Factory()}, letter);
  if (state == Card::STATE_SHIPPED) return;
  Must(RecordArrival{1, Clerk()}, letter);
  if (state == Card::STATE_ARRIVED) return;
  Must(SetUpCard{1, Clerk()}, letter);
  if (state == Card::STATE_SET_UP) return;
  Must(SendIssueNotice{1, Clerk()}, letter);
  if (state == Card::STATE_NOTICE_SENT) return;
  if (state == Card::STATE_HELD) return Must(Suspension(), letter);
  if (state == Card::STATE_DESTROYED) {
    return Must(DestroyCard{1, events::v1::DESTRUCTION_GROUND_FAULTY, "廃棄簿1", Clerk()}, letter);
  }
  if (state == Card::STATE_REMINDED) {
    PassTo(DueMicros({events::v1::DEADLINE_KIND_PICK_UP, *calendar::ToDay(CardOf(letter).pick_up_by())}));
    return Must(RemindOfPickUp{1, Clerk()}, letter);
  }
  Must(HandOver(), letter);
  if (state == Card::STATE_SUSPENDED) return Must(Suspension(), letter);
  if (state == Card::STATE_REVOKED) {
    return Must(RevokeCard{1, events::v1::REVOCATION_GROUND_REQUESTED, Clerk()}, letter);
  }
  if (state == Card::STATE_RETURNED) return Must(ReturnCard{1, Clerk()}, letter);
  if (state == Card::STATE_EXPIRED) PassTo(Moment(2040, 1, 1));
}

}  // namespace mynumber::card::made_up
