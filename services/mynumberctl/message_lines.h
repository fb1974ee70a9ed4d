#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_MESSAGE_LINES_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_MESSAGE_LINES_H_

// Messages that are kept in a file, one JSON line each.

#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/mynumberctl/session.h"

namespace mynumber::mynumberctl {

// Into the file of --file, opened as `mode` says; says it if they cannot be written.
template <typename Message>
ExitCode WriteLines(const Session& session, const std::string& file, std::ios::openmode mode,
                    const std::vector<Message>& messages) {
  std::ofstream out(file, mode);
  for (const Message& one : messages) out << ToJson(one, false) << '\n';
  if (!out.flush()) return session.Usage(absl::StrCat("cannot write ", file, ": name another with --file"));
  return ExitCode::kDone;
}

// The message of line n is (*messages)[n - 1]. `what`: what a line must be, for whoever gave another file.
template <typename Message>
ExitCode ReadLines(const Session& session, const std::string& file, const char* what, std::vector<Message>* messages) {
  std::ifstream in(file);
  if (!in) return session.Usage(absl::StrCat("cannot read ", file));
  std::string line;
  while (std::getline(in, line)) {
    if (google::protobuf::util::JsonStringToMessage(line, &messages->emplace_back()).ok()) continue;
    return session.Usage(absl::StrCat(file, ", line ", messages->size(), ": this is no ", what));
  }
  return ExitCode::kDone;
}

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_MESSAGE_LINES_H_
