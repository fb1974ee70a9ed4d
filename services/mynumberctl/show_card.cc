#include "services/mynumberctl/show_card.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::card::events::v1;
using card::v1::Application;
using card::v1::Card;

std::string ShowState(Card::State state) { return ShowEnum(Card::State_Name(state), "STATE_"); }
std::string ShowState(Application::State state) { return ShowEnum(Application::State_Name(state), "STATE_"); }
std::string ShowKind(events::DeadlineKind kind) { return ShowEnum(events::DeadlineKind_Name(kind), "DEADLINE_KIND_"); }

std::string WordOf(std::string shown) {
  std::replace(shown.begin(), shown.end(), ' ', '-');
  return shown;
}

std::string ShowDue(const Card& card) {
  return card.has_due_date() ? absl::StrCat(ShowDate(card.due_date()), " ", ShowKind(card.due_kind())) : "";
}

template <class Certificates>
std::string ShowCertificates(const Certificates& certificates) {
  std::string text;
  for (const auto& one : certificates) {
    absl::StrAppend(&text, text.empty() ? "" : "; ",
                    ShowEnum(events::Certificate_Name(one.certificate()), "CERTIFICATE_"), " until ",
                    ShowDate(one.valid_until()), one.usable() ? "" : ", not usable");
  }
  return text;
}

std::string ShowDefects(const Application& application) {
  std::string text;
  for (const int defect : application.defects()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ",
                    ShowEnum(events::PhotoDefect_Name(static_cast<events::PhotoDefect>(defect)), "PHOTO_DEFECT_"));
  }
  return text;
}

}  // namespace

std::map<std::string, Card::State> CardStates() {
  std::map<std::string, Card::State> states;
  for (int state = 1; state <= Card::State_MAX; ++state) {
    states[WordOf(ShowState(static_cast<Card::State>(state)))] = static_cast<Card::State>(state);
  }
  return states;
}

std::map<std::string, Application::State> ApplicationStates() {
  std::map<std::string, Application::State> states;
  for (int state = 1; state <= Application::State_MAX; ++state) {
    states[WordOf(ShowState(static_cast<Application::State>(state)))] = static_cast<Application::State>(state);
  }
  return states;
}

void ShowCard(const Session& session, const Card& card) {
  if (session.json()) return session.PrintJson(card);
  Sheet sheet;
  sheet.Add("Card", card.name());
  sheet.Add("State", ShowState(card.state()));
  sheet.Add("Serial", card.masked_serial());
  sheet.Add("Municipality", ShowMunicipality(card.municipality_code()));
  sheet.Add("Valid until", ShowDate(card.valid_until()));
  sheet.Add("Certificates", ShowCertificates(card.certificates()));
  sheet.Add("Due", ShowDue(card));
  sheet.Add("Pick up by", ShowDate(card.pick_up_by()));
  sheet.Add("Suspended (JST)", ShowTime(card.suspend_time()));
  sheet.Add("Found", card.found() ? "yes" : "");
  sheet.Add("Issued (JST)", ShowTime(card.issue_time()));
  sheet.Add("Version", absl::StrCat(card.version()));
  sheet.Print(session.console.out);
}

void ShowCardStatus(const Session& session, const card::v1::CardStatus& status) {
  if (session.json()) return session.PrintJson(status);
  Sheet sheet;
  sheet.Add("Card", status.name());
  sheet.Add("Usable", status.usable() ? "yes" : "NO");
  sheet.Add("State", ShowState(status.state()));
  sheet.Add("Since (JST)", ShowTime(status.since()));
  sheet.Add("Valid until", ShowDate(status.valid_until()));
  sheet.Add("Certificates", ShowCertificates(status.certificates()));
  sheet.Print(session.console.out);
}

void ShowApplication(const Session& session, const Application& application) {
  if (session.json()) return session.PrintJson(application);
  Sheet sheet;
  sheet.Add("Application", application.name());
  sheet.Add("State", ShowState(application.state()));
  sheet.Add("Way", ShowEnum(events::ApplicationWay_Name(application.way()), "APPLICATION_WAY_"));
  sheet.Add("Municipality", ShowMunicipality(application.municipality_code()));
  sheet.Add("Received (JST)", ShowTime(application.receive_time()));
  sheet.Add("Link until (JST)", ShowTime(application.link_expire_time()));
  sheet.Add("Defects", ShowDefects(application));
  sheet.Add("Card", application.card());
  sheet.Add("Version", absl::StrCat(application.version()));
  sheet.Print(session.console.out);
}

Table CardTable() {
  return Table({{"CARD"},
                {"STATE"},
                {"VALID UNTIL", Align::kLeft, Fit::kDrop},
                {"DUE", Align::kLeft, Fit::kDrop}});
}
void AddCard(const Card& card, Table* table) {
  table->Add({card.name(), ShowState(card.state()), ShowDate(card.valid_until()), ShowDue(card)});
}

Table ApplicationTable() {
  return Table({{"APPLICATION"}, {"STATE"}, {"RECEIVED (JST)", Align::kLeft, Fit::kDrop}});
}
void AddApplication(const Application& application, Table* table) {
  table->Add({application.name(), ShowState(application.state()), ShowTime(application.receive_time())});
}

Table DeadlineTable() { return Table({{"DAY"}, {"WHAT"}, {"CARD"}}); }
void AddDeadline(const card::v1::ListDeadlinesResponse::Deadline& deadline, Table* table) {
  table->Add({ShowDate(deadline.day()), ShowKind(deadline.kind()), deadline.card()});
}

}  // namespace mynumber::mynumberctl
