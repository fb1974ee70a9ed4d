#include "services/hotline/service_answers.h"

#include "google/protobuf/util/time_util.h"
#include "services/hotline/domain/explain.h"
#include "services/hotline/domain/state_case.h"
#include "services/hotline/domain/validate.h"

namespace mynumber::hotline {
namespace {

google::protobuf::Timestamp Moment(int64_t micros) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(micros);
}

void FillSuspension(const rows::v1::Suspension& suspension, v1::Suspension* answer) {
  answer->set_card(suspension.requested().card());
  answer->set_state(StateOf(suspension));
  answer->set_reason(suspension.requested().reason());
  *answer->mutable_request_time() = Moment(suspension.requested_micros());
  if (suspension.has_took_effect()) {
    *answer->mutable_effect_time() = Moment(suspension.took_effect().effect_micros());
    answer->set_effect_position(suspension.took_effect().effect_position());
    answer->set_was_suspended(suspension.took_effect().was_suspended());
  }
  answer->set_refused_reason(suspension.refused().reason());
  answer->set_refused_sentence(suspension.refused().sentence());
}

v1::Line::Takes TakesOf(Takes takes) {
  switch (takes) {
    case Takes::kNothing:
      return v1::Line::TAKES_NOTHING;
    case Takes::kSuspensionsOnly:
      return v1::Line::TAKES_SUSPENSIONS_ONLY;
    case Takes::kAll:
      return v1::Line::TAKES_ALL;
  }
  return v1::Line::TAKES_UNSPECIFIED;
}

v1::Line::Subject SubjectOf(LineSubject subject) {
  switch (subject) {
    case LineSubject::kEverything:
      return v1::Line::SUBJECT_EVERYTHING;
    case LineSubject::kCardAndSuspension:
      return v1::Line::SUBJECT_CARD_AND_SUSPENSION;
    case LineSubject::kSystem:
      return v1::Line::SUBJECT_SYSTEM;
  }
  return v1::Line::SUBJECT_UNSPECIFIED;
}

void FillLine(const OpenLine& line, v1::Line* answer) {
  answer->set_number(std::string(line.number));
  answer->set_language(std::string(line.language));
  answer->set_subject(SubjectOf(line.subject));
  answer->set_takes(TakesOf(line.takes));
  if (line.until_micros) *answer->mutable_until() = Moment(*line.until_micros);
  if (line.opens_next_micros) *answer->mutable_opens_next() = Moment(*line.opens_next_micros);
  answer->set_takes_suspensions(line.takes_suspensions());
}

}  // namespace

void FillCase(const rows::v1::CaseState& state, const eventsourcing::SubjectId& id,
              const eventsourcing::Position* position, bool with_notes, v1::Case* answer) {
  answer->set_name(FormatCaseName(id));
  answer->set_state(StateOf(state));
  answer->set_version(state.version());
  answer->set_language(state.opened().language());
  answer->set_caller_kind(state.opened().caller_kind());
  *answer->mutable_open_time() = Moment(state.opened_micros());
  answer->set_resident(state.identified().resident());
  for (std::string& card : CardsOf(state)) answer->add_cards(std::move(card));
  answer->set_failures(state.failures());
  answer->set_identification_blocked(IsBlocked(state));
  for (const auto& suspension : state.suspensions()) FillSuspension(suspension, answer->add_suspensions());
  for (const auto& report : state.police_reports()) answer->add_police_receipts(report.receipt_number());
  for (const auto& note : state.notes()) {
    if (!with_notes) break;
    auto* shown = answer->add_notes();
    shown->set_clerk_id(note.actor().clerk_id());
    shown->set_text(note.text());
    *shown->mutable_time() = Moment(note.written_micros());
  }
  if (state.has_closed()) *answer->mutable_close_time() = Moment(state.closed_micros());
  if (position != nullptr) answer->set_position(eventsourcing::FormatPosition(*position));
}

void FillLines(int64_t micros, std::string_view language, const OpenLines& open, v1::GetOpenLinesResponse* answer) {
  *answer->mutable_time() = Moment(micros);
  answer->set_language(std::string(language));
  for (const OpenLine& line : open.lines) FillLine(line, answer->add_lines());
  for (const OpenLine& line : open.suspension_lines) FillLine(line, answer->add_suspension_lines());
  answer->set_suspension_in_language(open.suspension_in_language);
  const Sentences sentences = ExplainLines(open);
  answer->set_sentence_ja(sentences.ja);
  answer->set_sentence_en(sentences.en);
}

void FillInEffect(const events::v1::SuspensionTookEffect& took_effect, v1::SuspendCardResponse* answer) {
  answer->set_state(v1::Suspension::STATE_IN_EFFECT);
  answer->set_in_effect(true);
  *answer->mutable_effect_time() = Moment(took_effect.effect_micros());
  answer->set_effect_position(took_effect.effect_position());
  answer->set_was_suspended(took_effect.was_suspended());
  const Sentences sentences = ExplainInEffect(took_effect.was_suspended());
  answer->set_sentence_ja(sentences.ja);
  answer->set_sentence_en(sentences.en);
}

void FillNotYetInEffect(v1::SuspendCardResponse* answer) {
  answer->set_state(v1::Suspension::STATE_NOT_YET_IN_EFFECT);
  const Sentences sentences = ExplainNotYetInEffect();
  answer->set_sentence_ja(sentences.ja);
  answer->set_sentence_en(sentences.en);
}

}  // namespace mynumber::hotline
