#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_LOAD_COMMAND_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_LOAD_COMMAND_H_

#include <string>

#include "services/mynumberctl/bulk_command.h"
#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {

struct LoadOptions {
  std::string file;     // "-": standard input
  std::string format;   // "csv" or "jsonl"; empty: by the file's name
  std::string results;  // empty: none
  std::string namespace_file;
  int rows_to_show = 0;
  BulkOptions bulk;  // but for who asks
};

// `resident register --file`: registers all rows of a file, shows progress, and reports the refused ones.
ExitCode LoadFile(Session& session, const LoadOptions& options);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_LOAD_COMMAND_H_
