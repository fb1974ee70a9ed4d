#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_COMMAND_LINE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_COMMAND_LINE_H_

#include "services/mynumberctl/console.h"
#include "services/mynumberctl/exit_code.h"

namespace mynumber::mynumberctl {

// The whole program but for the process around it: reads the arguments, runs the command, gives what to end with.
ExitCode RunCommandLine(int argc, const char* const* argv, const Console& console);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_COMMAND_LINE_H_
