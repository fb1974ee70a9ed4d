#include "services/mynumberctl/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace mynumber::mynumberctl {

bool PrivateFile::Open(const Session& session, const std::string& path, const char* option) {
  path_ = path;
  if (path.empty()) return true;
  const int made = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const bool closed = made >= 0 && fchmod(made, 0600) == 0;  // it may have been there, and open to all
  if (made >= 0) close(made);
  if (closed) file_.open(path, std::ios::trunc | std::ios::binary);
  if (file_.is_open()) return true;
  session.Usage(absl::StrCat("cannot write ", path, ": name another with ", option));
  return false;
}

ExitCode PrivateFile::Close(const Session& session, ExitCode code) {
  if (path_.empty()) return code;
  file_.close();
  if (file_) return code;
  return session.Fail(
      Failure{ExitCode::kInternal, "", "", absl::StrCat("cannot write ", path_, ": make room, and run it again")});
}

}  // namespace mynumber::mynumberctl
