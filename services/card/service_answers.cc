#include "services/card/service_answers.h"

#include "google/protobuf/util/time_util.h"
#include "libs/calendar/date.h"
#include "libs/identifiers/card_serial.h"
#include "libs/identifiers/utf8.h"
#include "services/card/domain/state_standing.h"

namespace mynumber::card {
namespace {

using eventsourcing::Position;
using eventsourcing::SubjectId;
using google::protobuf::util::TimeUtil;

std::string MaskedSerial(const rows::v1::Card& card) {
  const auto serial = identifiers::CardSerial::Parse(card.ordered().serial());
  return serial.ok() ? serial->Masked() : std::string();
}

template <class Answer>
void FillCertificates(const rows::v1::Card& card, int64_t now_micros, Answer* answer) {
  for (const auto& one : card.certificates()) {
    v1::CertificateStatus* status = answer->add_certificates();
    status->set_certificate(one.validity().certificate());
    *status->mutable_valid_until() = one.validity().valid_until();
    status->set_usable(IsUsable(card, one, now_micros));
  }
}

template <class Answer>
void FillPosition(const Position* position, Answer* answer) {
  if (position != nullptr) answer->set_position(eventsourcing::FormatPosition(*position));
}

void FillLoss(const rows::v1::Card& card, v1::Card* answer) {
  if (!card.has_suspension()) return;
  *answer->mutable_suspension() = card.suspension().suspended();
  *answer->mutable_suspend_time() = TimeUtil::MicrosecondsToTimestamp(card.suspension().since_micros());
  answer->set_found(card.suspension().found());
}

bool IsSpace(uint32_t character) { return character == ' ' || character == 0x3000; }

}  // namespace

const std::string& MunicipalityOfCard(const rows::v1::HolderFile& file, const rows::v1::Card& card) {
  return card.issued_micros() != 0 ? file.person().municipality_code() : card.municipality_code();
}

void FillApplication(const rows::v1::CardState& state, const SubjectId& resident,
                     const rows::v1::Application& application, const Position* position, v1::Application* answer) {
  answer->set_name(FormatApplicationName({resident, application.number()}));
  answer->set_state(StateOf(application));
  answer->set_version(state.version());
  answer->set_municipality_code(state.file().person().municipality_code());
  answer->set_way(application.way());
  const auto purpose = application.submitted().purpose();
  answer->set_purpose(purpose == events::v1::APPLICATION_PURPOSE_UNSPECIFIED ? events::v1::APPLICATION_PURPOSE_FIRST
                                                                             : purpose);
  *answer->mutable_defects() = application.defects();
  if (application.received_micros() != 0) {
    *answer->mutable_receive_time() = TimeUtil::MicrosecondsToTimestamp(application.received_micros());
  }
  if (application.card() != 0) answer->set_card(FormatCardName({resident, application.card()}));
  if (StateOf(application) == v1::Application::STATE_STARTED) {
    *answer->mutable_link_expire_time() = TimeUtil::MicrosecondsToTimestamp(application.link().expires_micros());
  }
  FillPosition(position, answer);
}

void FillCard(const rows::v1::CardState& state, const SubjectId& resident, const rows::v1::Card& card,
              int64_t now_micros, const Position* position, v1::Card* answer) {
  answer->set_name(FormatCardName({resident, card.ordered().card()}));
  answer->set_state(StateOf(card));
  answer->set_version(state.version());
  answer->set_municipality_code(MunicipalityOfCard(state.file(), card));
  answer->set_masked_serial(MaskedSerial(card));
  *answer->mutable_valid_until() = card.valid_until();
  answer->set_limit(card.limit());
  FillCertificates(card, now_micros, answer);
  *answer->mutable_locked_pins() = card.locked_pins();
  answer->set_is_health_insurance_card(card.is_health_insurance_card());
  if (card.has_pick_up_by()) *answer->mutable_pick_up_by() = card.pick_up_by();
  FillLoss(card, answer);
  answer->set_revocation_ground(card.revoked_ground());
  if (const auto due = NextDue(card)) {
    *answer->mutable_due_date() = calendar::ToDate(due->day);
    answer->set_due_kind(due->kind);
  }
  if (card.issued_micros() != 0) {
    *answer->mutable_issue_time() = TimeUtil::MicrosecondsToTimestamp(card.issued_micros());
  }
  FillPosition(position, answer);
}

void FillStatus(const SubjectId& resident, const rows::v1::Card& card, int64_t now_micros, const Position* position,
                v1::CardStatus* answer) {
  answer->set_name(FormatCardName({resident, card.ordered().card()}));
  answer->set_state(StateOf(card));
  answer->set_usable(IsUsable(card, now_micros));
  FillCertificates(card, now_micros, answer);
  *answer->mutable_valid_until() = card.valid_until();
  const int64_t since = card.has_suspension() ? card.suspension().since_micros() : card.stage_micros();
  *answer->mutable_since() = TimeUtil::MicrosecondsToTimestamp(since);
  FillPosition(position, answer);
}

void FillErasedStatus(const NumberedName& name, const rows::v1::ErasedHolder& erased, const Position* position,
                      v1::CardStatus* answer) {
  answer->set_name(FormatCardName(name));
  answer->set_state(v1::Card::STATE_REVOKED);
  answer->set_usable(false);
  *answer->mutable_since() = TimeUtil::MicrosecondsToTimestamp(erased.erased_micros());
  FillPosition(position, answer);
}

void FillCandidate(const SubjectId& resident, const rows::v1::HolderFile& file, v1::Candidate* candidate) {
  candidate->set_resident(FormatResidentName(resident));
  candidate->set_masked_name(MaskedName(file.person().full_name()));
  candidate->set_municipality_code(file.person().municipality_code());
  candidate->set_has_code_word(!file.code_word_hash().empty());
  for (const rows::v1::Card& card : file.cards()) {
    if (IsFinal(card)) continue;
    v1::CandidateCard* one = candidate->add_cards();
    one->set_name(FormatCardName({resident, card.ordered().card()}));
    one->set_state(StateOf(card));
    one->set_masked_serial(MaskedSerial(card));
  }
}

std::string MaskedName(std::string_view name) {
  std::string masked;
  bool begins = true;
  for (size_t at = 0; at < name.size();) {
    const identifiers::CodePoint point = identifiers::DecodeUtf8(name, at);
    if (point.size == 0) return "**";
    if (IsSpace(point.value)) {
      begins = true;
    } else if (begins) {
      if (!masked.empty()) masked += ' ';
      masked.append(name.substr(at, static_cast<size_t>(point.size))).append("**");
      begins = false;
    }
    at += static_cast<size_t>(point.size);
  }
  return masked;
}

}  // namespace mynumber::card
