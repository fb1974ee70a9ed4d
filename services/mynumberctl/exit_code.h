#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_EXIT_CODE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_EXIT_CODE_H_

namespace mynumber::mynumberctl {

// What the process ends with; README.md and --help say the same. Scripts rely on it: never renumbered.
enum class ExitCode : int {
  kDone = 0,
  kRefused = 1,      // refused, or differences found
  kUsage = 2,        // the command line or its input is not as it must be; nothing was sent
  kUnavailable = 3,  // the server cannot be reached or says "not now": safe to repeat
  kUnknown = 4,      // sent, and no answer came: `outcome` tells
  kInternal = 5,     // a fault of the server or of this program
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_EXIT_CODE_H_
