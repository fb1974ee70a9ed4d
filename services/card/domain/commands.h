#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_COMMANDS_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_COMMANDS_H_

// What may be asked. Contents have been validated (validate.h); what is right only in a certain state is decided.
// Private to this service: may change any day. Forms, applications and cards count from 1. The subject is the resident,
// but for SetMunicipality.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mynumber/card/events/v1/events.pb.h"
#include "mynumber/type/type.pb.h"

namespace mynumber::card {

// ---- From number issuance's and the notice service's events.

struct RegisterHolder {
  events::v1::Person person;
  std::string ten_free_digits;
  std::string name_hash;
  std::string kana_hash;
};
struct ChangeHolder {
  events::v1::HolderChange change = events::v1::HOLDER_CHANGE_UNSPECIFIED;
  // Complete; of a move only address, postal code and municipality are set.
  events::v1::Person person;
  std::optional<type::Date> day;
  std::string name_hash;
  std::string kana_hash;
};
struct EndHolder {
  events::v1::Departure departure = events::v1::DEPARTURE_UNSPECIFIED;
};
// The number or the record code is another one.
struct EndCards {
  events::v1::RevocationGround ground = events::v1::REVOCATION_GROUND_UNSPECIFIED;
};
// The resident's data must go.
struct EraseResident {};
struct PrintForm {
  uint32_t form = 0;
  events::v1::PrintedPerson printed;
};
struct ReprintForm {
  events::v1::PrintedPerson printed;
};
struct PostForm {
  uint32_t form = 0;
};

// ---- Applications.

struct StartApplication {
  uint32_t form = 0;
  events::v1::ApplicationWay way = events::v1::APPLICATION_WAY_UNSPECIFIED;
  std::string email;
};
struct ConfirmEmail {
  uint32_t application = 0;
  uint32_t link = 0;
  std::string token_hash;
};
// Of a photo booth, by mail or at the counter an application of its own; else one that was started. `submitted` has all
// but the application's number.
struct SubmitApplication {
  uint32_t application = 0;
  events::v1::ApplicationSubmitted submitted;
  // Of an express application: when its ground came about.
  std::optional<type::Date> ground_date;
};
struct WithdrawApplication {
  uint32_t application = 0;
  type::Actor actor;
};
struct StartReview {
  uint32_t application = 0;
  type::Actor actor;
};
struct ReviewPhoto {
  uint32_t application = 0;
  std::vector<events::v1::PhotoDefect> defects;
  type::Actor actor;
};
// A right birth date changes nothing.
struct AskStatus {
  uint32_t form = 0;
  type::Date birth_date;
};
struct NoteMailSent {
  events::v1::MailSent sent;
};

// ---- Cards; `actor` says by which channel.

struct OrderProduction {
  uint32_t application = 0;
};
struct RecordShipment {
  uint32_t card = 0;
  type::Date day;
  type::Actor actor;
};
struct RecordDelivery {
  uint32_t card = 0;
  type::Date day;
  type::Actor actor;
};
struct RecordFailure {
  uint32_t card = 0;
  std::string reason;
  type::Actor actor;
};
struct RecordArrival {
  uint32_t card = 0;
  type::Actor actor;
};
struct SetUpCard {
  uint32_t card = 0;
  type::Actor actor;
};
struct SendIssueNotice {
  uint32_t card = 0;
  type::Actor actor;
};
struct RemindOfPickUp {
  uint32_t card = 0;
  type::Actor actor;
};
struct DestroyCard {
  uint32_t card = 0;
  events::v1::DestructionGround ground = events::v1::DESTRUCTION_GROUND_UNSPECIFIED;
  std::string record;
  type::Actor actor;
};
struct IssueCard {
  uint32_t card = 0;
  std::vector<events::v1::Document> documents;
  bool to_agent = false;
  std::vector<events::v1::Pin> pins_set;
  bool without_signature_certificate = false;
  type::Actor actor;
};
struct RecordChange {
  uint32_t card = 0;
  events::v1::CardChange change = events::v1::CARD_CHANGE_UNSPECIFIED;
  type::Date changed_date;
  type::Actor actor;
};
struct ContinueUse {
  uint32_t card = 0;
  type::Date declared_move_out_date;
  type::Date moved_date;
  type::Date move_in_notified_date;
  bool pin_entered = false;
  type::Actor actor;
};
struct ExtendValidity {
  uint32_t card = 0;
  // None: the permission is pending.
  std::optional<type::Date> new_period_of_stay_end;
  type::Actor actor;
};
struct RegisterHealthInsurance {
  uint32_t card = 0;
  type::Actor actor;
};
struct LockPin {
  uint32_t card = 0;
  events::v1::Pin pin = events::v1::PIN_UNSPECIFIED;
  type::Actor actor;
};
struct UnlockPin {
  uint32_t card = 0;
  events::v1::Pin pin = events::v1::PIN_UNSPECIFIED;
  std::vector<events::v1::Document> documents;
  type::Actor actor;
};
struct IssueCertificate {
  uint32_t card = 0;
  events::v1::Certificate certificate = events::v1::CERTIFICATE_UNSPECIFIED;
  type::Actor actor;
};
struct RevokeCertificate {
  uint32_t card = 0;
  events::v1::Certificate certificate = events::v1::CERTIFICATE_UNSPECIFIED;
  type::Actor actor;
};
// `application.submitted` as of SubmitApplication; `card` is the one that it takes the place of.
struct Renew {
  uint32_t card = 0;
  SubmitApplication application;
  type::Actor actor;
};
struct Reissue {
  uint32_t card = 0;
  SubmitApplication application;
  bool lost_at_home = false;
  type::Actor actor;
};
struct SuspendCard {
  uint32_t card = 0;
  events::v1::SuspensionReason reason = events::v1::SUSPENSION_REASON_UNSPECIFIED;
  std::string case_name;
  type::Actor actor;
};
struct ReportLoss {
  uint32_t card = 0;
  std::string police_receipt;
  bool lost_at_home = false;
  type::Actor actor;
};
struct ReportFound {
  uint32_t card = 0;
  type::Actor actor;
};
struct LiftSuspension {
  uint32_t card = 0;
  bool person_present = false;
  std::vector<events::v1::Document> documents;
  std::string police_receipt;
  bool lost_at_home = false;
  type::Actor actor;
};
struct RevokeCard {
  uint32_t card = 0;
  events::v1::RevocationGround ground = events::v1::REVOCATION_GROUND_UNSPECIFIED;
  type::Actor actor;
};
struct ReturnCard {
  uint32_t card = 0;
  type::Actor actor;
};

struct SetCodeWord {
  // Empty: none any more.
  std::string code_word_hash;
  type::Actor actor;
};
// The subject is SettingsSubject of one partition.
struct SetMunicipality {
  std::string municipality_code;
  events::v1::MunicipalitySettings settings;
  type::Actor actor;
};

// ---- From the clock.

struct MeetDeadline {
  uint32_t card = 0;
  events::v1::DeadlineKind kind = events::v1::DEADLINE_KIND_UNSPECIFIED;
};

using Command =
    std::variant<RegisterHolder, ChangeHolder, EndHolder, EndCards, EraseResident, PrintForm, ReprintForm, PostForm,
                 StartApplication, ConfirmEmail, SubmitApplication, WithdrawApplication, StartReview, ReviewPhoto,
                 AskStatus, NoteMailSent, OrderProduction, RecordShipment, RecordDelivery, RecordFailure, RecordArrival,
                 SetUpCard, SendIssueNotice, RemindOfPickUp, DestroyCard, IssueCard, RecordChange, ContinueUse,
                 ExtendValidity, RegisterHealthInsurance, LockPin, UnlockPin, IssueCertificate, RevokeCertificate,
                 Renew, Reissue, SuspendCard, ReportLoss, ReportFound, LiftSuspension, RevokeCard, ReturnCard,
                 SetCodeWord, SetMunicipality, MeetDeadline>;

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_COMMANDS_H_
