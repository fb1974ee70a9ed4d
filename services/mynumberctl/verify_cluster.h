#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_VERIFY_CLUSTER_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_VERIFY_CLUSTER_H_

#include <string>

#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {

// Has one instance fold one service's log afresh, with progress. Prints what went wrong.
ExitCode AskForReport(Session& session, const std::string& service, operations::VerifyReport* report);

// Every service at every instance that --server names, one after the other: each folds the log and compares it with its
// own rows; and whatever two instances have at one position must have the same history behind it.
ExitCode VerifyCluster(Session& session);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_VERIFY_CLUSTER_H_
