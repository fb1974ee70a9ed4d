#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_PRIVATE_FILE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_PRIVATE_FILE_H_

#include <fstream>
#include <string>

#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {

// A result that may hold personal data: its owner alone can read it.
class PrivateFile {
 public:
  // Begins it anew; an empty path opens none. False after having said that it cannot be written, and that `option`
  // names another.
  bool Open(const Session& session, const std::string& path, const char* option);
  // Null if none is open.
  std::ostream* out() { return file_.is_open() ? &file_ : nullptr; }
  // `code`, or another after having said that it did not fit.
  ExitCode Close(const Session& session, ExitCode code);

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_PRIVATE_FILE_H_
