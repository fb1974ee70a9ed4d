#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_H_

#include <google/protobuf/timestamp.pb.h>

#include <string>

#include "services/mynumberctl/session.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {

// "2016-04-01"; empty if there is none.
std::string ShowDate(const mynumber::type::Date& date);

// "2016-04-01 09:00:00" in Japan, which has no summer time; empty if there is none.
std::string ShowTime(const google::protobuf::Timestamp& time);

// The value's name in lower case without the enum's prefix: "registered".
std::string ShowEnum(const std::string& value_name, std::string_view prefix);

// "131016 東京都千代田区"; the code alone if no municipality has it.
std::string ShowMunicipality(const std::string& code);

// A resident on the console, all that the answer has: a sheet, or one JSON line.
void ShowResident(const Session& session, const v1::Resident& resident);

// The same of what a call answered, unless it was refused; its exit code.
ExitCode ShowIfDone(const Session& session, ExitCode code, const v1::Resident& resident);

// One line for each of several.
Table ResidentTable();
void AddResident(const v1::Resident& resident, Table* table);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_H_
