#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_FIELDS_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_FIELDS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/mynumberctl/console.h"
#include "services/mynumberctl/resident_row.h"

namespace mynumber::mynumberctl {

// What a command needs to know of a person: never on the command line, where other users and the shell's history see
// it.
struct Field {
  std::string name;    // member of the JSON object
  std::string prompt;  // what a person is asked
  bool required = true;  // at a prompt, an empty answer is asked again
};
using Fields = std::map<std::string, std::string>;

// Asks for each field if standard input is a terminal, else reads one JSON object of texts from it; members may be
// absent. The error says what is wrong with the input (INVALID_ARGUMENT).
absl::StatusOr<Fields> ReadFields(const Console& console, const std::vector<Field>& fields);

// The fields of ResidentDetails. `all_required`: false where an empty answer keeps what stands.
std::vector<Field> DetailsFields(bool all_required);

// Views into `fields`; absent ones are empty.
ResidentRow AsRow(const Fields& fields);

// One secret text: asked for without echo, or the first line of standard input.
absl::StatusOr<std::string> ReadSecret(const Console& console, const std::string& prompt);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_FIELDS_H_
