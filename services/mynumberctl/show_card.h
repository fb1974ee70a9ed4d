#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_CARD_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_CARD_H_

#include <map>
#include <string>

#include "services/mynumberctl/session.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {

// Words as they are shown, with hyphens: "in-use", "under-review".
std::map<std::string, card::v1::Card::State> CardStates();
std::map<std::string, card::v1::Application::State> ApplicationStates();

// On the console: a sheet, or one JSON line.
void ShowCard(const Session& session, const card::v1::Card& card);
void ShowCardStatus(const Session& session, const card::v1::CardStatus& status);
void ShowApplication(const Session& session, const card::v1::Application& application);

// One line for each of several.
Table CardTable();
void AddCard(const card::v1::Card& card, Table* table);
Table ApplicationTable();
void AddApplication(const card::v1::Application& application, Table* table);
Table DeadlineTable();
void AddDeadline(const card::v1::ListDeadlinesResponse::Deadline& deadline, Table* table);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_CARD_H_
