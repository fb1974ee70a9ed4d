#include "services/mynumberctl/show_hotline.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/mynumberctl/display_text.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

using hotline::v1::Case;
using hotline::v1::Line;
using hotline::v1::Suspension;

std::string ShowState(Case::State state) { return ShowEnum(Case::State_Name(state), "STATE_"); }

std::string ShowOutcome(const Suspension& suspension) {
  if (!suspension.refused_sentence().empty()) return Printable(suspension.refused_sentence());
  return suspension.was_suspended() ? "was suspended before" : "";
}

void PrintSuspensions(const Session& session, const Case& shown) {
  if (shown.suspensions().empty()) return;
  Table table({{"CARD"}, {"STATE"}, {"IN EFFECT (JST)"}, {"REMARK", Align::kLeft, Fit::kCut}});
  for (const Suspension& suspension : shown.suspensions()) {
    table.Add({suspension.card(), ShowEnum(Suspension::State_Name(suspension.state()), "STATE_"),
               ShowTime(suspension.effect_time()), ShowOutcome(suspension)});
  }
  session.console.out << '\n';
  table.Print(session.console.out, session.console.out_columns());
}

void PrintNotes(const Session& session, const Case& shown) {
  if (shown.notes().empty()) return;
  Table table({{"WHEN (JST)"}, {"OPERATOR"}, {"NOTE", Align::kLeft, Fit::kWrap}});
  for (const auto& note : shown.notes()) {
    table.Add({ShowTime(note.time()), Printable(note.clerk_id()), Printable(note.text())});
  }
  session.console.out << '\n';
  table.Print(session.console.out, session.console.out_columns());
}

}  // namespace

mynumber::type::Actor HotlineActor(const Session& session) {
  mynumber::type::Actor actor = session.Actor();
  if (actor.authority().empty()) actor.set_authority("hotline");
  return actor;
}

const std::map<std::string, Case::State>& CaseStates() {
  static const auto* const kStates = [] {
    auto* states = new std::map<std::string, Case::State>();
    for (int state = Case::STATE_OPEN; state <= Case::State_MAX; ++state) {
      std::string word = ShowState(static_cast<Case::State>(state));
      std::replace(word.begin(), word.end(), ' ', '-');
      (*states)[word] = static_cast<Case::State>(state);
    }
    return states;
  }();
  return *kStates;
}

void ShowCase(const Session& session, const Case& shown) {
  if (session.json()) {
    session.PrintJson(shown);
    return;
  }
  Sheet sheet;
  sheet.Add("Case", shown.name());
  sheet.Add("State", ShowState(shown.state()));
  sheet.Add("Caller", ShowEnum(hotline::events::v1::CallerKind_Name(shown.caller_kind()), "CALLER_KIND_"));
  sheet.Add("Language", shown.language());
  sheet.Add("Resident", shown.resident());
  for (const std::string& card : shown.cards()) sheet.Add("Card", card);
  if (shown.failures() > 0) sheet.Add("Failures", absl::StrCat(shown.failures()));
  if (shown.identification_blocked()) sheet.Add("Identification", "blocked");
  for (const std::string& receipt : shown.police_receipts()) sheet.Add("Police receipt", Printable(receipt));
  sheet.Add("Opened (JST)", ShowTime(shown.open_time()));
  sheet.Add("Closed (JST)", ShowTime(shown.close_time()));
  sheet.Print(session.console.out);
  PrintSuspensions(session, shown);
  PrintNotes(session, shown);
}

Table CaseTable() {
  return Table({{"CASE"},
                {"STATE"},
                {"CALLER", Align::kLeft, Fit::kDrop},
                {"LANGUAGE", Align::kLeft, Fit::kDrop},
                {"OPENED (JST)", Align::kLeft, Fit::kDrop}});
}

void AddCase(const Case& shown, Table* table) {
  table->Add({shown.name(), ShowState(shown.state()),
              ShowEnum(hotline::events::v1::CallerKind_Name(shown.caller_kind()), "CALLER_KIND_"), shown.language(),
              ShowTime(shown.open_time())});
}

Table CandidateTable() {
  return Table({{"RESIDENT"},
                {"NAME"},
                {"MUNICIPALITY", Align::kLeft, Fit::kDrop},
                {"CODE WORD", Align::kLeft, Fit::kDrop},
                {"CARDS", Align::kLeft, Fit::kWrap}});
}

void AddCandidate(const card::v1::Candidate& candidate, Table* table) {
  std::string cards;
  for (const auto& one : candidate.cards()) {
    absl::StrAppend(&cards, cards.empty() ? "" : ", ", one.name(), " ", one.masked_serial());
  }
  table->Add({candidate.resident(), Printable(candidate.masked_name()),
              ShowMunicipality(candidate.municipality_code()), candidate.has_code_word() ? "set" : "", cards});
}

Table LineTable() {
  return Table({{"NUMBER"}, {"LANGUAGE"}, {"TAKES NOW"}, {"UNTIL (JST)"}, {"ALL CALLS FROM (JST)"}});
}

void AddLine(const Line& line, Table* table) {
  table->Add({line.number(), line.language(), ShowEnum(Line::Takes_Name(line.takes()), "TAKES_"),
              ShowTime(line.until()), ShowTime(line.opens_next())});
}

}  // namespace mynumber::mynumberctl
