#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_HOTLINE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_HOTLINE_H_

#include <map>
#include <string>

#include "services/mynumberctl/session.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {

// The hotline asks, unless another authority is named.
mynumber::type::Actor HotlineActor(const Session& session);

// Words as they are typed: "suspension-pending".
const std::map<std::string, hotline::v1::Case::State>& CaseStates();

// A case on the console: a sheet, its suspensions and notes, or one JSON line.
void ShowCase(const Session& session, const hotline::v1::Case& shown);

// One line for each of several.
Table CaseTable();
void AddCase(const hotline::v1::Case& shown, Table* table);
Table CandidateTable();
void AddCandidate(const card::v1::Candidate& candidate, Table* table);
Table LineTable();
void AddLine(const hotline::v1::Line& line, Table* table);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_HOTLINE_H_
