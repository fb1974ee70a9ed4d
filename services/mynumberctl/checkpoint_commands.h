#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_CHECKPOINT_COMMANDS_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_CHECKPOINT_COMMANDS_H_

#include <CLI/CLI.hpp>

#include <string>

#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {

struct ChainOptions {
  // As `log checkpoint --file` writes it.
  std::string file;
  // The public key that its signatures are to be by, in hexadecimal.
  std::string key;
};

// Folds the log of every partition that the file names, and says where it is not what was signed.
ExitCode VerifyChain(Session& session, const ChainOptions& options);

// log checkpoint.
void AddCheckpoint(CLI::App& log, Session& session);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_CHECKPOINT_COMMANDS_H_
