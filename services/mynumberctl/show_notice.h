#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_NOTICE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_NOTICE_H_

#include <string>

#include "services/mynumberctl/session.h"
#include "services/mynumberctl/table.h"

namespace mynumber::mynumberctl {

// "in custody".
std::string ShowState(notice::v1::Notice::State state);

// A notice on the console: a sheet and what the carrier reported, or one JSON line.
void ShowNotice(const Session& session, const notice::v1::Notice& notice);

// One line for each of several.
Table NoticeTable();
void AddNotice(const notice::v1::Notice& notice, Table* table);

// Something that needs a person.
Table WorkTable();
void AddWork(const notice::v1::Work& work, Table* table);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_SHOW_NOTICE_H_
